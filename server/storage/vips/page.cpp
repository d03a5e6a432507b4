#include "storage/vips/page.hpp"

#include "model/limits.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace banter::vips {

namespace {

/// Beyond 288 dots per inch nothing more is seen, however small the page.
constexpr double scale_max = 4;

/// The least that is known as PDF.
constexpr std::string_view any_pdf = "%PDF-1.4\n%%EOF\n";

/// Least compressed, as it is read once and thrown away.
constexpr int png_compression = 1;

constexpr const char* end = nullptr;

Made refused(Verdict verdict = Verdict::bad_image) { return {.answer = {.verdict = verdict}}; }

bool is_pdf(const Library& library, std::string_view file) {
    const char* loader = library.find_load_buffer(file.data(), file.size());
    return loader != nullptr && std::string_view(loader) == "VipsForeignLoadPdfBuffer";
}

/// The first page, not drawn yet. Scale 1 is 72 dots per inch.
ImagePointer open_page(const Library& library, ConstBytes file, double scale) {
    Image* image = library.image_new_from_buffer(
        file.data(),
        file.size(),
        "",
        "access",
        access_sequential,
        "fail_on",
        fail_on_error,
        "page",
        0,
        "n",
        1,
        "scale",
        scale,
        end
    );
    return {image, library.unref};
}

/// At which the page's longer side is poster_side_max.
double scale_of(const Library& library, const Image* page) {
    const int side = std::max(library.image_get_width(page), library.image_get_height(page));
    return std::min(scale_max, double{model::limits::poster_side_max} / std::max(side, 1));
}

}  // namespace

Made draw_page(const Library& library, ConstBytes file) {
    if (!is_pdf(library, any_pdf)) return refused(Verdict::unsupported);
    const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
    if (!is_pdf(library, text)) return refused();
    const ImagePointer page = open_page(library, file, 1);
    if (!page) return refused();
    const ImagePointer image = open_page(library, file, scale_of(library, page.get()));
    if (!image) return refused();
    Made made = refused(Verdict::done);
    made.answer.media_type = MediaType::png;
    made.answer.width = static_cast<std::uint32_t>(library.image_get_width(image.get()));
    made.answer.height = static_cast<std::uint32_t>(library.image_get_height(image.get()));
    void* bytes = nullptr;
    std::size_t size = 0;
    const bool failed = library.image_write_to_buffer(
                            image.get(), ".png", &bytes, &size, "compression", png_compression, end
                        ) != 0;
    if (failed) return refused();
    made.owner = {bytes, library.free};
    made.bytes = {static_cast<const std::uint8_t*>(bytes), size};
    return made;
}

}  // namespace banter::vips
