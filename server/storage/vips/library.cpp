#include "storage/vips/library.hpp"

#include <dlfcn.h>
#include <link.h>

#include <array>
#include <span>
#include <string>

namespace banter::vips {

namespace {

constexpr const char* library_name = "libvips.so.42";

/// All that may be called, by the names of their classes: what is above is blocked with all below.
constexpr std::array<const char*, 9> formats_of_pictures{
    "VipsForeignLoadJpeg",
    "VipsForeignLoadPng",
    "VipsForeignLoadNsgif",
    "VipsForeignLoadWebp",
    "VipsForeignLoadHeif",
    "VipsForeignLoadTiff",
    "VipsForeignSaveWebp",
    "VipsForeignSaveHeif",
    "VipsForeignSaveAvif"};

/// PDF in, PNG out.
constexpr std::array<const char*, 2> formats_of_pages{"VipsForeignLoadPdf", "VipsForeignSavePng"};

class Symbols {
public:
    explicit Symbols(void* library) : library_(library) {}

    template <typename Function>
    void find(Function*& place, const char* name) {
        place = reinterpret_cast<Function*>(::dlsym(library_, name));
        complete_ = complete_ && place != nullptr;
    }
    [[nodiscard]] bool complete() const { return complete_; }

private:
    void* library_;
    bool complete_ = true;
};

bool find_all(void* opened, Library& library) {
    Symbols symbols(opened);
    symbols.find(library.init, "vips_init");
    symbols.find(library.block_operations, "vips_operation_block_set");
    symbols.find(library.cache_set_max, "vips_cache_set_max");
    symbols.find(library.find_load_buffer, "vips_foreign_find_load_buffer");
    symbols.find(library.image_new_from_buffer, "vips_image_new_from_buffer");
    symbols.find(library.image_new_from_memory_copy, "vips_image_new_from_memory_copy");
    symbols.find(library.image_get_width, "vips_image_get_width");
    symbols.find(library.image_get_height, "vips_image_get_height");
    symbols.find(library.image_get_bands, "vips_image_get_bands");
    symbols.find(library.image_get_page_height, "vips_image_get_page_height");
    symbols.find(library.image_get_n_pages, "vips_image_get_n_pages");
    symbols.find(library.image_get_orientation, "vips_image_get_orientation");
    symbols.find(library.image_get_typeof, "vips_image_get_typeof");
    symbols.find(library.image_get_string, "vips_image_get_string");
    symbols.find(library.average, "vips_avg");
    symbols.find(library.thumbnail_buffer, "vips_thumbnail_buffer");
    symbols.find(library.thumbnail_image, "vips_thumbnail_image");
    symbols.find(library.colourspace, "vips_colourspace");
    symbols.find(library.cast, "vips_cast");
    symbols.find(library.image_write_to_memory, "vips_image_write_to_memory");
    symbols.find(library.image_write_to_buffer, "vips_image_write_to_buffer");
    symbols.find(library.unref, "g_object_unref");
    symbols.find(library.free, "g_free");
    return symbols.complete();
}

/// HEIC with AVIF, and PDF, are modules where Debian builds libvips. It opens all its modules, that
/// for ImageMagick too, unless VIPSHOME leads nowhere; the one that is needed is opened then by
/// hand. That there is none is fine.
void open_module_for(void* opened, Subject subject) {
    Symbols symbols(opened);
    int (*version)(int part) = nullptr;
    void* (*open_module)(const char* file, int flags) = nullptr;
    symbols.find(version, "vips_version");
    symbols.find(open_module, "g_module_open");
    link_map* map = nullptr;
    if (!symbols.complete() || ::dlinfo(opened, RTLD_DI_LINKMAP, &map) != 0) return;
    const std::string file = map->l_name;
    const std::string modules = "/vips-modules-" + std::to_string(version(0)) + "." +
                                std::to_string(version(1)) +
                                (subject == Subject::pages ? "/vips-poppler.so" : "/vips-heif.so");
    static_cast<void>(open_module((file.substr(0, file.rfind('/')) + modules).c_str(), 0));
}

}  // namespace

std::optional<Library> Library::open(Subject subject) {
    void* opened = ::dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
    if (opened == nullptr) return std::nullopt;
    Library library{};
    if (!find_all(opened, library) || library.init("banter") != 0) return std::nullopt;
    open_module_for(opened, subject);
    library.block_operations("VipsForeign", 1);
    const bool pages = subject == Subject::pages;
    const auto wanted = pages ? std::span<const char* const>(formats_of_pages)
                              : std::span<const char* const>(formats_of_pictures);
    for (const char* name : wanted) library.block_operations(name, 0);
    // Nothing is asked for twice.
    library.cache_set_max(0);
    return library;
}

}  // namespace banter::vips
