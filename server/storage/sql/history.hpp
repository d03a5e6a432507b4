// Reading the log back: pages of it by place, and what changed after a rev. Scripts over one
// snapshot.
#pragma once

#include "base/result.hpp"
#include "storage/cache.hpp"
#include "storage/message_store.hpp"
#include "storage/sql/database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace banter::sql {

/// Whether the answer can come from a thread's newest page as it is cached: a first join.
[[nodiscard]] bool is_cacheable(const storage::HistoryRequest& request);

struct HistoryPage {
    storage::History history;
    /// The newest page for the cache, as of the thread's rev in `history`, if it was read.
    std::optional<std::string> newest;
};

/// cached: the thread's newest page, used if its rev is the thread's.
[[nodiscard]] Task<Result<HistoryPage>> read_history(
    Connection& connection,
    storage::HistoryRequest request,
    storage::ThreadRule rule,
    std::optional<storage::CacheEntry> cached
);

[[nodiscard]] Task<Result<storage::History>> read_changes(
    Connection& connection,
    model::ThreadId thread,
    model::UserId viewer,
    model::Rev since,
    std::size_t bytes_max,
    storage::ThreadRule rule
);

[[nodiscard]] Task<std::vector<model::Message>> read_changed_between(
    Connection& connection,
    model::ThreadId thread,
    model::Rev after,
    model::Rev up_to
);

}  // namespace banter::sql
