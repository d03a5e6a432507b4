// PNG: a signature, then chunks of length, type, data and check sum (PNG 3rd edition, section 5).
#include "storage/vips/eraser/formats.hpp"
#include "storage/vips/eraser/kept.hpp"

#include <array>
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

constexpr std::array known_keywords{
    "Title"sv,
    "Author"sv,
    "Copyright"sv,
    "Software"sv,
    "Creation Time"sv};

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

/// Text by its keyword: who made it, when and how. A description or a comment may be of a place.
bool may_be_read(ConstBytes text) {
    std::string keyword;
    for (const std::uint8_t letter : text.first(std::min<std::size_t>(text.size(), 79))) {
        if (letter == 0) break;
        keyword += static_cast<char>(letter);
    }
    return std::find(known_keywords.begin(), known_keywords.end(), keyword) != known_keywords.end();
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

class PngEraser {
public:
    explicit PngEraser(Bytes file) : file_(file), kept_(file) {}

    std::optional<Erased> run() {
        kept_.keep(0, signature_size);
        for (std::size_t at = signature_size; fits(file_, at, chunk_size_min);) {
            const std::uint64_t size = chunk_size_min + number_at(file_, at, 4);
            if (!fits(file_, at, size)) return std::nullopt;
            const Bytes chunk = file_.subspan(at, static_cast<std::size_t>(size));
            if (!look_at(chunk)) return std::nullopt;
            const bool last = has_at(chunk, 4, "IEND");
            if (stays(chunk)) kept_.keep(at, chunk.size());
            at += chunk.size();
            if (last) return Erased{.file = kept_.bytes(), .animated = animated_};
        }
        return std::nullopt;
    }

private:
    /// Notes what is said of the animation, which nobody decodes here. False: it is beyond the
    /// limits, or no frame of this picture.
    bool look_at(ConstBytes chunk) {
        const ConstBytes content = chunk.subspan(head_size, chunk.size() - chunk_size_min);
        if (has_at(chunk, 4, "IHDR") && fits(content, 0, 8)) {
            width_ = number_at(content, 0, 4);
            height_ = number_at(content, 4, 4);
        }
        if (has_at(chunk, 4, "acTL")) animated_ = true;
        if (!has_at(chunk, 4, "fcTL")) return true;
        if (!fits(content, 0, 12)) return false;
        const std::uint64_t width = number_at(content, 4, 4);
        const std::uint64_t height = number_at(content, 8, 4);
        if (width > width_ || height > height_) return false;
        // So that the product fits.
        if (height != 0 && width > frames_pixels_max / height) return false;
        frames_pixels_ += width * height;
        return frames_pixels_ <= frames_pixels_max;
    }

    Bytes file_;
    Kept kept_;
    bool animated_ = false;
    std::uint64_t width_ = 0;
    std::uint64_t height_ = 0;
    std::uint64_t frames_pixels_ = 0;
};

}  // namespace

std::optional<Erased> erase_from_png(Bytes file) { return PngEraser(file).run(); }

}  // namespace banter::vips
