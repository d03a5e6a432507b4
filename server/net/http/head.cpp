#include "net/http/head.hpp"

#include "net/http/characters.hpp"
#include "net/http/headers.hpp"

#include <algorithm>
#include <charconv>

namespace banter::net::http {

namespace {

constexpr std::size_t method_bytes_max = 32;

/// Takes the text before the first `end` away from `text`; all of it if there is none.
std::string_view take_until(std::string_view& text, std::string_view end) {
    const std::size_t place = text.find(end);
    const std::string_view taken = text.substr(0, place);
    text.remove_prefix(place == std::string_view::npos ? text.size() : place + end.size());
    return taken;
}

/// `reg-name`, IPv4 or `[IPv6]`, and a port; nothing that a URL parser could read in two ways.
bool is_host(std::string_view host) {
    if (host.empty()) return false;
    if (host.front() == '[') {
        const std::size_t end = host.find(']');
        if (end == std::string_view::npos || end < 3) return false;
        for (const char c : host.substr(1, end - 1)) {
            const bool hex = is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            if (!hex && c != ':' && c != '.') return false;
        }
        host.remove_prefix(end + 1);
        if (host.empty()) return true;
    } else {
        const std::string_view name = host.substr(0, host.find(':'));
        const bool valid = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
            return is_digit(c) || is_letter(c) || c == '-' || c == '.' || c == '_';
        });
        if (!valid) return false;
        host.remove_prefix(name.size());
        if (host.empty()) return true;
    }
    if (host.front() != ':') return false;
    host.remove_prefix(1);
    unsigned port = 0;
    const auto [end, failure] = std::from_chars(host.data(), host.data() + host.size(), port);
    return failure == std::errc{} && end == host.data() + host.size() && port <= 65'535;
}

/// Collects the headers that decide about framing while the lines go by.
class HeadReader {
public:
    HeadReader(const Limits& limits, HeadFacts& facts) : limits_(limits), facts_(facts) {}

    std::optional<Refusal> read(std::string_view head) {
        if (auto refused = request_line(take_until(head, "\r\n"))) return refused;
        std::size_t count = 0;
        while (head != "\r\n") {
            if (++count > limits_.header_count_max) return Refusal{431, "too many headers"};
            if (auto refused = header_line(take_until(head, "\r\n"))) return refused;
        }
        return conclude();
    }

private:
    std::optional<Refusal> request_line(std::string_view line) {
        facts_.method = take_until(line, " ");
        if (!is_token(facts_.method) || facts_.method.size() > method_bytes_max) {
            return Refusal{400, "the method is malformed"};
        }
        facts_.target = take_until(line, " ");
        if (facts_.target.empty()) return Refusal{400, "the request line is malformed"};
        if (facts_.target.size() > limits_.target_bytes_max) {
            return Refusal{414, "the target is too long"};
        }
        return version(line);
    }

    std::optional<Refusal> version(std::string_view version) {
        const bool well_formed = version.size() == 8 && version.starts_with("HTTP/") &&
                                 is_digit(version[5]) && version[6] == '.' && is_digit(version[7]);
        if (!well_formed) return Refusal{400, "the request line is malformed"};
        if (version != "HTTP/1.1" && version != "HTTP/1.0") {
            return Refusal{505, "only HTTP/1.1 and HTTP/1.0 are spoken"};
        }
        facts_.minor_version = version[7] - '0';
        return std::nullopt;
    }

    std::optional<Refusal> header_line(std::string_view line) {
        // A line that begins with white space (obs-fold) has no token before its colon either.
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
            return Refusal{400, "a header's name is malformed"};
        }
        const std::string_view name = line.substr(0, colon);
        const std::string_view value = without_outer_space(line.substr(colon + 1));
        if (!std::all_of(value.begin(), value.end(), is_value_character)) {
            return Refusal{400, "a header's value holds a control character"};
        }
        return known_header(name, value);
    }

    std::optional<Refusal> known_header(std::string_view name, std::string_view value) {
        if (equals_ignoring_case(name, "host")) return host(value);
        if (equals_ignoring_case(name, "content-length")) return content_length(value);
        if (equals_ignoring_case(name, "transfer-encoding")) return transfer_encoding(value);
        if (equals_ignoring_case(name, "connection")) return connection(value);
        if (equals_ignoring_case(name, "expect")) return expect(value);
        return std::nullopt;
    }

    std::optional<Refusal> host(std::string_view value) {
        if (has_host_) return Refusal{400, "more than one Host"};
        has_host_ = true;
        if (!is_host(value)) return Refusal{400, "Host is malformed"};
        facts_.host = value;
        return std::nullopt;
    }

    std::optional<Refusal> content_length(std::string_view value) {
        if (has_length_) return Refusal{400, "more than one Content-Length"};
        has_length_ = true;
        if (value.empty() || !std::all_of(value.begin(), value.end(), is_digit)) {
            return Refusal{400, "Content-Length is not a number"};
        }
        const char* const end = value.data() + value.size();
        const auto [rest, failure] = std::from_chars(value.data(), end, facts_.framing.length);
        if (failure != std::errc{} || rest != end) return Refusal{413, "the body is too large"};
        return std::nullopt;
    }

    std::optional<Refusal> transfer_encoding(std::string_view value) {
        if (facts_.framing.chunked) return Refusal{400, "more than one Transfer-Encoding"};
        if (!equals_ignoring_case(value, "chunked")) {
            return Refusal{400, "the only Transfer-Encoding that is understood is chunked"};
        }
        facts_.framing.chunked = true;
        return std::nullopt;
    }

    std::optional<Refusal> connection(std::string_view value) {
        for_each_element(value, [this](std::string_view element) {
            says_close_ = says_close_ || equals_ignoring_case(element, "close");
            says_keep_alive_ = says_keep_alive_ || equals_ignoring_case(element, "keep-alive");
        });
        return std::nullopt;
    }

    std::optional<Refusal> expect(std::string_view value) {
        if (!equals_ignoring_case(value, "100-continue")) {
            return Refusal{417, "the only expectation that can be met is 100-continue"};
        }
        facts_.expects_continue = true;
        return std::nullopt;
    }

    std::optional<Refusal> conclude() {
        const bool current = facts_.minor_version == 1;
        if (current && !has_host_) return Refusal{400, "Host is missing"};
        if (facts_.framing.chunked && has_length_) {
            return Refusal{400, "Content-Length beside Transfer-Encoding"};
        }
        if (facts_.framing.chunked && !current) {
            return Refusal{400, "Transfer-Encoding in HTTP/1.0"};
        }
        facts_.keep_alive = !says_close_ && (current || says_keep_alive_);
        facts_.expects_continue = facts_.expects_continue && current;
        return std::nullopt;
    }

    const Limits& limits_;
    HeadFacts& facts_;
    bool has_host_ = false;
    bool has_length_ = false;
    bool says_close_ = false;
    bool says_keep_alive_ = false;
};

}  // namespace

std::optional<Refusal> check_head(std::string_view head, const Limits& limits, HeadFacts& facts) {
    return HeadReader(limits, facts).read(head);
}

bool has_bare_line_end(std::string_view head, std::size_t from) {
    for (std::size_t i = from; i < head.size(); ++i) {
        const char c = head[i];
        if (c == '\0') return true;
        if (c == '\n' && (i == 0 || head[i - 1] != '\r')) return true;
        if (c == '\r' && i + 1 < head.size() && head[i + 1] != '\n') return true;
    }
    return false;
}

}  // namespace banter::net::http
