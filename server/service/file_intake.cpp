#include "service/file_intake.hpp"

#include "model/file_name.hpp"
#include "model/limits.hpp"

#include <algorithm>
#include <utility>

namespace banter::service {

namespace {

Error too_large(std::uint64_t bytes_max) {
    return {Errc::too_large, "a file has at most " + std::to_string(bytes_max) + " bytes here"};
}

constexpr const char* unknown_type = "application/octet-stream";
/// What is found may be less than malware, such as an archive that nobody can look into.
Error found(const std::string& finding) {
    return {Errc::malware, "the virus scanner found " + finding + " in the file"};
}

Error no_picture() { return {Errc::bad_image, "the file is no picture, though it is called one"}; }

}  // namespace

/// The source's pieces, counted, looked through for malware, with the first ones read ahead.
class FileIntake::Pieces {
public:
    Pieces(ByteSource& source, std::uint64_t bytes_max) : source_(source), bytes_max_(bytes_max) {}

    Task<> scan_with(storage::VirusScanner& scanner) { scan_ = co_await scanner.begin(); }

    /// Reads so much ahead that the file's type can be told, or all of it.
    Task<std::optional<Error>> read_head() {
        while (head_.size() < storage::media_type_bytes) {
            auto piece = co_await pull();
            if (!piece) co_return std::move(piece).error();
            if (piece->empty()) break;
            head_.append(*piece);
        }
        co_return std::nullopt;
    }

    [[nodiscard]] std::string head() const { return head_.substr(0, storage::media_type_bytes); }

    /// From the first byte on.
    Task<Result<std::string_view>> next() {
        if (!std::exchange(head_given_, true) && !head_.empty()) co_return std::string_view(head_);
        head_ = std::string();
        co_return co_await pull();
    }

    void limit(std::uint64_t bytes_max) { bytes_max_ = std::min(bytes_max_, bytes_max); }
    [[nodiscard]] bool exceeds() const { return bytes_ > bytes_max_; }

private:
    Task<Result<std::string_view>> pull() {
        auto piece = co_await source_.next();
        if (!piece) co_return piece;
        bytes_ += piece->size();
        if (exceeds()) co_return too_large(bytes_max_);
        if (scan_ == nullptr) co_return piece;
        if (!piece->empty()) {
            co_await scan_->append(*piece);
            co_return piece;
        }
        const auto finding = co_await scan_->finish();
        scan_.reset();
        if (finding) co_return found(*finding);
        co_return piece;
    }

    ByteSource& source_;
    std::uint64_t bytes_max_;
    std::uint64_t bytes_ = 0;
    std::unique_ptr<storage::VirusScan> scan_;
    std::string head_;
    bool head_given_ = false;
};

/// The object that the bytes become. Dropped before finish(), it never was.
class FileIntake::Kept {
public:
    static Task<Kept> begin(storage::FileStorage& storage, Random& random, std::uint64_t expected) {
        Kept kept;
        kept.claim_ = storage.fresh.make(random);
        kept.draft_ = co_await storage.objects.begin(kept.claim_.key(), expected);
        co_return kept;
    }

    Task<> append(std::string_view piece) {
        hash_.bytes(piece);
        bytes_ += piece.size();
        co_await draft_->append(piece);
    }

    Task<> finish(TakenFile& taken) {
        co_await draft_->finish();
        taken.file.object = claim_.key();
        taken.claim = std::move(claim_);
        taken.file.bytes = bytes_;
        taken.sha256 = hash_.finish();
    }

private:
    storage::FreshObjects::Claim claim_;
    std::unique_ptr<storage::ObjectDraft> draft_;
    Sha256 hash_;
    std::uint64_t bytes_ = 0;
};

std::optional<Error> FileIntake::refused_size(std::uint64_t bytes) const {
    if (bytes <= rules_.file_bytes_max) return std::nullopt;
    return too_large(rules_.file_bytes_max);
}

Task<Result<TakenFile>> FileIntake::take(IncomingFile incoming, ByteSource& source) {
    // First of all, as it is what may be refused for want of room.
    Kept kept = co_await Kept::begin(storage_, random_, incoming.bytes_expected);
    Pieces pieces(source, rules_.file_bytes_max);
    if (storage_.scanner != nullptr) co_await pieces.scan_with(*storage_.scanner);
    auto failed = co_await pieces.read_head();
    if (failed) co_return std::move(*failed);
    TakenFile taken;
    taken.file.name = model::file_name(incoming.name);
    taken.file.media_type = co_await storage_.media_types.detect(pieces.head());
    if (auto refused = refused_type(rules_.types, taken.file.media_type)) {
        co_return std::move(*refused);
    }
    if (!is_picture(taken.file.media_type)) {
        if (claims_picture(incoming.name, incoming.claimed_type)) co_return no_picture();
        co_return co_await take_as_is(std::move(taken), pieces, kept);
    }
    if (storage_.pictures != nullptr) {
        // Held from the first byte on: what waits to be looked into takes room that others need.
        const PictureTurns::Turn turn = co_await picture_turns_.take(incoming.uploader);
        const auto picture = co_await storage_.pictures->receive();
        if (picture != nullptr) {
            co_return co_await take_picture(std::move(taken), pieces, *picture, kept);
        }
    }
    // Nobody looks into it, so nobody is told that it could be shown.
    taken.file.media_type = unknown_type;
    co_return co_await take_as_is(std::move(taken), pieces, kept);
}

Task<Result<TakenFile>> FileIntake::take_as_is(TakenFile taken, Pieces& pieces, Kept& kept) {
    taken.unrendered =
        storage_.posters != nullptr && storage_.posters->can_draw(taken.file.media_type);
    for (;;) {
        auto piece = co_await pieces.next();
        if (!piece) co_return std::move(piece).error();
        if (piece->empty()) break;
        co_await kept.append(*piece);
    }
    co_await kept.finish(taken);
    co_return taken;
}

Task<Result<TakenFile>> FileIntake::take_picture(
    TakenFile taken,
    Pieces& pieces,
    storage::IncomingPicture& picture,
    Kept& kept
) {
    pieces.limit(model::limits::picture_bytes_max);
    for (;;) {
        auto piece = co_await pieces.next();
        if (!piece) co_return std::move(piece).error();
        if (piece->empty()) break;
        co_await picture.append(*piece);
    }
    auto facts = co_await picture.inspect();
    if (!facts) co_return std::move(facts).error();
    if (auto refused = refused_type(rules_.types, facts->media_type)) co_return std::move(*refused);
    taken.file.media_type = facts->media_type;
    taken.file.picture = model::PictureFacts{
        .width = facts->width,
        .height = facts->height,
        .thumbhash = std::move(facts->thumbhash),
    };
    taken.unrendered = !facts->animated;
    for (;;) {
        const std::string piece = co_await picture.next();
        if (piece.empty()) break;
        co_await kept.append(piece);
    }
    co_await kept.finish(taken);
    co_return taken;
}

}  // namespace banter::service
