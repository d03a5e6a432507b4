// WebP: a RIFF of chunks, padded to an even size (RFC 9649 section 2).
#include "storage/vips/eraser/formats.hpp"
#include "storage/vips/eraser/kept.hpp"

#include <array>

namespace banter::vips {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t riff_head_size = 12;
constexpr std::size_t head_size = 8;
constexpr std::uint8_t profile_flag = 0x20;
constexpr std::uint8_t exif_flag = 0x08;
constexpr std::uint8_t xmp_flag = 0x04;

constexpr std::array
    known_chunks{"VP8 "sv, "VP8L"sv, "VP8X"sv, "ALPH"sv, "ANIM"sv, "ANMF"sv, "ICCP"sv};

/// Some writers put the head of a JPEG's Exif in front.
bool erase_from_exif(Bytes content) {
    constexpr auto head = "Exif\0\0"sv;
    return erase_from_tiff(has_at(content, 0, head) ? content.subspan(head.size()) : content);
}

/// What stays beside the picture itself.
enum class Beside : std::uint8_t { exif_and_profile, nothing };

class WebpEraser {
public:
    WebpEraser(Bytes file, Beside beside) : file_(file), kept_(file), beside_(beside) {}

    std::optional<Erased> run() {
        if (!fits(file_, 0, riff_head_size)) return std::nullopt;
        const std::uint64_t end = 8 + number_at(file_, 4, 4, ByteOrder::little);
        if (end < riff_head_size || end > file_.size()) return std::nullopt;
        const Bytes riff = file_.first(static_cast<std::size_t>(end));
        kept_.keep(0, riff_head_size);
        for (std::size_t at = riff_head_size; at < riff.size();) {
            const auto size = chunk_size(riff, at);
            if (!size) return std::nullopt;
            if (stays(riff.subspan(at, *size))) keep(riff, at, *size);
            at += *size;
        }
        const Bytes kept = kept_.bytes();
        set_number(kept, 4, 4, kept.size() - 8, ByteOrder::little);
        if (flags_at_ != 0) {
            int gone = xmp_flag | (exif_ ? 0 : exif_flag);
            if (beside_ == Beside::nothing) gone |= profile_flag;
            kept[flags_at_] = static_cast<std::uint8_t>(kept[flags_at_] & ~gone);
        }
        return Erased{.file = kept};
    }

private:
    /// With its padding, which the last one may lack.
    static std::optional<std::size_t> chunk_size(ConstBytes riff, std::size_t at) {
        if (!fits(riff, at, head_size)) return std::nullopt;
        const std::uint64_t size = head_size + number_at(riff, at + 4, 4, ByteOrder::little);
        if (!fits(riff, at, size)) return std::nullopt;
        const std::uint64_t padded = size + size % 2;
        return static_cast<std::size_t>(std::min<std::uint64_t>(padded, riff.size() - at));
    }

    bool stays(Bytes chunk) {
        if (beside_ == Beside::nothing && (has_at(chunk, 0, "EXIF") || has_at(chunk, 0, "ICCP")))
            return false;
        if (has_at(chunk, 0, "EXIF")) {
            const auto size = static_cast<std::size_t>(number_at(chunk, 4, 4, ByteOrder::little));
            const bool readable = erase_from_exif(chunk.subspan(head_size, size));
            exif_ = exif_ || readable;
            return readable;
        }
        return std::any_of(known_chunks.begin(), known_chunks.end(), [&](std::string_view name) {
            return has_at(chunk, 0, name);
        });
    }

    void keep(ConstBytes riff, std::size_t at, std::size_t size) {
        const bool extended = has_at(riff, at, "VP8X") && size > head_size;
        if (extended) flags_at_ = kept_.bytes().size() + head_size;
        kept_.keep(at, size);
    }

    Bytes file_;
    Kept kept_;
    Beside beside_;
    /// Where the flags of VP8X were kept; 0: it has none.
    std::size_t flags_at_ = 0;
    bool exif_ = false;
};

}  // namespace

std::optional<Erased> erase_from_webp(Bytes file) {
    return WebpEraser(file, Beside::exif_and_profile).run();
}

std::optional<Bytes> bare_webp(Bytes file) {
    const auto erased = WebpEraser(file, Beside::nothing).run();
    if (!erased) return std::nullopt;
    return erased->file;
}

}  // namespace banter::vips
