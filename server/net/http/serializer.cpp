#include "net/http/serializer.hpp"

#include "base/check.hpp"
#include "net/http/characters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <iterator>

namespace banter::net::http {

namespace {

/// 204 and 304 have no body, and no length of one (RFC 9110 8.6); so have the interim ones.
bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

bool is_own(std::string_view name) {
    return equals_ignoring_case(name, "content-length") ||
           equals_ignoring_case(name, "connection") || equals_ignoring_case(name, "date") ||
           equals_ignoring_case(name, "transfer-encoding");
}

}  // namespace

std::string serialize_head(const Response& response, const Delivery& delivery) {
    CHECK(response.status >= 200 && response.status <= 599);
    std::string out;
    out.reserve(256);
    auto at = std::back_inserter(out);
    fmt::format_to(at, "HTTP/1.1 {} {}\r\n", response.status, reason_phrase(response.status));
    for (const auto& [name, value] : response.headers) {
        CHECK(is_token(name));
        CHECK(!is_own(name));
        CHECK(std::all_of(value.begin(), value.end(), is_value_character));
        fmt::format_to(at, "{}: {}\r\n", name, value);
    }
    if (may_have_body(response.status)) {
        if (response.chunked()) {
            fmt::format_to(at, "Transfer-Encoding: chunked\r\n");
        } else {
            fmt::format_to(at, "Content-Length: {}\r\n", response.body_bytes());
        }
    } else {
        CHECK(response.body_bytes() == 0 && !response.chunked());
    }
    fmt::format_to(at, "Date: {}\r\n", http_date(delivery.now));
    fmt::format_to(at, "Connection: {}\r\n\r\n", delivery.keep_alive ? "keep-alive" : "close");
    return out;
}

std::string http_date(std::chrono::system_clock::time_point time) {
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    return fmt::format(
        "{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
        days[static_cast<std::size_t>(utc.tm_wday)],
        utc.tm_mday,
        months[static_cast<std::size_t>(utc.tm_mon)],
        utc.tm_year + 1900,
        utc.tm_hour,
        utc.tm_min,
        utc.tm_sec
    );
}

}  // namespace banter::net::http
