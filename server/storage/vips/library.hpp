// libvips, found at run time: declared by hand as far as it is used (its interface is stable within
// libvips.so.42). The server never links or opens it: its seventy libraries would cost every start
// a tenth of a second and 20 MiB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace banter::vips {

/// VipsImage.
struct Image;

// Values of its enumerations.
inline constexpr int access_sequential = 1;
inline constexpr int fail_on_error = 2;
inline constexpr int size_down = 2;
inline constexpr int format_uchar = 0;
inline constexpr int interpretation_srgb = 22;
/// VIPS_MAX_COORD, in pixels: no bound.
inline constexpr int coordinate_max = 10'000'000;

/// What it is opened for; nothing else can be read or made by it.
enum class Subject : std::uint8_t { pictures, pages };

/// All functions as the manual of libvips describes them; those that end in `...` take names and
/// values of options and at last a nullptr, and return 0 if they did it.
struct Library {
    int (*init)(const char* program);
    void (*block_operations)(const char* class_name, int blocked);
    void (*cache_set_max)(int operations);
    const char* (*find_load_buffer)(const void* bytes, std::size_t size);
    Image* (*image_new_from_buffer)(const void* bytes, std::size_t size, const char* options, ...);
    Image* (*image_new_from_memory_copy
    )(const void* pixels, std::size_t size, int width, int height, int bands, int format);
    int (*image_get_width)(const Image* image);
    int (*image_get_height)(const Image* image);
    int (*image_get_bands)(const Image* image);
    int (*image_get_page_height)(Image* image);
    int (*image_get_n_pages)(Image* image);
    int (*image_get_orientation)(Image* image);
    /// Of the image's metadata; 0: it has none of that name.
    unsigned long (*image_get_typeof)(const Image* image, const char* name);
    /// Of the image's metadata; the text stays its own.
    int (*image_get_string)(const Image* image, const char* name, const char** text);
    int (*average)(Image* image, double* average, ...);
    int (*thumbnail_buffer)(void* bytes, std::size_t size, Image** made, int width, ...);
    int (*thumbnail_image)(Image* image, Image** made, int width, ...);
    int (*colourspace)(Image* image, Image** made, int space, ...);
    int (*cast)(Image* image, Image** made, int format, ...);
    /// Malloc'ed by g_malloc.
    void* (*image_write_to_memory)(Image* image, std::size_t* size);
    int (*image_write_to_buffer
    )(Image* image, const char* suffix, void** bytes, std::size_t* size, ...);
    void (*unref)(void* object);
    void (*free)(void* bytes);

    /// Opens and readies it, with nothing allowed but the formats that pictures come and go in, or
    /// PDF and PNG. The environment has to hold `worker_environment` (job.hpp). Nothing: it isn't
    /// installed, or is another one.
    [[nodiscard]] static std::optional<Library> open(Subject subject = Subject::pictures);
};

/// An image that goes with its owner.
using ImagePointer = std::unique_ptr<Image, void (*)(void*)>;

}  // namespace banter::vips
