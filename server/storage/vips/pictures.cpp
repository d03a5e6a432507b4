#include "storage/vips/pictures.hpp"

#include "base/encoding.hpp"
#include "base/log.hpp"
#include "model/limits.hpp"
#include "storage/vips/worker.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace banter::vips {

namespace {

/// What next() gives at most, in bytes.
constexpr std::size_t chunk_bytes_max = 128 * 1024;

/// Callers that wait while the first finds out whether there is a library.
constexpr unsigned asking_max = 1'000;

struct Parts {
    SpoolFolder& spools;
    Offload& offload;
    Workers& inspectors;
    Workers& renderers;
};

/// Why a job came to nothing, as the caller is told.
Error error_of(const std::optional<Answer>& answer) {
    if (!answer || answer->verdict == Verdict::bad_image) return {.code = Errc::bad_image};
    if (answer->verdict == Verdict::unsupported) return {.code = Errc::unsupported_media};
    if (answer->verdict == Verdict::no_space) {
        throw StorageFailure(Errc::storage_full, "there is no space for a picture");
    }
    throw StorageFailure(Errc::storage_unavailable, "libvips can't be opened any more");
}

bool is_done(const std::optional<Answer>& answer) {
    return answer && answer->verdict == Verdict::done;
}

class Incoming final : public storage::IncomingPicture {
public:
    Incoming(Spool source, Parts parts)
        : source_(std::move(source)), received_(source_.size()), parts_(parts) {}

    Task<> append(std::string_view chunk) override {
        received_ += chunk.size();
        if (received_ > model::limits::picture_bytes_max) co_return;
        auto work = [&spool = source_, chunk] {
            spool.append(chunk);
            return true;
        };
        (void)co_await parts_.offload.run(work);
    }

    Task<Result<storage::Picture>> inspect() override {
        const Job job{.work = Work::inspect};
        // Erasing makes nothing longer.
        const std::optional<Answer> answer = co_await run(parts_.inspectors, job, received_);
        if (!is_done(answer)) co_return error_of(answer);
        storage::Picture picture{
            .media_type = std::string(name_of(answer->media_type)),
            .width = answer->width,
            .height = answer->height,
            .thumbhash = base64(answer->thumbhash),
            .animated = answer->animated};
        co_return picture;
    }

    Task<Result<storage::Rendered>> render(storage::Rendering rendering) override {
        const bool webp = rendering.format == storage::PictureFormat::webp;
        const Job job{
            .work = webp ? Work::render_webp : Work::render_avif, .width = rendering.width};
        const std::optional<Answer> answer =
            co_await run(parts_.renderers, job, model::limits::picture_bytes_max);
        if (!is_done(answer)) co_return error_of(answer);
        co_return storage::Rendered{
            .width = answer->width, .height = answer->height, .bytes = made_size_};
    }

    Task<std::string> next() override {
        if (read_ == made_size_) co_return std::string();
        auto work = [&spool = *made_, offset = read_] {
            return spool.read(offset, chunk_bytes_max);
        };
        std::string chunk = co_await parts_.offload.run(work);
        if (chunk.empty())
            throw StorageFailure(Errc::storage_unavailable, "a picture became shorter");
        read_ += chunk.size();
        co_return chunk;
    }

private:
    /// A file for what is made, and the picture for somebody who may not change it.
    struct Files {
        Spool target;
        Descriptor source;
    };

    /// What is made has at most `bytes_max` bytes.
    Task<std::optional<Answer>> run(Workers& workers, Job job, std::uint64_t bytes_max) {
        made_.reset();
        made_size_ = 0;
        read_ = 0;
        if (received_ > model::limits::picture_bytes_max) co_return std::nullopt;
        auto open = [this, bytes_max] {
            Files files{Spool(parts_.spools), source_.open_to_read()};
            files.target.reserve(bytes_max);
            return files;
        };
        Files files = co_await parts_.offload.run(open);
        const ChildFiles given{*files.source, files.target.descriptor()};
        std::optional<Answer> answer = co_await workers.run(job, given);
        if (is_done(answer)) {
            files.target.settle();
            made_size_ = files.target.size();
            made_.emplace(std::move(files.target));
        }
        co_return answer;
    }

    Spool source_;
    std::uint64_t received_;
    std::optional<Spool> made_;
    std::uint64_t made_size_ = 0;
    std::uint64_t read_ = 0;
    Parts parts_;
};

/// One at a time: who asks for more is in no hurry.
WorkerOptions one_at_a_time(WorkerOptions options) {
    options.at_a_time = 1;
    return options;
}

}  // namespace

WorkerOptions default_workers() { return {.command = {"/proc/self/exe", worker_command}}; }

VipsPictures::VipsPictures(PictureOptions options, Offload& offload)
    : spools_(std::move(options.spool_directory), options.spool_limits),
      offload_(offload),
      inspectors_(options.workers, offload),
      renderers_(one_at_a_time(std::move(options.workers)), offload),
      asking_(1, asking_max) {}

Task<std::unique_ptr<storage::IncomingPicture>> VipsPictures::receive() {
    const bool usable = co_await available();
    if (!usable) co_return nullptr;
    auto work = [this] { return Spool(spools_); };
    Spool spool = co_await offload_.run(work);
    const Parts parts{spools_, offload_, inspectors_, renderers_};
    co_return std::make_unique<Incoming>(std::move(spool), parts);
}

std::unique_ptr<storage::IncomingPicture> VipsPictures::adopt(Spool drawn) {
    const Parts parts{spools_, offload_, inspectors_, renderers_};
    return std::make_unique<Incoming>(std::move(drawn), parts);
}

Task<bool> VipsPictures::available() {
    const Turn turn = co_await asking_.take();
    if (available_) co_return *available_;
    const bool found = co_await inspectors_.probe();
    available_ = found;
    if (found) {
        log::info("pictures are looked into");
    } else {
        log::warning(
            "pictures are kept as they come, for saving only: there is no libvips that can be "
            "confined"
        );
    }
    co_return found;
}

}  // namespace banter::vips
