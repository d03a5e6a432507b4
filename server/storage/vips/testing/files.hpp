// Files of pictures put together by hand, byte by byte, for what no honest program writes.
#pragma once

#include "storage/vips/eraser/location_eraser.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace banter::vips {

inline std::string number(std::uint64_t value, std::size_t size, ByteOrder order = ByteOrder::big) {
    std::string bytes(size, '\0');
    set_number({reinterpret_cast<std::uint8_t*>(bytes.data()), size}, 0, size, value, order);
    return bytes;
}

inline std::string little(std::uint64_t value, std::size_t size) {
    return number(value, size, ByteOrder::little);
}

/// What is left of it, or nothing if it is refused.
inline std::optional<std::string> erased(std::string file) {
    const Bytes bytes(reinterpret_cast<std::uint8_t*>(file.data()), file.size());
    const auto format = format_of(bytes);
    if (!format) return std::nullopt;
    const auto kept = erase_location(bytes, *format);
    if (!kept) return std::nullopt;
    file.resize(kept->file.size());
    return file;
}

struct TiffEntry {
    std::uint64_t tag;
    std::uint64_t type;
    std::uint64_t count;
    /// Exactly four bytes stay in the entry; others go behind the directory.
    std::string value;
};

/// A TIFF of directories, each behind the other and before its values.
class TiffBuilder {
public:
    explicit TiffBuilder(ByteOrder order = ByteOrder::little) : order_(order) {
        bytes_ = order == ByteOrder::little ? std::string("II*\0", 4) : std::string("MM\0*", 4);
        bytes_ += number(8, 4, order_);
    }

    [[nodiscard]] std::string value(std::uint64_t value, std::size_t size) const {
        return number(value, size, order_);
    }
    /// Where the next directory will be.
    [[nodiscard]] std::uint64_t end() const { return bytes_.size(); }
    /// How long one of `count` entries is without its values.
    [[nodiscard]] static std::uint64_t size_of(std::size_t count) { return 2 + 12 * count + 4; }

    TiffBuilder& directory(const std::vector<TiffEntry>& entries, std::uint64_t next = 0) {
        std::string values;
        const std::uint64_t behind = end() + size_of(entries.size());
        bytes_ += number(entries.size(), 2, order_);
        for (const TiffEntry& entry : entries) {
            bytes_ += number(entry.tag, 2, order_) + number(entry.type, 2, order_);
            bytes_ += number(entry.count, 4, order_);
            if (entry.value.size() == 4) {
                bytes_ += entry.value;
            } else {
                bytes_ += number(behind + values.size(), 4, order_);
                values += entry.value;
            }
        }
        bytes_ += number(next, 4, order_) + values;
        return *this;
    }

    [[nodiscard]] const std::string& bytes() const { return bytes_; }

private:
    ByteOrder order_;
    std::string bytes_;
};

/// An Exif without the head that a JPEG puts in front: a camera, orientation 6, and a place.
inline std::string exif_with_place(ByteOrder order = ByteOrder::little) {
    TiffBuilder tiff(order);
    const std::string camera = "Kamerawerk, Modell Siebzehn";
    const std::uint64_t gps = tiff.end() + TiffBuilder::size_of(4) + camera.size();
    tiff.directory({
        {0x010f, 2, camera.size(), camera},
        {0x0112, 3, 1, tiff.value(6, 2) + std::string(2, '\0')},
        {0x8825, 4, 1, tiff.value(gps, 4)},
        {0x9c9b, 1, 4, "name"},
    });
    tiff.directory({
        {1, 2, 2, std::string("N\0\0\0", 4)},
        {2, 5, 3, "52 degrees, 31 minutes.."},
        {0x1c, 7, 9, "Hinterhof"},
    });
    return tiff.bytes();
}

inline std::string jpeg_segment(std::uint8_t marker, const std::string& content) {
    return std::string("\xff") + static_cast<char>(marker) + number(content.size() + 2, 2) +
           content;
}

inline std::string exif_segment(const std::string& exif) {
    return jpeg_segment(0xe1, std::string("Exif\0\0", 6) + exif);
}

/// A JPEG as far as its segments go, with `segments` in front of its only scan.
inline std::string bare_jpeg(const std::string& segments) {
    const std::string scan = jpeg_segment(0xda, std::string("\x01\x01\x00\x00\x3f\x00", 6));
    return "\xff\xd8" + segments + scan + std::string("\x12\xff\x00\x34\xff\xd3\x56", 7) +
           "\xff\xd9";
}

inline std::string png_chunk(std::string_view type, const std::string& content) {
    std::uint32_t sum = 0xffffffffU;
    const std::string summed = std::string(type) + content;
    for (const char letter : summed) {
        sum ^= static_cast<std::uint8_t>(letter);
        for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ ((sum & 1) != 0 ? 0xedb88320U : 0);
    }
    return number(content.size(), 4) + summed + number(~sum, 4);
}

/// The same with `chunks` behind its first one, IHDR.
inline std::string with_png_chunks(std::string png, const std::string& chunks) {
    constexpr std::size_t header_end = 8 + 12 + 13;
    return png.insert(header_end, chunks);
}

inline std::string riff_chunk(std::string_view type, std::string content) {
    std::string chunk = std::string(type) + little(content.size(), 4) + std::move(content);
    if (chunk.size() % 2 != 0) chunk += '\0';
    return chunk;
}

inline std::string webp(const std::string& chunks) {
    return "RIFF" + little(4 + chunks.size(), 4) + "WEBP" + chunks;
}

inline std::string box(std::string_view type, const std::string& content) {
    return number(8 + content.size(), 4) + std::string(type) + content;
}

/// Of version 0 with no flags.
inline std::string full_box(std::string_view type, const std::string& content) {
    return box(type, std::string(4, '\0') + content);
}

}  // namespace banter::vips
