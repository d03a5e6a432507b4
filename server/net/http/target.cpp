#include "net/http/target.hpp"

#include "base/encoding.hpp"
#include "net/http/headers.hpp"
#include "net/utf8.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace banter::net::http {

namespace {

/// Decoded once; nothing for a broken escape, a control character or bytes that are no UTF-8.
std::optional<std::string> decoded(std::string_view text) {
    auto plain = percent_decoded(text);
    if (!plain || !is_valid_utf8(*plain)) return std::nullopt;
    const bool clean = std::none_of(plain->begin(), plain->end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    if (!clean) return std::nullopt;
    return plain;
}

bool is_target_character(char c) {
    return c > 0x20 && c < 0x7f && c != '\\' && c != '#' && c != '"' && c != '<' && c != '>';
}

std::optional<Refusal> parse_path(std::string_view path, Request& request) {
    constexpr Refusal malformed{400, "the path is malformed"};
    path.remove_prefix(1);
    if (path.empty()) return std::nullopt;
    for (;;) {
        const std::size_t slash = path.find('/');
        const bool last = slash == std::string_view::npos;
        auto segment = decoded(path.substr(0, slash));
        if (!segment) return malformed;
        if (segment->empty() && !last) return malformed;
        if (*segment == "." || *segment == "..") return malformed;
        if (segment->find('/') != std::string::npos) return malformed;
        request.path.push_back(std::move(*segment));
        if (last) return std::nullopt;
        path.remove_prefix(slash + 1);
    }
}

std::optional<Refusal> parse_query(Request& request) {
    std::string_view query = request.raw_query;
    while (!query.empty()) {
        const std::size_t end = query.find('&');
        std::string pair(query.substr(0, end));
        query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
        if (pair.empty()) continue;
        std::replace(pair.begin(), pair.end(), '+', ' ');
        const std::size_t equals = pair.find('=');
        const bool has_value = equals != std::string::npos;
        auto name = percent_decoded(std::string_view(pair).substr(0, equals));
        auto value = percent_decoded(has_value ? std::string_view(pair).substr(equals + 1) : "");
        if (!name || !value || !is_valid_utf8(*name) || !is_valid_utf8(*value) ||
            name->find('\0') != std::string::npos || value->find('\0') != std::string::npos) {
            return Refusal{400, "the query is malformed"};
        }
        request.query.emplace_back(std::move(*name), std::move(*value));
    }
    return std::nullopt;
}

/// Cuts "http://host" off an absolute form. False: the form is another, or the host is another than
/// Host.
bool to_origin_form(std::string_view& target, std::string_view host) {
    const std::size_t scheme_end = target.find("://");
    if (scheme_end == std::string_view::npos) return false;
    const std::string_view scheme = target.substr(0, scheme_end);
    if (!equals_ignoring_case(scheme, "http") && !equals_ignoring_case(scheme, "https"))
        return false;
    target.remove_prefix(scheme_end + 3);
    const std::size_t authority_end = std::min(target.find_first_of("/?"), target.size());
    if (host.empty() || !equals_ignoring_case(target.substr(0, authority_end), host)) return false;
    target.remove_prefix(authority_end);
    return true;
}

}  // namespace

std::optional<Refusal> parse_target(const HeadFacts& facts, Request& request) {
    std::string_view target = facts.target;
    if (!std::all_of(target.begin(), target.end(), is_target_character)) {
        return Refusal{400, "the target holds a character that has to be escaped"};
    }
    if (target == "*") {
        if (facts.method != "OPTIONS") return Refusal{400, "the target * is for OPTIONS only"};
        request.target = "*";
        return std::nullopt;
    }
    if (target.front() != '/' && !to_origin_form(target, facts.host)) {
        return Refusal{400, "the target is neither a path nor a URL of this host"};
    }
    if (target.empty() || target.front() == '?') {
        request.target = "/";
    }
    request.target += target;
    const std::size_t question = request.target.find('?');
    if (question != std::string::npos) request.raw_query = request.target.substr(question + 1);
    if (auto refused = parse_path(std::string_view(request.target).substr(0, question), request)) {
        return refused;
    }
    return parse_query(request);
}

}  // namespace banter::net::http
