#include "api/http/query.hpp"

#include "model/limits.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <charconv>
#include <span>
#include <string>
#include <utility>

namespace banter::api::http {

namespace {

Error bad(std::string_view name, const std::string& rest) {
    return {Errc::bad_request, std::string(name) + rest, {}};
}

/// Nothing for anything but digits without leading zeros.
std::optional<std::uint64_t> parse_number(std::string_view text) {
    const bool all_digits = std::all_of(text.begin(), text.end(), [](char letter) {
        return letter >= '0' && letter <= '9';
    });
    if (text.empty() || !all_digits || (text.size() > 1 && text.front() == '0'))
        return std::nullopt;
    std::uint64_t number = 0;
    const auto [last, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failure == std::errc() ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<Error> trouble_in_query(const net::http::Request& request, QueryNames known) {
    const bool takes_any = std::find(known.begin(), known.end(), any_name) != known.end();
    constexpr auto first = &std::pair<std::string, std::string>::first;
    for (std::size_t at = 0; at < request.query.size(); ++at) {
        const auto& [name, value] = request.query[at];
        if (!takes_any && std::find(known.begin(), known.end(), name) == known.end()) {
            return Error{
                Errc::unknown_field, "the query has a parameter that is not known here", {}};
        }
        const auto before = std::span(request.query).first(at);
        if (std::ranges::find(before, name, first) != before.end()) {
            return bad(name, " stands twice in the query");
        }
        if (!model::is_storable_text(value)) return bad(name, " is no valid text");
    }
    return std::nullopt;
}

Result<std::optional<std::uint64_t>> query_number(
    const net::http::Request& request,
    std::string_view name,
    std::uint64_t min,
    std::uint64_t max
) {
    const auto text = request.query_value(name);
    if (!text) return std::optional<std::uint64_t>();
    const auto number = parse_number(*text);
    if (!number || *number < min || *number > max) {
        return bad(
            name, " has to be a number from " + std::to_string(min) + " to " + std::to_string(max)
        );
    }
    return number;
}

Result<std::vector<model::Uuid>> query_uuids(
    const net::http::Request& request,
    std::string_view name,
    std::size_t count_max
) {
    std::string_view rest = request.query_value(name).value_or("");
    std::vector<model::Uuid> uuids;
    while (true) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        const auto uuid = model::parse_uuid(rest.substr(0, comma));
        if (!uuid) return bad(name, " has to be a list of UUIDs with commas between them");
        if (std::find(uuids.begin(), uuids.end(), *uuid) == uuids.end()) uuids.push_back(*uuid);
        if (uuids.size() > count_max) {
            const auto most = std::to_string(count_max);
            return Error{Errc::too_large, std::string(name) + " has at most " + most, {}};
        }
        if (comma == rest.size()) return uuids;
        rest.remove_prefix(comma + 1);
    }
}

Result<std::size_t> query_limit(const net::http::Request& request) {
    const auto limit = query_number(request, "limit", 1, model::limits::page_max);
    if (!limit) return limit.error();
    return limit->value_or(model::limits::page_default);
}

Result<model::PageRequest> query_page(const net::http::Request& request) {
    const auto limit = query_limit(request);
    if (!limit) return limit.error();
    model::PageRequest page;
    page.limit = *limit;
    if (const auto cursor = request.query_value("cursor")) page.cursor.emplace(*cursor);
    return page;
}

}  // namespace banter::api::http
