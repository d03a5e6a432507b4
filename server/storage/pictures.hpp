// Looks into pictures and makes smaller ones, where a hostile picture can reach nothing: decoding
// happens in a process of its own that may neither open anything nor call anybody.
//
// Every call may throw StorageFailure: busy (too much is waiting, or it took too long on a busy
// machine), storage_unavailable, storage_full. None of it is the picture's fault: it may be tried
// again.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace banter::storage {

/// What a picture is, after all of it was decoded.
struct Picture {
    /// `image/…`, of what was decoded and not of what somebody says.
    std::string media_type;
    /// In pixels, as it is shown (after the turn that its Exif asks for).
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    /// A blurred placeholder: ThumbHash of at most 25 bytes in base64 (evanw.github.io/thumbhash).
    std::string thumbhash;
    /// Has several frames; no smaller ones are made of it.
    bool animated = false;
};

enum class PictureFormat : std::uint8_t { webp, avif };

/// A smaller copy of a picture.
struct Rendering {
    PictureFormat format = PictureFormat::webp;
    /// In pixels, at most the picture's own; the height follows.
    std::uint32_t width = 0;
};

/// A copy that was made.
struct Rendered {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    /// What next() will give.
    std::uint64_t bytes = 0;
};

/// A picture that came in, kept on local disk while somebody holds this, and never seen by others.
/// One call at a time.
class IncomingPicture {
public:
    virtual ~IncomingPicture() = default;

    /// Adds `chunk`, which stays as it is until this returns.
    [[nodiscard]] virtual Task<> append(std::string_view chunk) = 0;

    /// Decodes all of it, and makes a copy for next() that differs in nothing but this: no place on
    /// earth where it was taken, and nothing behind its end.
    ///
    /// Returns  bad_image: not a picture of a known format, damaged, or beyond the limits on
    /// pixels,
    ///          memory or time
    [[nodiscard]] virtual Task<Result<Picture>> inspect() = 0;

    /// Makes a smaller copy for next(); as often as wanted. It shows what the picture shows,
    /// upright, in sRGB, and has no metadata.
    ///
    /// Returns  bad_image, as inspect(); unsupported_media: this server can't make the format, so
    ///          that rendering is to be left out
    [[nodiscard]] virtual Task<Result<Rendered>> render(Rendering rendering) = 0;

    /// The next 1 to 128 Ki bytes of what the last inspect() or render() made; nothing at its end.
    [[nodiscard]] virtual Task<std::string> next() = 0;
};

class Pictures {
public:
    virtual ~Pictures() = default;

    /// Whether this server can look into pictures; not if a library is missing. Found out by the
    /// first question, and logged.
    [[nodiscard]] virtual Task<bool> available() = 0;

    /// Nothing if it isn't available.
    [[nodiscard]] virtual Task<std::unique_ptr<IncomingPicture>> receive() = 0;
};

}  // namespace banter::storage
