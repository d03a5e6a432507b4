#include "model/text.hpp"

#include "model/code_point.hpp"
#include "model/limits.hpp"

#include <algorithm>
#include <cstdint>

namespace banter::model {

namespace {

/// Length of the well-formed sequence at the start of `text`, 0 if there is none (RFC 3629 4).
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t at) {
        return at < text.size() ? static_cast<std::uint8_t>(text[at]) : std::uint8_t{0};
    };
    const auto continues = [&](std::size_t at) { return (byte(at) & 0xC0) == 0x80; };
    const std::uint8_t lead = byte(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return continues(1) ? 2 : 0;
    if ((lead & 0xF0) == 0xE0) {
        if (lead == 0xE0 && byte(1) < 0xA0) return 0;
        if (lead == 0xED && byte(1) > 0x9F) return 0;
        return continues(1) && continues(2) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        if (lead == 0xF0 && byte(1) < 0x90) return 0;
        if (lead == 0xF4 && byte(1) > 0x8F) return 0;
        return continues(1) && continues(2) && continues(3) ? 4 : 0;
    }
    return 0;
}

bool is_control(char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte < 0x20 || byte == 0x7f;
}

struct CodePoints {
    char32_t first;
    char32_t last;
};

/// Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties), White_Space, and the letters and
/// controls beside them that leave nothing on a screen.
constexpr CodePoints invisible[] = {
    {0x00, 0x20},       {0x7F, 0xA0},      {0xAD, 0xAD},     {0x34F, 0x34F},   {0x61C, 0x61C},
    {0x115F, 0x1160},   {0x1680, 0x1680},  {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x2000, 0x200F},
    {0x2028, 0x202F},   {0x205F, 0x206F},  {0x2800, 0x2800}, {0x3000, 0x3000}, {0x3164, 0x3164},
    {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},  {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}};

bool is_visible(char32_t code_point) {
    return std::ranges::none_of(invisible, [code_point](const CodePoints& range) {
        return code_point >= range.first && code_point <= range.last;
    });
}

bool shows_something(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = sequence_length(text);
        if (length == 0) return false;
        if (is_visible(code_point_of(text.substr(0, length)))) return true;
        text.remove_prefix(length);
    }
    return false;
}

bool is_shortcode(std::string_view text) {
    if (text.size() < 3 || text.front() != ':' || text.back() != ':') return false;
    const std::string_view inner = text.substr(1, text.size() - 2);
    return std::all_of(inner.begin(), inner.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
               letter == '_' || letter == '+' || letter == '-';
    });
}

}  // namespace

bool is_storable_text(std::string_view text) {
    while (!text.empty()) {
        if (text.front() == '\0') return false;
        const std::size_t length = sequence_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

void cut(std::string& text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return;
    std::size_t size = bytes_max;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
    text.resize(size);
}

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char letter) {
        return (static_cast<unsigned char>(letter) & 0xC0) != 0x80;
    }));
}

bool is_handle(std::string_view text) {
    if (text.size() < limits::handle_bytes_min || text.size() > limits::handle_bytes_max)
        return false;
    return std::all_of(text.begin(), text.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
               letter == '.' || letter == '_' || letter == '-';
    });
}

bool has_controls(std::string_view text) {
    return std::any_of(text.begin(), text.end(), is_control);
}

bool is_name(std::string_view text) {
    if (text.empty() || code_points(text) > limits::name_code_points_max) return false;
    return !has_controls(text) && shows_something(text);
}

bool is_topic(std::string_view text) {
    if (!is_storable_text(text) || code_points(text) > limits::topic_code_points_max) return false;
    return std::none_of(text.begin(), text.end(), [](char letter) {
        return letter != '\n' && is_control(letter);
    });
}

bool is_https_url(std::string_view text) {
    constexpr std::string_view scheme = "https://";
    if (!text.starts_with(scheme) || text.size() > limits::avatar_url_bytes_max) return false;
    const bool printable = std::all_of(text.begin(), text.end(), [](char letter) {
        return letter > ' ' && letter < 0x7f && letter != '"' && letter != '<' && letter != '>' &&
               letter != '\\' && letter != '^' && letter != '`' && letter != '{' && letter != '|' &&
               letter != '}';
    });
    if (!printable) return false;
    const std::string_view rest = text.substr(scheme.size());
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    const std::string_view host = authority.substr(0, authority.find(':'));
    return !host.empty() && host.find_first_of("@%") == std::string_view::npos &&
           authority.find('@') == std::string_view::npos;
}

bool is_emoji(std::string_view text) {
    if (text.empty() || text.size() > limits::emoji_bytes_max) return false;
    if (is_shortcode(text)) return true;
    bool beyond_ascii = false;
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        if (byte >= 0x80) {
            beyond_ascii = true;
        } else if (!((letter >= '0' && letter <= '9') || letter == '#' || letter == '*')) {
            return false;  // only keycaps such as "1️⃣" begin with ASCII
        }
    }
    return beyond_ascii;
}

}  // namespace banter::model
