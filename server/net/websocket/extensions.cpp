#include "net/websocket/extensions.hpp"

#include "net/http/characters.hpp"
#include "net/http/headers.hpp"

#include <optional>

namespace banter::net::websocket {

namespace {

/// Our compressor's window, which fits every agreement from here to 15.
constexpr int own_window_bits = 9;

struct Parameter {
    std::string_view name;
    std::optional<std::string_view> value;
};

struct Offer {
    std::string_view extension;
    std::vector<Parameter> parameters;
};

/// Reads `extension *( ";" parameter [ "=" value ] )`, comma-separated (RFC 6455 9.1). Quoted
/// values are legal there, but none of permessage-deflate's needs quotes; they make the line
/// unreadable to us.
class OfferReader {
public:
    explicit OfferReader(std::string_view line) : left_(line) {}

    /// False: the line is no such list.
    bool read(std::vector<Offer>& offers) {
        do {
            Offer offer;
            if (!token(offer.extension)) return false;
            while (take(';')) {
                Parameter parameter;
                if (!token(parameter.name)) return false;
                if (take('=') && !token(parameter.value.emplace())) return false;
                offer.parameters.push_back(parameter);
            }
            offers.push_back(std::move(offer));
        } while (take(','));
        return left_.empty();
    }

private:
    void skip_space() {
        while (!left_.empty() && (left_.front() == ' ' || left_.front() == '\t'))
            left_.remove_prefix(1);
    }

    bool take(char c) {
        skip_space();
        if (left_.empty() || left_.front() != c) return false;
        left_.remove_prefix(1);
        return true;
    }

    bool token(std::string_view& token) {
        skip_space();
        std::size_t size = 0;
        while (size < left_.size() && http::is_token_character(left_[size])) ++size;
        token = left_.substr(0, size);
        left_.remove_prefix(size);
        skip_space();
        return size > 0;
    }

    std::string_view left_;
};

/// 8 to 15 without a leading zero (RFC 7692 7.1.2); nothing for all else.
std::optional<int> window_bits(std::string_view text) {
    if (text.size() == 1 && (text == "8" || text == "9")) return text.front() - '0';
    if (text.size() == 2 && text[0] == '1' && text[1] >= '0' && text[1] <= '5')
        return 10 + text[1] - '0';
    return std::nullopt;
}

std::string answer_to(const Offer& offer) {
    bool server_takeover = false, client_takeover = false, server_bits = false, client_bits = false;
    for (const auto& [name, value] : offer.parameters) {
        bool* seen = nullptr;
        bool valid = false;
        if (name == "server_no_context_takeover") {
            seen = &server_takeover;
            valid = !value;
        } else if (name == "client_no_context_takeover") {
            seen = &client_takeover;
            valid = !value;
        } else if (name == "server_max_window_bits") {
            seen = &server_bits;
            // zlib can't keep to a window of 8 bits.
            valid = value && window_bits(*value).value_or(0) >= own_window_bits;
        } else if (name == "client_max_window_bits") {
            seen = &client_bits;
            valid = !value || window_bits(*value).has_value();
        }
        if (seen == nullptr || *seen || !valid) return {};
        *seen = true;
    }
    // Both "no takeover" may be given unasked (RFC 7692 7.1.1): they let one compressor serve all.
    constexpr std::string_view answer =
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
        "; server_max_window_bits=9";
    return std::string(server_bits ? answer : answer.substr(0, answer.rfind(';')));
}

}  // namespace

std::string negotiate_deflate(const std::vector<std::string_view>& offers) {
    std::vector<Offer> parsed;
    for (const std::string_view line : offers) {
        if (!OfferReader(line).read(parsed)) return {};
    }
    for (const Offer& offer : parsed) {
        if (!http::equals_ignoring_case(offer.extension, "permessage-deflate")) continue;
        std::string answer = answer_to(offer);
        if (!answer.empty()) return answer;
    }
    return {};
}

}  // namespace banter::net::websocket
