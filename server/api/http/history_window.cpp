#include "api/http/history_window.hpp"

#include "api/http/query.hpp"
#include "api/wire/fields.hpp"
#include "api/wire/times.hpp"
#include "base/encoding.hpp"

#include <array>
#include <charconv>

namespace banter::api::http {

using storage::After;
using storage::Around;
using storage::AtTime;
using storage::Before;
using storage::HistoryPlace;
using storage::Newest;

namespace {

constexpr std::array<std::string_view, 5> places = {"before", "after", "around", "at", "cursor"};

Error bad(const char* detail) { return {Errc::bad_request, detail, {}}; }

/// "b" or "a" and a seq.
std::string cursor_of(char direction, model::Seq seq) {
    return base64url(direction + std::to_string(seq));
}

Result<HistoryPlace> read_cursor(std::string_view text) {
    const auto inside = from_base64url(text);
    const Error refused = bad("the cursor is none of this list");
    if (!inside || inside->size() < 2) return refused;
    model::Seq seq = 0;
    const char* end = inside->data() + inside->size();
    const auto [last, failure] = std::from_chars(inside->data() + 1, end, seq);
    if (failure != std::errc() || last != end || seq > wire::integer_max) return refused;
    if (inside->front() == 'b') return HistoryPlace(Before{seq});
    if (inside->front() == 'a') return HistoryPlace(After{seq});
    return refused;
}

template <typename Place>
Result<HistoryPlace> read_seq(
    const net::http::Request& request,
    std::string_view name,
    model::Seq min
) {
    const auto seq = query_number(request, name, min, wire::integer_max);
    if (!seq) return seq.error();
    return HistoryPlace(Place{**seq});
}

}  // namespace

Result<HistoryPlace> read_place(const net::http::Request& request) {
    std::optional<std::string_view> chosen;
    for (const std::string_view name : places) {
        if (!request.query_value(name)) continue;
        if (chosen) return bad("only one of before, after, around, at and cursor can be asked for");
        chosen = name;
    }
    if (!chosen) return HistoryPlace(Newest{});
    if (*chosen == "before") return read_seq<Before>(request, "before", 1);
    if (*chosen == "after") return read_seq<After>(request, "after", 0);
    if (*chosen == "around") return read_seq<Around>(request, "around", 1);
    if (*chosen == "cursor") return read_cursor(*request.query_value("cursor"));
    const auto time = wire::parse_time(*request.query_value("at"));
    if (!time) return bad("at has to be a time as in RFC 3339");
    return HistoryPlace(AtTime{*time});
}

std::optional<std::string> next_cursor(
    const HistoryPlace& place,
    const service::MessagesPage& page
) {
    if (page.messages.empty()) return std::nullopt;
    const bool forward =
        std::holds_alternative<After>(place) || std::holds_alternative<AtTime>(place);
    if (forward && page.more_after) return cursor_of('a', page.messages.back().seq);
    if (!forward && page.more_before) return cursor_of('b', page.messages.front().seq);
    return std::nullopt;
}

}  // namespace banter::api::http
