// Looks into one picture with libvips, in the child.
#pragma once

#include "storage/vips/eraser/bytes.hpp"
#include "storage/vips/job.hpp"
#include "storage/vips/library.hpp"

#include <memory>

namespace banter::vips {

/// What is to be written as the job's result; it belongs to libvips or to the picture.
struct Made {
    Answer answer;
    ConstBytes bytes;
    /// Keeps `bytes`.
    std::unique_ptr<void, void (*)(void*)> owner{nullptr, nullptr};
};

/// Lets the library make a small picture and read it, so that whatever it opens late is open, and
/// says which formats it can make.
struct Abilities {
    bool webp = false;
    bool avif = false;
};

[[nodiscard]] Abilities warm_up(const Library& library);

/// `file` is changed: what place it tells of is erased before anything looks at it.
[[nodiscard]] Made inspect(const Library& library, Bytes file);
[[nodiscard]] Made render(const Library& library, Bytes file, const Job& job);

}  // namespace banter::vips
