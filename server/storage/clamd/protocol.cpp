#include "storage/clamd/protocol.hpp"

#include "base/check.hpp"

#include <cstdint>
#include <limits>

namespace banter::clamd {

namespace {

constexpr std::string_view clean = "stream: OK";
constexpr std::string_view before_finding = "stream: ";
constexpr std::string_view after_finding = " FOUND";
constexpr std::string_view too_long = "size limit exceeded";

/// Clients are told what was found.
constexpr std::size_t name_bytes_max = 100;

/// Without what would break a line of a log or of a terminal.
std::string printable(std::string_view text) {
    std::string out(text);
    for (char& letter : out) {
        if (letter < 0x20 || letter > 0x7e) letter = '?';
    }
    return out;
}

}  // namespace

std::array<char, 4> chunk_head(std::size_t bytes) {
    CHECK(bytes <= std::numeric_limits<std::uint32_t>::max());
    std::array<char, 4> head{};
    for (std::size_t i = 0; i < head.size(); ++i) {
        head[i] = static_cast<char>(bytes >> (8 * (head.size() - 1 - i)) & 0xff);
    }
    return head;
}

Finding parse_finding(std::string_view answer) {
    if (answer == clean) return {Finding::Kind::clean, {}};
    const std::size_t around = before_finding.size() + after_finding.size();
    const bool found = answer.starts_with(before_finding) && answer.ends_with(after_finding) &&
                       answer.size() > around;
    if (!found) return {Finding::Kind::trouble, explain(answer)};
    const std::string_view name = answer.substr(before_finding.size(), answer.size() - around);
    return {Finding::Kind::found, printable(name.substr(0, name_bytes_max))};
}

std::string explain(std::string_view answer) {
    std::string text = "it says \"" + printable(answer) + "\"";
    if (answer.find(too_long) != std::string_view::npos) {
        text += "; raise StreamMaxLength in clamd.conf to limit-file-bytes, or lower that";
    }
    return text;
}

}  // namespace banter::clamd
