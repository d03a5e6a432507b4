// Any bytes as a picture whose place is to be erased: what is left lies in its own memory, and
// is of the same format.
#include "base/check.hpp"
#include "storage/vips/eraser/location_eraser.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace banter::vips;
    std::vector<std::uint8_t> file(bytes, bytes + size);
    const auto format = format_of(file);
    if (!format) return 0;
    const auto erased = erase_location(file, *format);
    if (!erased) return 0;
    CHECK(erased->file.data() == file.data() && erased->file.size() <= file.size());
    // What lies anywhere, in a TIFF or among boxes, may lie over the head too, and goes with it.
    if (*format == FileFormat::tiff || *format == FileFormat::heif) return 0;
    std::vector<std::uint8_t> again(erased->file.begin(), erased->file.end());
    CHECK(format_of(again) == format);
    const auto twice = erase_location(again, *format);
    CHECK(twice && twice->file.size() <= again.size());
    return 0;
}
