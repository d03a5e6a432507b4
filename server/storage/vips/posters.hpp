// Posters of PDFs by libvips, and of videos by ffmpeg where that is installed, in children that are
// as confined as those for pictures.
//
// An object on this machine is handed to the child as an open file. Another one is copied: a PDF
// whole, of a video no more than limits::picture_bytes_max, which is enough where what is needed
// stands in front.
#pragma once

#include "base/offload.hpp"
#include "storage/posters.hpp"
#include "storage/vips/film.hpp"
#include "storage/vips/pictures.hpp"
#include "storage/vips/workers.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace banter::vips {

/// Where ffmpeg is installed, if it is. Only where systems install programs: what PATH says is the
/// operator's, not the server's.
[[nodiscard]] std::optional<std::string> find_ffmpeg();

struct PosterOptions {
    WorkerOptions workers;
    /// Our own program, to become ffmpeg: a file and its first arguments.
    std::vector<std::string> film_command;
    std::optional<std::string> ffmpeg;
    WorkerLimits film_limits = vips::film_limits;
};

/// The server's own program, and what is installed. One poster is drawn at a time.
[[nodiscard]] PosterOptions default_posters();

/// One serves all loops. `pictures` and it outlive what it gives.
class VipsPosters final : public storage::Posters {
public:
    /// Logs whether videos get posters.
    VipsPosters(PosterOptions options, VipsPictures& pictures, Offload& offload);

    [[nodiscard]] bool can_draw(std::string_view media_type) const override;
    [[nodiscard]] Task<std::unique_ptr<storage::IncomingPicture>> draw(
        const model::File& file,
        storage::ObjectStore& objects
    ) override;

private:
    /// What a child reads.
    struct Source {
        Descriptor file;
        /// Who keeps it, if it is a copy.
        std::optional<Spool> copy;
    };

    [[nodiscard]] Task<std::optional<Source>> open(
        const model::File& file,
        storage::ObjectStore& objects
    );
    [[nodiscard]] Task<std::optional<Source>> copy(
        const model::File& file,
        storage::ObjectStore& objects
    );
    [[nodiscard]] Task<bool> draw_page(ChildFiles files);
    [[nodiscard]] Task<> take_frame(ChildFiles files, FilmJob job);

    PosterOptions options_;
    VipsPictures& pictures_;
    Offload& offload_;
    Workers workers_;
};

}  // namespace banter::vips
