#include "storage/redis/options.hpp"

#include "base/encoding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <concepts>
#include <optional>
#include <utility>

namespace banter::redis {

namespace {

constexpr std::string_view plain = "redis://";
constexpr std::string_view encrypted = "rediss://";
constexpr std::string_view form = "redis://USER:PASSWORD@HOST:PORT/DATABASE";
constexpr std::uint16_t sentinel_port = 26379;

Error wrong(std::string text) { return Error{Errc::bad_request, std::move(text)}; }

template <std::unsigned_integral Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

/// Cuts off what stands before the first `mark`, which goes too; all, if there is none.
std::string_view cut(std::string_view& text, char mark) {
    const std::string_view before = text.substr(0, text.find(mark));
    text.remove_prefix(std::min(text.size(), before.size() + 1));
    return before;
}

bool is_host(std::string_view host, bool bracketed) {
    const std::string_view more = bracketed ? ":.%" : ".-_";
    return !host.empty() && std::all_of(host.begin(), host.end(), [more](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') || more.find(letter) != std::string_view::npos;
    });
}

/// HOST, HOST:PORT, [IPv6] or [IPv6]:PORT.
std::optional<Place> parse_place(std::string_view text, std::uint16_t usual_port) {
    Place place{.host = {}, .port = usual_port};
    const bool bracketed = text.starts_with('[');
    if (bracketed) {
        text.remove_prefix(1);
        if (text.find(']') == std::string_view::npos) return std::nullopt;
    }
    place.host = cut(text, bracketed ? ']' : ':');
    if (!is_host(place.host, bracketed)) return std::nullopt;
    if (bracketed && !text.empty()) {
        if (text.front() != ':') return std::nullopt;
        text.remove_prefix(1);
    }
    if (text.empty()) return place;
    const auto port = parse_number<std::uint16_t>(text);
    if (!port || *port == 0) return std::nullopt;
    place.port = *port;
    return place;
}

/// Returns what is wrong with them, or nothing.
std::string set_user(RedisOptions& options, std::string_view text) {
    const bool has_password = text.find(':') != std::string_view::npos;
    const auto user = percent_decoded(cut(text, ':'));
    const auto password = percent_decoded(text);
    if (!user || !password) {
        return "has a % in the user or password that is followed by no two hex digits: write it as "
               "%25";
    }
    if (!has_password) return "has a user without a password: write USER:PASSWORD@, or :PASSWORD@";
    options.user = *user;
    options.password = *password;
    return {};
}

std::string set_parameters(RedisOptions& options, std::string_view query) {
    while (!query.empty()) {
        std::string_view one = cut(query, '&');
        const std::string_view name = cut(one, '=');
        const auto value = percent_decoded(one);
        if (name != "sentinel" && name != "ca") {
            return fmt::format("has a parameter \"{}\"; there are sentinel and ca", name);
        }
        if (!value || value->empty()) return fmt::format("says nothing after {}=", name);
        (name == "ca" ? options.ca_file : options.sentinel) = *value;
    }
    if (!options.ca_file.empty() && !options.tls) return "names a ca, which only rediss:// needs";
    return {};
}

std::string set_places(RedisOptions& options, std::string_view hosts) {
    const std::uint16_t usual_port = options.sentinel.empty() ? Place().port : sentinel_port;
    if (hosts.empty() || hosts.ends_with(',')) return fmt::format("names no host: {}", form);
    while (!hosts.empty()) {
        const std::string_view one = cut(hosts, ',');
        const auto place = parse_place(one, usual_port);
        if (!place) {
            return fmt::format("has \"{}\" where a host belongs, with a port or without", one);
        }
        options.places.push_back(*place);
    }
    return {};
}

}  // namespace

std::string RedisOptions::shown() const {
    std::string text(tls ? encrypted : plain);
    for (const Place& place : places) {
        if (&place != &places.front()) text += ',';
        const bool bracketed = place.host.find(':') != std::string::npos;
        text += bracketed ? fmt::format("[{}]:{}", place.host, place.port)
                          : fmt::format("{}:{}", place.host, place.port);
    }
    return text;
}

Result<RedisOptions> parse_options(std::string_view url) {
    RedisOptions options;
    options.tls = url.starts_with(encrypted);
    if (!options.tls && !url.starts_with(plain)) {
        return wrong(fmt::format("has to begin with redis:// or rediss://, as in {}", form));
    }
    url.remove_prefix(options.tls ? encrypted.size() : plain.size());
    std::string_view rest = url;
    std::string_view before_query = cut(rest, '?');
    if (auto problem = set_parameters(options, rest); !problem.empty()) return wrong(problem);
    // A password may hold an unescaped @ or /: the last @ ends it.
    if (const std::size_t at = before_query.rfind('@'); at != std::string_view::npos) {
        auto problem = set_user(options, before_query.substr(0, at));
        if (!problem.empty()) return wrong(problem);
        before_query.remove_prefix(at + 1);
    }
    const std::string_view hosts = cut(before_query, '/');
    if (auto problem = set_places(options, hosts); !problem.empty()) return wrong(problem);
    if (before_query.empty()) return options;
    const auto database = parse_number<std::uint32_t>(before_query);
    if (!database) return wrong("has to end with the number of a database, as in /0, or with none");
    options.database = *database;
    return options;
}

}  // namespace banter::redis
