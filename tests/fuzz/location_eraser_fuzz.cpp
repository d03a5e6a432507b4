// Any bytes as a picture whose place is to be erased: what is left is of the same format, and has
// nothing to erase any more.
#include "base/check.hpp"
#include "storage/vips/eraser/location_eraser.hpp"

#include <algorithm>
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
    std::vector<std::uint8_t> again(erased->file.begin(), erased->file.end());
    CHECK(format_of(again) == format);
    // Of Exif and boxes whose parts lie over each other, what is erased last changes what was read
    // first; the others are read from front to back, once.
    if (*format == FileFormat::gif) {
        const auto twice = erase_location(again, *format);
        CHECK(twice && std::equal(
                           twice->file.begin(),
                           twice->file.end(),
                           erased->file.begin(),
                           erased->file.end()
                       ));
    }
    return 0;
}
