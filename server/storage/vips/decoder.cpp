#include "storage/vips/decoder.hpp"

#include "model/limits.hpp"
#include "storage/vips/eraser/formats.hpp"
#include "storage/vips/eraser/location_eraser.hpp"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace banter::vips {

namespace {

using model::limits::picture_pixels_max;

/// Of what is shown as often as the picture itself, and as a preview of it.
constexpr int webp_quality = 75;
constexpr int webp_effort = 4;
constexpr int avif_quality = 50;
constexpr int avif_effort = 2;

constexpr const char* end = nullptr;

struct Size {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
};

/// A picture whose header is known to be within the limits.
struct Opened {
    ImagePointer image{nullptr, nullptr};
    Bytes file;
    MediaType media_type = MediaType::jpeg;
    Size shown;
    /// Its colours are those of a profile of its own.
    bool has_profile = false;
    /// Frames that are read.
    bool frames = false;
    bool animated = false;
};

Made refused(Verdict verdict = Verdict::bad_image) { return {.answer = {.verdict = verdict}}; }

ImagePointer own(const Library& library, Image* image) { return {image, library.unref}; }

/// Whom libvips would let read it, by the content; another one than this is a trick.
std::string_view loader_of(FileFormat format) {
    switch (format) {
        case FileFormat::jpeg: return "VipsForeignLoadJpegBuffer";
        case FileFormat::png: return "VipsForeignLoadPngBuffer";
        case FileFormat::gif: return "VipsForeignLoadNsgifBuffer";
        case FileFormat::webp: return "VipsForeignLoadWebpBuffer";
        case FileFormat::tiff: return "VipsForeignLoadTiffBuffer";
        case FileFormat::heif: break;
    }
    return "VipsForeignLoadHeifBuffer";
}

MediaType media_type_of(const Library& library, const Image* image, FileFormat format) {
    switch (format) {
        case FileFormat::jpeg: return MediaType::jpeg;
        case FileFormat::png: return MediaType::png;
        case FileFormat::gif: return MediaType::gif;
        case FileFormat::webp: return MediaType::webp;
        case FileFormat::tiff: return MediaType::tiff;
        case FileFormat::heif: break;
    }
    const char* compression = nullptr;
    const bool known = library.image_get_string(image, "heif-compression", &compression) == 0;
    return known && std::string_view(compression) == "av1" ? MediaType::avif : MediaType::heic;
}

/// Reads the header alone; of what moves, all frames below each other.
Image* load(const Library& library, ConstBytes file, FileFormat format) {
    const bool frames = format == FileFormat::gif || format == FileFormat::webp;
    if (frames) {
        return library.image_new_from_buffer(
            file.data(),
            file.size(),
            "",
            "access",
            access_sequential,
            "fail_on",
            fail_on_error,
            "n",
            -1,
            end
        );
    }
    return library.image_new_from_buffer(
        file.data(), file.size(), "", "access", access_sequential, "fail_on", fail_on_error, end
    );
}

/// Nothing beyond the limits on pixels.
std::optional<Size> size_of(const Library& library, Image* image, bool frames) {
    const auto width = static_cast<std::uint64_t>(library.image_get_width(image));
    const auto all = static_cast<std::uint64_t>(library.image_get_height(image));
    const auto height =
        frames ? static_cast<std::uint64_t>(library.image_get_page_height(image)) : all;
    if (width == 0 || height == 0 || width * height > picture_pixels_max ||
        width * all > frames_pixels_max) {
        return std::nullopt;
    }
    Size size{static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height)};
    // Orientations from 5 on lie on their side (Exif 2.32, tag 0x0112).
    if (library.image_get_orientation(image) >= 5) std::swap(size.width, size.height);
    return size;
}

std::optional<Opened> open(const Library& library, Bytes file) {
    const auto format = format_of(file);
    if (!format) return std::nullopt;
    const auto erased = erase_location(file, *format);
    if (!erased) return std::nullopt;
    const char* loader = library.find_load_buffer(erased->file.data(), erased->file.size());
    if (loader == nullptr || loader != loader_of(*format)) return std::nullopt;
    Opened opened{
        .image = own(library, load(library, erased->file, *format)), .file = erased->file};
    if (!opened.image) return std::nullopt;
    Image* image = opened.image.get();
    opened.frames = (*format == FileFormat::gif || *format == FileFormat::webp) &&
                    library.image_get_n_pages(image) > 1;
    const auto size = size_of(library, image, opened.frames);
    if (!size) return std::nullopt;
    opened.shown = *size;
    opened.has_profile = library.image_get_typeof(image, "icc-profile-data") != 0;
    opened.animated = opened.frames || erased->animated;
    opened.media_type = media_type_of(library, image, *format);
    return opened;
}

/// Name of the option that turns colours into those of sRGB; where there is nothing to turn, it
/// ends the options in its place.
const char* colour_option(const Opened& opened) {
    return opened.has_profile ? "export_profile" : end;
}

/// 8 bits of red, green and blue, perhaps alpha.
ImagePointer in_srgb(const Library& library, ImagePointer image) {
    Image* coloured = nullptr;
    if (library.colourspace(image.get(), &coloured, interpretation_srgb, end) != 0) {
        return own(library, nullptr);
    }
    const ImagePointer held = own(library, coloured);
    Image* plain = nullptr;
    if (library.cast(coloured, &plain, format_uchar, end) != 0) return own(library, nullptr);
    return own(library, plain);
}

/// Upright, at most as large as asked for, of the first frame.
ImagePointer smaller(const Library& library, const Opened& opened, int width, int height) {
    Image* made = nullptr;
    const bool failed = library.thumbnail_buffer(
                            opened.file.data(),
                            opened.file.size(),
                            &made,
                            width,
                            "height",
                            height,
                            "size",
                            size_down,
                            "fail_on",
                            fail_on_error,
                            colour_option(opened),
                            "srgb",
                            end
                        ) != 0;
    if (failed) return own(library, nullptr);
    return in_srgb(library, own(library, made));
}

/// As smaller(), but out of every pixel of the picture, each decoded.
ImagePointer decoded_smaller(const Library& library, const Opened& opened) {
    constexpr auto side = static_cast<int>(thumbhash_side_max);
    if (opened.frames) {
        double average = 0;
        if (library.average(opened.image.get(), &average, end) != 0) return own(library, nullptr);
        return smaller(library, opened, side, side);
    }
    Image* made = nullptr;
    const bool failed = library.thumbnail_image(
                            opened.image.get(),
                            &made,
                            side,
                            "height",
                            side,
                            "size",
                            size_down,
                            colour_option(opened),
                            "srgb",
                            end
                        ) != 0;
    if (failed) return own(library, nullptr);
    return in_srgb(library, own(library, made));
}

/// Nothing if decoding fails.
std::vector<std::uint8_t> hash_of(const Library& library, ImagePointer image) {
    std::size_t size = 0;
    const std::unique_ptr<void, void (*)(void*)> memory(
        library.image_write_to_memory(image.get(), &size), library.free
    );
    const auto bands = static_cast<std::size_t>(library.image_get_bands(image.get()));
    if (!memory || bands < 3 || size % bands != 0) return {};
    const auto* values = static_cast<const std::uint8_t*>(memory.get());
    std::vector<std::uint8_t> rgba;
    for (std::size_t at = 0; at < size; at += bands) {
        rgba.insert(rgba.end(), {values[at], values[at + 1], values[at + 2]});
        rgba.push_back(bands > 3 ? values[at + 3] : 255);
    }
    return thumbhash(
        {static_cast<std::uint32_t>(library.image_get_width(image.get())),
         static_cast<std::uint32_t>(library.image_get_height(image.get())),
         rgba}
    );
}

bool encode(const Library& library, Image* image, Work format, void** bytes, std::size_t* size) {
    if (format == Work::render_webp) {
        return library.image_write_to_buffer(
                   image,
                   ".webp",
                   bytes,
                   size,
                   "Q",
                   webp_quality,
                   "effort",
                   webp_effort,
                   "strip",
                   1,
                   end
               ) == 0;
    }
    return library.image_write_to_buffer(
               image,
               ".avif",
               bytes,
               size,
               "Q",
               avif_quality,
               "effort",
               avif_effort,
               "bitdepth",
               8,
               "strip",
               1,
               end
           ) == 0;
}

bool can_make(const Library& library, Work format) {
    constexpr int side = 16;
    constexpr std::array<std::uint8_t, std::size_t{3} * side * side> grey{};
    const ImagePointer image = own(
        library,
        library.image_new_from_memory_copy(grey.data(), grey.size(), side, side, 3, format_uchar)
    );
    void* bytes = nullptr;
    std::size_t size = 0;
    if (!image || !encode(library, image.get(), format, &bytes, &size)) return false;
    const std::unique_ptr<void, void (*)(void*)> owner(bytes, library.free);
    const auto opened = open(library, {static_cast<std::uint8_t*>(bytes), size});
    return opened && !hash_of(library, decoded_smaller(library, *opened)).empty();
}

}  // namespace

Abilities warm_up(const Library& library) {
    return {can_make(library, Work::render_webp), can_make(library, Work::render_avif)};
}

Made inspect(const Library& library, Bytes file) {
    const auto opened = open(library, file);
    if (!opened) return refused();
    ImagePointer small = decoded_smaller(library, *opened);
    if (!small) return refused();
    Made made = refused(Verdict::done);
    made.answer.media_type = opened->media_type;
    made.answer.width = opened->shown.width;
    made.answer.height = opened->shown.height;
    made.answer.animated = opened->animated;
    made.answer.thumbhash = hash_of(library, std::move(small));
    if (made.answer.thumbhash.empty()) return refused();
    made.bytes = opened->file;
    return made;
}

Made render(const Library& library, Bytes file, const Job& job) {
    const auto opened = open(library, file);
    if (!opened) return refused();
    const auto width = static_cast<int>(std::min(job.width, opened->shown.width));
    const ImagePointer small = smaller(library, *opened, width, coordinate_max);
    void* bytes = nullptr;
    std::size_t size = 0;
    if (!small || !encode(library, small.get(), job.work, &bytes, &size)) return refused();
    Made made = refused(Verdict::done);
    made.owner = {bytes, library.free};
    const Bytes encoded(static_cast<std::uint8_t*>(bytes), size);
    // Some releases of libvips write an Exif into every WebP, whatever they are told.
    const auto bare = job.work == Work::render_webp ? bare_webp(encoded) : encoded;
    if (!bare) return refused();
    made.bytes = *bare;
    made.answer.width = static_cast<std::uint32_t>(library.image_get_width(small.get()));
    made.answer.height = static_cast<std::uint32_t>(library.image_get_height(small.get()));
    return made;
}

}  // namespace banter::vips
