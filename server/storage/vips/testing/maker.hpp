// The other side of picture_maker.hpp.
#pragma once

#include "storage/vips/job.hpp"
#include "storage/vips/library.hpp"
#include "storage/vips/testing/packing.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace banter::vips {

/// libvips with everything allowed, and what else makes pictures.
class Maker {
public:
    explicit Maker(const Library& library) : library_(library) {
        find(set_string_, "vips_image_set_string");
        find(set_int_, "vips_image_set_int");
        find(get_fields_, "vips_image_get_fields");
        find(get_as_string_, "vips_image_get_as_string");
        library_.block_operations("VipsForeign", 0);
    }

    std::vector<std::string> make(const std::vector<std::string>& question) const {
        const std::string& values = question[5];
        const ImagePointer image(
            library_.image_new_from_memory_copy(
                values.data(),
                values.size(),
                std::stoi(question[2]),
                std::stoi(question[3]),
                std::stoi(question[4]),
                format_uchar
            ),
            library_.unref
        );
        for (std::size_t i = 6; i + 1 < question.size(); i += 2) {
            set(image.get(), question[i], question[i + 1]);
        }
        void* bytes = nullptr;
        std::size_t size = 0;
        const char* end = nullptr;
        if (library_.image_write_to_buffer(image.get(), question[1].c_str(), &bytes, &size, end) !=
            0)
            return {};
        return {std::string(static_cast<const char*>(bytes), size)};
    }

    std::vector<std::string> read(const std::string& file) const {
        const bool frames = file.starts_with("GIF8") || file.starts_with("RIFF");
        const char* end = nullptr;
        const ImagePointer image(
            library_.image_new_from_buffer(
                file.data(), file.size(), frames ? "n=-1" : "", "fail_on", fail_on_error, end
            ),
            library_.unref
        );
        if (!image) return {};
        std::size_t size = 0;
        const void* values = library_.image_write_to_memory(image.get(), &size);
        if (values == nullptr) return {};
        std::vector<std::string> answer{
            std::to_string(library_.image_get_width(image.get())),
            std::to_string(library_.image_get_height(image.get())),
            std::to_string(library_.image_get_bands(image.get())),
            std::string(static_cast<const char*>(values), size),
            std::to_string(library_.image_get_orientation(image.get()))};
        for (char** name = get_fields_(image.get()); *name != nullptr; ++name) {
            char* word = nullptr;
            if (get_as_string_(image.get(), *name, &word) != 0) continue;
            answer.insert(answer.end(), {*name, word});
        }
        return answer;
    }

private:
    template <typename Function>
    static void find(Function*& place, const char* name) {
        void* opened = ::dlopen("libvips.so.42", RTLD_NOW | RTLD_NOLOAD);
        place = reinterpret_cast<Function*>(::dlsym(opened, name));
    }

    void set(Image* image, const std::string& name, const std::string& word) const {
        if (word.starts_with("int:")) {
            set_int_(image, name.c_str(), std::stoi(word.substr(4)));
        } else {
            set_string_(image, name.c_str(), word.c_str());
        }
    }

    Library library_;
    void (*set_string_)(Image*, const char* name, const char* text) = nullptr;
    void (*set_int_)(Image*, const char* name, int number) = nullptr;
    char** (*get_fields_)(const Image*) = nullptr;
    int (*get_as_string_)(const Image*, const char* name, char** text) = nullptr;
};

/// Reads a question and answers it.
inline int maker_main() {
    const auto library = Library::open();
    if (!library) return 1;
    std::string question;
    std::array<char, 65536> part;
    for (ssize_t offset = 0, size = 0;; offset += size) {
        size = ::pread(source_descriptor, part.data(), part.size(), offset);
        if (size <= 0) break;
        question.append(part.data(), static_cast<std::size_t>(size));
    }
    const auto texts = unpacked(question);
    const Maker maker(*library);
    const auto answer = packed(texts[0] == "make" ? maker.make(texts) : maker.read(texts[1]));
    for (std::string_view left = answer; !left.empty();) {
        const ssize_t size = ::write(target_descriptor, left.data(), left.size());
        if (size <= 0) return 1;
        left.remove_prefix(static_cast<std::size_t>(size));
    }
    return 0;
}

}  // namespace banter::vips
