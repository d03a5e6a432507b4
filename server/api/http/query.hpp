// Values from a request's query, read strictly: a number is digits and nothing else. Pure.
#pragma once

#include "base/result.hpp"
#include "model/id.hpp"
#include "model/page.hpp"
#include "net/http/request.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace banter::api::http {

/// Names that a route knows.
using QueryNames = std::span<const std::string_view>;

/// Among the names that a route knows: others don't matter to it, as where a protocol says that
/// they are ignored.
inline constexpr std::string_view any_name = "*";

/// unknown_field for a name that is not among `known`; bad_request for one that stands twice, and
/// for what is no storable text.
[[nodiscard]] std::optional<Error> trouble_in_query(
    const net::http::Request& request,
    QueryNames known
);

/// Absent is nothing. bad_request unless it is decimal digits without leading zeros, from `min` to
/// `max`.
[[nodiscard]] Result<std::optional<std::uint64_t>> query_number(
    const net::http::Request& request,
    std::string_view name,
    std::uint64_t min,
    std::uint64_t max
);

/// A list of UUIDs with commas between them, each once. bad_request, or too_large for more than
/// `count_max`.
[[nodiscard]] Result<std::vector<model::Uuid>> query_uuids(
    const net::http::Request& request,
    std::string_view name,
    std::size_t count_max
);

template <typename Id>
[[nodiscard]] Result<std::vector<Id>> query_ids(
    const net::http::Request& request,
    std::string_view name,
    std::size_t count_max
) {
    const auto uuids = query_uuids(request, name, count_max);
    if (!uuids) return uuids.error();
    std::vector<Id> ids;
    for (const model::Uuid& uuid : *uuids) ids.push_back(Id{uuid});
    return ids;
}

/// `limit`: 1 to limits::page_max.
[[nodiscard]] Result<std::size_t> query_limit(const net::http::Request& request);

/// `limit` and `cursor`.
[[nodiscard]] Result<model::PageRequest> query_page(const net::http::Request& request);

}  // namespace banter::api::http
