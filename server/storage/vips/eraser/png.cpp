// PNG: a signature, then chunks of length, type, data and check sum (PNG 3rd edition, section 5).
#include "storage/vips/eraser/formats.hpp"
#include "storage/vips/eraser/kept.hpp"

#include <array>
#include <cctype>
#include <string>

namespace banter::vips {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t signature_size = 8;
constexpr std::size_t head_size = 8;
constexpr std::size_t chunk_size_min = 12;

/// Chunks that aren't critical, but tell only how the picture looks.
constexpr std::array known_chunks{
    "tRNS"sv,
    "cHRM"sv,
    "gAMA"sv,
    "iCCP"sv,
    "sBIT"sv,
    "sRGB"sv,
    "cICP"sv,
    "mDCV"sv,
    "cLLI"sv,
    "bKGD"sv,
    "hIST"sv,
    "pHYs"sv,
    "sPLT"sv,
    "tIME"sv,
    "acTL"sv,
    "fcTL"sv,
    "fdAT"sv};

constexpr std::array<std::uint32_t, 256> check_table = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        std::uint32_t value = byte;
        for (int bit = 0; bit < 8; ++bit)
            value = (value & 1) != 0 ? 0xedb88320U ^ value >> 1 : value >> 1;
        table[byte] = value;
    }
    return table;
}();

std::uint32_t check_sum(ConstBytes bytes) {
    std::uint32_t sum = 0xffffffffU;
    for (const std::uint8_t byte : bytes) sum = check_table[(sum ^ byte) & 255] ^ sum >> 8;
    return ~sum;
}

/// Text by its keyword: profiles of other formats, and what programs write of a place.
bool may_be_read(ConstBytes text) {
    std::string keyword;
    for (const std::uint8_t letter : text.first(std::min<std::size_t>(text.size(), 79))) {
        if (letter == 0) break;
        keyword += static_cast<char>(std::tolower(letter));
    }
    for (const auto word : {"xmp"sv, "raw profile"sv, "exif:"sv, "gps"sv, "location"sv}) {
        if (keyword.find(word) != std::string::npos) return false;
    }
    return true;
}

/// `chunk` as a whole. Changes the Exif that stays.
bool stays(Bytes chunk) {
    const bool critical = (chunk[4] & 0x20) == 0;
    if (critical) return true;
    const Bytes content = chunk.subspan(head_size, chunk.size() - chunk_size_min);
    if (has_at(chunk, 4, "eXIf")) {
        if (!erase_from_tiff(content)) return false;
        set_number(chunk, chunk.size() - 4, 4, check_sum(chunk.subspan(4, chunk.size() - 8)));
        return true;
    }
    if (has_at(chunk, 4, "tEXt") || has_at(chunk, 4, "zTXt") || has_at(chunk, 4, "iTXt")) {
        return may_be_read(content);
    }
    return std::any_of(known_chunks.begin(), known_chunks.end(), [&](std::string_view name) {
        return has_at(chunk, 4, name);
    });
}

}  // namespace

std::optional<Erased> erase_from_png(Bytes file) {
    Kept kept(file);
    kept.keep(0, signature_size);
    Erased erased;
    for (std::size_t at = signature_size; fits(file, at, chunk_size_min);) {
        const std::uint64_t size = chunk_size_min + number_at(file, at, 4);
        if (!fits(file, at, size)) return std::nullopt;
        const Bytes chunk = file.subspan(at, static_cast<std::size_t>(size));
        if (has_at(chunk, 4, "acTL")) erased.animated = true;
        const bool last = has_at(chunk, 4, "IEND");
        if (stays(chunk)) kept.keep(at, chunk.size());
        at += chunk.size();
        if (!last) continue;
        erased.file = kept.bytes();
        return erased;
    }
    return std::nullopt;
}

}  // namespace banter::vips
