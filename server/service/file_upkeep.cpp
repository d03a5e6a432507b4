#include "service/file_upkeep.hpp"

#include "base/log.hpp"
#include "model/limits.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>
#include <variant>

namespace banter::service {

namespace {

/// How much one transaction drops.
constexpr std::size_t dropped_at_once = 100;

/// Failures in a row after which it is not one object that is stuck, but the store that is away.
constexpr std::size_t failures_max = 10;

void note(const char* what, const StorageFailure& failure) {
    log::warning(what, {{"code", wire_name(failure.code())}, {"why", failure.what()}});
}

constexpr std::array formats = {storage::PictureFormat::avif, storage::PictureFormat::webp};

std::string media_type_of(storage::PictureFormat format) {
    return format == storage::PictureFormat::avif ? "image/avif" : "image/webp";
}

/// The widths that variants of so wide a picture have: those below its own, and its own if it is
/// narrower than the widest.
std::vector<std::uint32_t> widths_of(std::uint32_t width) {
    std::vector<std::uint32_t> widths;
    for (const std::uint32_t wanted : model::limits::variant_widths) {
        widths.push_back(std::min(wanted, width));
        if (wanted >= width) break;
    }
    return widths;
}

}  // namespace

Task<bool> FileUpkeep::render_next() {
    const auto files = co_await storage_.files.list_unrendered(1 + renderings_.size());
    const auto next = std::find_if(files.begin(), files.end(), [this](const model::File& file) {
        return !renderings_.waits(file.id);
    });
    if (next == files.end()) co_return false;
    auto rendered = co_await try_render(*next);
    if (!rendered) co_return true;
    std::vector<model::ObjectKey> objects;
    for (const auto& variant : rendered->made.variants) objects.push_back(variant.object);
    const bool kept = co_await storage_.files.add_variants(next->id, std::move(rendered->made));
    if (!kept) co_await remove_objects(std::move(objects));
    co_return true;
}

Task<std::optional<FileUpkeep::Rendered>> FileUpkeep::try_render(model::File file) {
    const model::FileId id = file.id;
    try {
        Rendered rendered = co_await make_pictures(std::move(file));
        renderings_.succeeded(id);
        renderings_failed_ = 0;
        co_return rendered;
    } catch (const StorageFailure& failure) {
        renderings_.failed(id);
        if (++renderings_failed_ >= failures_max) {
            renderings_failed_ = 0;
            throw;
        }
        note("no smaller pictures could be made", failure);
    }
    co_return std::nullopt;
}

Task<FileUpkeep::Rendered> FileUpkeep::make_pictures(model::File file) {
    if (!file.picture) co_return co_await make_poster(std::move(file));
    Rendered rendered;
    const std::uint32_t width = file.picture->width;
    const auto picture = co_await open_picture(std::move(file));
    if (picture != nullptr) co_await render(*picture, width, rendered);
    co_return rendered;
}

Task<std::unique_ptr<storage::IncomingPicture>> FileUpkeep::open_picture(model::File file) {
    if (file_storage_.pictures == nullptr) co_return nullptr;
    auto picture = co_await file_storage_.pictures->receive();
    const auto reader = co_await file_storage_.objects.open(file.object, storage::ByteRange());
    if (picture == nullptr || reader == nullptr) co_return nullptr;
    for (;;) {
        const std::string piece = co_await reader->next();
        if (piece.empty()) break;
        co_await picture->append(piece);
    }
    co_return picture;
}

Task<FileUpkeep::Rendered> FileUpkeep::make_poster(model::File file) {
    Rendered rendered;
    if (file_storage_.posters == nullptr) co_return rendered;
    const auto poster = co_await file_storage_.posters->draw(file, file_storage_.objects);
    if (poster == nullptr) co_return rendered;
    auto facts = co_await poster->inspect();
    if (!facts || facts->animated) co_return rendered;
    co_await render(*poster, facts->width, rendered);
    if (rendered.made.variants.empty()) co_return rendered;
    rendered.made.poster = model::PictureFacts{
        .width = facts->width,
        .height = facts->height,
        .thumbhash = std::move(facts->thumbhash),
    };
    co_return rendered;
}

Task<> FileUpkeep::render(
    storage::IncomingPicture& picture,
    std::uint32_t width_shown,
    Rendered& rendered
) {
    for (const std::uint32_t width : widths_of(width_shown)) {
        for (const auto format : formats) {
            const storage::Rendering rendering{format, width};
            co_await store_rendering(picture, rendering, rendered);
        }
    }
}

Task<> FileUpkeep::store_rendering(
    storage::IncomingPicture& picture,
    storage::Rendering rendering,
    Rendered& rendered
) {
    const auto made = co_await picture.render(rendering);
    // One that came out larger than the picture itself serves nobody.
    if (!made) co_return;
    auto claim = file_storage_.fresh.make(random_);
    model::FileVariant variant{
        .object = claim.key(),
        .media_type = media_type_of(rendering.format),
        .width = made->width,
        .height = made->height,
        .bytes = made->bytes,
    };
    const auto draft = co_await file_storage_.objects.begin(variant.object, variant.bytes);
    for (;;) {
        const std::string piece = co_await picture.next();
        if (piece.empty()) break;
        co_await draft->append(piece);
    }
    co_await draft->finish();
    rendered.claims.push_back(std::move(claim));
    rendered.made.variants.push_back(std::move(variant));
}

Task<std::vector<storage::DroppedObjects>> FileUpkeep::drop() {
    const Timestamp now = clock_.now();
    const Timestamp before = now - rules_.unlinked_lifetime;
    // Those that wait are among them, and must leave room for others.
    const std::size_t count_max = dropped_at_once + removals_.size();
    auto dropped = co_await storage_.files.drop_unlinked(before, now, count_max);
    auto uploads = co_await storage_.uploads.drop_expired(now, count_max);
    std::move(uploads.begin(), uploads.end(), std::back_inserter(dropped));
    co_return dropped;
}

Task<std::size_t> FileUpkeep::remove_dropped() {
    std::size_t removed = 0;
    std::size_t failures = 0;
    auto dropped = co_await drop();
    for (auto& one : dropped) {
        if (removals_.waits(one.owner)) continue;
        const auto failure = co_await try_remove(std::move(one.objects));
        if (failure) {
            removals_.failed(one.owner);
            if (++failures == failures_max) throw *failure;
            continue;
        }
        failures = 0;
        removals_.succeeded(one.owner);
        co_await forget(one.owner);
        ++removed;
    }
    co_return removed;
}

Task<> FileUpkeep::forget(Owner owner) {
    if (const auto* file = std::get_if<model::FileId>(&owner)) {
        co_await storage_.files.forget(*file);
    } else {
        co_await storage_.uploads.forget(std::get<model::UploadId>(owner));
    }
}

Task<bool> FileUpkeep::sweep_next() {
    const Timestamp before = clock_.now() - rules_.unlinked_lifetime;
    auto page = co_await file_storage_.objects.list(before, swept_up_to_);
    const auto strays = co_await strays_among(std::move(page.items));
    std::int64_t removed = 0;
    std::size_t failures = 0;
    for (const model::ObjectKey& stray : strays) {
        if (strays_.waits(stray)) continue;
        std::vector<model::ObjectKey> one{stray};
        const auto failure = co_await try_remove(std::move(one));
        if (failure) {
            strays_.failed(stray);
            if (++failures == failures_max) throw *failure;
            continue;
        }
        failures = 0;
        strays_.succeeded(stray);
        ++removed;
    }
    if (removed > 0) log::info("removed files that nothing knew of", {{"count", removed}});
    swept_up_to_ = std::move(page.next);
    co_return swept_up_to_.has_value();
}

/// The loops are asked between the store and the database: what one of them has just made known is
/// in the latter.
Task<std::vector<model::ObjectKey>> FileUpkeep::strays_among(
    std::vector<storage::StoredObject> stored
) {
    std::vector<model::ObjectKey> objects;
    for (const auto& object : stored) objects.push_back(object.key);
    for (std::size_t loop = 0; loop < fresh_.size() && !objects.empty(); ++loop) {
        auto without_fresh = [objects = std::move(objects)](storage::FreshObjects& fresh) mutable {
            std::erase_if(objects, [&](model::ObjectKey key) { return fresh.has(key); });
            return std::move(objects);
        };
        objects = co_await fresh_.at(loop, std::move(without_fresh));
    }
    co_return co_await storage_.files.unknown_among(std::move(objects));
}

Task<> FileUpkeep::sweep_drafts() {
    const Timestamp before = clock_.now() - rules_.unlinked_lifetime;
    const std::size_t drafts = co_await file_storage_.objects.sweep_drafts(before);
    if (drafts == 0) co_return;
    log::info("removed uploads that never ended", {{"count", static_cast<std::int64_t>(drafts)}});
}

Task<> FileUpkeep::remove_objects(std::vector<model::ObjectKey> objects) {
    for (const auto& object : objects) co_await file_storage_.objects.remove(object);
}

Task<std::optional<StorageFailure>> FileUpkeep::try_remove(std::vector<model::ObjectKey> objects) {
    try {
        co_await remove_objects(std::move(objects));
    } catch (const StorageFailure& failure) {
        note("a file could not be removed", failure);
        co_return failure;
    }
    co_return std::nullopt;
}

}  // namespace banter::service
