#include "storage/vips/posters.hpp"

#include "base/log.hpp"
#include "model/limits.hpp"
#include "storage/vips/fence.hpp"
#include "storage/vips/spool.hpp"

#include <unistd.h>

#include <array>
#include <utility>

namespace banter::vips {

namespace {

using model::limits::picture_bytes_max;

constexpr std::string_view pdf = "application/pdf";

/// Where many videos are still dark, and the first place is where short ones have anything.
constexpr std::array<std::uint64_t, 2> seconds_tried{1, 0};

}  // namespace

std::optional<std::string> find_ffmpeg() {
    for (const char* path : {"/usr/bin/ffmpeg", "/usr/local/bin/ffmpeg"}) {
        if (::access(path, X_OK) == 0) return path;
    }
    return std::nullopt;
}

PosterOptions default_posters() {
    WorkerOptions workers = default_workers();
    workers.at_a_time = 1;
    return {
        .workers = std::move(workers),
        .film_command = {"/proc/self/exe", film_command},
        .ffmpeg = find_ffmpeg()};
}

VipsPosters::VipsPosters(PosterOptions options, VipsPictures& pictures, Offload& offload)
    : options_(std::move(options)),
      pictures_(pictures),
      offload_(offload),
      workers_(options_.workers, offload) {
    if (!options_.ffmpeg) {
        log::info("videos get no posters: ffmpeg is not installed");
    } else if (!can_fence()) {
        log::info("videos get no posters: this kernel can't confine ffmpeg (no Landlock)");
        options_.ffmpeg.reset();
    } else {
        log::info("videos get posters", {{"by", *options_.ffmpeg}});
    }
}

bool VipsPosters::can_draw(std::string_view media_type) const {
    return media_type == pdf || (options_.ffmpeg && !film_format_of(media_type).empty());
}

Task<std::unique_ptr<storage::IncomingPicture>> VipsPosters::draw(
    const model::File& file,
    storage::ObjectStore& objects
) {
    if (!can_draw(file.media_type)) co_return nullptr;
    const bool is_page = file.media_type == pdf;
    // The child holds all of it in memory.
    if (is_page && file.bytes > picture_bytes_max) co_return nullptr;
    const bool usable = co_await pictures_.available();
    if (!usable) co_return nullptr;
    const std::optional<Source> source = co_await open(file, objects);
    if (!source) co_return nullptr;
    auto make = [this] {
        Spool spool(pictures_.spools());
        spool.reserve(picture_bytes_max);
        return spool;
    };
    Spool target = co_await offload_.run(make);
    const ChildFiles files{*source->file, target.descriptor()};
    if (is_page) {
        const bool drawn = co_await draw_page(files);
        if (!drawn) co_return nullptr;
        target.settle();
        co_return pictures_.adopt(std::move(target));
    }
    for (const std::uint64_t second : seconds_tried) {
        FilmJob job;
        job.program = *options_.ffmpeg;
        job.format = film_format_of(file.media_type);
        job.second = second;
        job.limits = options_.film_limits;
        co_await take_frame(files, std::move(job));
        if (target.size() == 0) continue;
        target.settle();
        co_return pictures_.adopt(std::move(target));
    }
    co_return nullptr;
}

Task<bool> VipsPosters::draw_page(ChildFiles files) {
    const Job job{.work = Work::draw_page};
    const std::optional<Answer> answer = co_await workers_.run(job, files);
    if (answer && answer->verdict == Verdict::no_space) {
        throw StorageFailure(Errc::storage_full, "there is no space for a poster");
    }
    if (answer && answer->verdict == Verdict::unsupported) {
        log::info("a PDF gets no poster: libvips is installed without PDF");
    }
    co_return answer && answer->verdict == Verdict::done;
}

Task<> VipsPosters::take_frame(ChildFiles files, FilmJob job) {
    std::vector<std::string> command = options_.film_command;
    for (std::string& argument : arguments_of(job)) command.push_back(std::move(argument));
    // It answers nothing; what counts is what it has written.
    static_cast<void>(co_await workers_.see_to_end(std::move(command), files));
}

Task<std::optional<VipsPosters::Source>> VipsPosters::open(
    const model::File& file,
    storage::ObjectStore& objects
) {
    auto local = co_await objects.open_local(file.object);
    if (!local) co_return co_await copy(file, objects);
    std::optional<Source> source(std::in_place);
    source->file = std::move(local->file);
    co_return source;
}

Task<std::optional<VipsPosters::Source>> VipsPosters::copy(
    const model::File& file,
    storage::ObjectStore& objects
) {
    storage::ByteRange range;
    range.size = picture_bytes_max;
    const auto reader = co_await objects.open(file.object, range);
    if (reader == nullptr) co_return std::nullopt;
    auto make = [this] { return Spool(pictures_.spools()); };
    Spool spool = co_await offload_.run(make);
    for (;;) {
        const std::string piece = co_await reader->next();
        if (piece.empty()) break;
        auto append = [&spool, &piece] {
            spool.append(piece);
            return true;
        };
        static_cast<void>(co_await offload_.run(append));
    }
    std::optional<Source> source(std::in_place);
    source->file = spool.open_to_read();
    source->copy.emplace(std::move(spool));
    co_return source;
}

}  // namespace banter::vips
