// Pictures by libvips, in children of this process that may do nothing but decode.
//
// JPEG, PNG, GIF, WebP, TIFF, AVIF and HEIC are known, and no other, whatever libvips can read. Of
// a GIF and a WebP every frame is decoded, and of all others the first picture; GIF, WebP, PNG,
// AVIF and HEIC may be animated.
#pragma once

#include "base/offload.hpp"
#include "storage/pictures.hpp"
#include "storage/vips/spool.hpp"
#include "storage/vips/turns.hpp"
#include "storage/vips/workers.hpp"

#include <filesystem>
#include <memory>
#include <optional>

namespace banter::vips {

struct PictureOptions {
    /// Of files without names, for as long as a picture is held; made if it isn't there.
    std::filesystem::path spool_directory;
    /// Of looking into pictures.
    WorkerOptions workers;
    SpoolLimits spool_limits;
};

/// The server's own program, started as a child (worker.hpp).
[[nodiscard]] WorkerOptions default_workers();

/// One serves all loops. It outlives what it gives.
class VipsPictures final : public storage::Pictures {
public:
    /// Blocks for making the directory. Throws StorageFailure.
    VipsPictures(PictureOptions options, Offload& offload);

    /// What it gives takes limits::picture_bytes_max bytes; a longer picture is a bad_image, and
    /// what is beyond them isn't kept. Some builds of libvips lack AVIF.
    [[nodiscard]] Task<std::unique_ptr<storage::IncomingPicture>> receive() override;

    /// A picture that some child has drawn: as one that came in, and trusted no more. Blocks for no
    /// longer than asking for its size.
    [[nodiscard]] std::unique_ptr<storage::IncomingPicture> adopt(Spool drawn);

    [[nodiscard]] Task<bool> available() override;

    /// Where pictures lie while they are looked into.
    [[nodiscard]] SpoolFolder& spools() { return spools_; }

private:
    SpoolFolder spools_;
    Offload& offload_;
    Workers inspectors_;
    /// Renderings have a turn of their own: whoever uploads a picture waits for none.
    Workers renderers_;
    /// Who has it may look at `available_`, on whichever loop.
    Turns asking_;
    /// Nothing: nobody has asked, or nobody could find out.
    std::optional<bool> available_;
};

}  // namespace banter::vips
