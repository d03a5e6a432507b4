// How many bytes of files a user has, and all have, as quotas count them.
#pragma once

#include "base/result.hpp"
#include "model/file_quota.hpp"
#include "model/id.hpp"
#include "storage/sql/connection.hpp"

#include <cstdint>
#include <optional>

namespace banter::sql {

/// The primary key, twice.
[[nodiscard]] Task<model::FileUsage> read_usage(Connection& connection, model::UserId user);

/// So many more, or fewer. The primary key, twice.
[[nodiscard]] Task<> count_usage(Connection& connection, model::UserId user, std::int64_t bytes);

/// storage_full if so many more would go beyond the quota. The primary key, twice.
[[nodiscard]] Task<std::optional<Error>> refused_usage(
    Connection& connection,
    model::FileQuota quota,
    model::UserId user,
    std::uint64_t bytes
);

}  // namespace banter::sql
