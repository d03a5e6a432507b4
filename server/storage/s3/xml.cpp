#include "storage/s3/xml.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace banter::s3 {

namespace {

bool is_space(char letter) {
    return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
}

bool is_name(char letter, bool first) {
    const bool alphabetic =
        (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_';
    const bool later =
        (letter >= '0' && letter <= '9') || letter == '-' || letter == '.' || letter == ':';
    return alphabetic || (!first && later);
}

/// What XML 1.0 allows in a document.
bool is_character(std::uint32_t code) {
    if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
    return code < 0xd800 || (code >= 0xe000 && code <= 0xfffd) ||
           (code >= 0x10000 && code <= 0x10ffff);
}

void append_utf8(std::string& out, std::uint32_t code) {
    const auto byte = [&](std::uint32_t value) { out += static_cast<char>(value); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xc0 | code >> 6);
        byte(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        byte(0xe0 | code >> 12);
        byte(0x80 | (code >> 6 & 0x3f));
        byte(0x80 | (code & 0x3f));
    } else {
        byte(0xf0 | code >> 18);
        byte(0x80 | (code >> 12 & 0x3f));
        byte(0x80 | (code >> 6 & 0x3f));
        byte(0x80 | (code & 0x3f));
    }
}

/// Appends what `&name;` stands for; false if that is nothing.
bool append_entity(std::string& out, std::string_view name) {
    constexpr std::pair<std::string_view, char> named[] = {
        {"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
    for (const auto& [known, letter] : named) {
        if (name != known) continue;
        out += letter;
        return true;
    }
    if (!name.starts_with('#')) return false;
    const bool hexadecimal = name.starts_with("#x");
    const char* digits = name.data() + (hexadecimal ? 2 : 1);
    const char* end = name.data() + name.size();
    std::uint32_t code = 0;
    const auto [stop, failure] = std::from_chars(digits, end, code, hexadecimal ? 16 : 10);
    if (failure != std::errc() || stop != end || !is_character(code)) return false;
    append_utf8(out, code);
    return true;
}

class Parser {
public:
    explicit Parser(std::string_view text) : left_(text) {}

    std::optional<XmlElement> document() {
        skip("\xef\xbb\xbf");
        skip_spaces();  // sent while S3 was thinking
        if (left_.starts_with("<?xml") && !skip_past("?>")) return std::nullopt;
        skip_spaces();
        XmlElement root;
        if (!element(root, 1)) return std::nullopt;
        skip_spaces();
        if (!left_.empty()) return std::nullopt;
        return root;
    }

private:
    bool skip(std::string_view what) {
        if (!left_.starts_with(what)) return false;
        left_.remove_prefix(what.size());
        return true;
    }
    bool skip_past(std::string_view what) {
        const std::size_t place = left_.find(what);
        if (place == std::string_view::npos) return false;
        left_.remove_prefix(place + what.size());
        return true;
    }
    bool skip_spaces() {
        const std::string_view before = left_;
        while (!left_.empty() && is_space(left_.front())) left_.remove_prefix(1);
        return left_.size() < before.size();
    }

    std::string_view name() {
        std::size_t size = 0;
        while (size < left_.size() && is_name(left_[size], size == 0)) ++size;
        const std::string_view found = left_.substr(0, size);
        left_.remove_prefix(size);
        return found;
    }

    /// Up to the ">" or "/>" of a tag.
    bool attributes() {
        while (skip_spaces() && !left_.starts_with('>') && !left_.starts_with('/')) {
            if (name().empty()) return false;
            skip_spaces();
            if (!skip("=")) return false;
            skip_spaces();
            if (!left_.starts_with('"') && !left_.starts_with('\'')) return false;
            const std::string_view quote = left_.substr(0, 1);
            left_.remove_prefix(1);
            if (!skip_past(quote)) return false;
        }
        return true;
    }

    bool element(XmlElement& out, std::size_t depth) {
        if (depth > xml_depth_max || ++elements_ > xml_elements_max || !skip("<")) return false;
        out.name = name();
        if (out.name.empty() || !attributes()) return false;
        if (skip("/>")) return true;
        return skip(">") && content(out, depth) && skip(out.name) && end_of_tag();
    }

    bool end_of_tag() {
        skip_spaces();
        return skip(">");
    }

    /// Up to and with the "</" that ends it.
    bool content(XmlElement& out, std::size_t depth) {
        for (;;) {
            if (!characters(out.text)) return false;
            if (skip("</")) return true;
            if (!element(out.children.emplace_back(), depth + 1)) return false;
        }
    }

    /// Up to the next "<".
    bool characters(std::string& out) {
        while (!left_.empty() && left_.front() != '<') {
            if (left_.front() != '&') {
                if (!is_character(static_cast<unsigned char>(left_.front()))) return false;
                out += left_.front();
                left_.remove_prefix(1);
                continue;
            }
            const std::size_t end = left_.find(';');
            // The longest is "&#x10ffff;".
            if (end == std::string_view::npos || end > 9) return false;
            if (!append_entity(out, left_.substr(1, end - 1))) return false;
            left_.remove_prefix(end + 1);
        }
        return !left_.empty();
    }

    std::string_view left_;
    std::size_t elements_ = 0;
};

}  // namespace

const XmlElement* XmlElement::find(std::string_view child) const {
    const auto found = std::find_if(children.begin(), children.end(), [&](const XmlElement& one) {
        return one.name == child;
    });
    return found == children.end() ? nullptr : &*found;
}

std::string_view XmlElement::text_of(std::string_view child) const {
    const XmlElement* found = find(child);
    return found == nullptr ? std::string_view() : std::string_view(found->text);
}

std::optional<XmlElement> parse_xml(std::string_view text) { return Parser(text).document(); }

std::string xml_escaped(std::string_view text) {
    std::string out;
    for (const char letter : text) {
        switch (letter) {
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '&': out += "&amp;"; break;
            default: out += letter;
        }
    }
    return out;
}

}  // namespace banter::s3
