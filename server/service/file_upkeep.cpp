#include "service/file_upkeep.hpp"

#include "base/log.hpp"
#include "model/limits.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <variant>

namespace banter::service {

namespace {

/// How much one transaction drops.
constexpr std::size_t dropped_at_once = 100;

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
    const auto files = co_await storage_.files.list_unrendered(1);
    if (files.empty()) co_return false;
    const model::File& file = files.front();
    making_.clear();
    std::vector<model::FileVariant> variants = co_await render(file);
    std::vector<model::ObjectKey> objects;
    for (const auto& variant : variants) objects.push_back(variant.object);
    const bool kept = co_await storage_.files.add_variants(file.id, std::move(variants));
    if (!kept) co_await remove_objects(std::move(objects));
    co_return true;
}

Task<std::vector<model::FileVariant>> FileUpkeep::render(const model::File& file) {
    std::vector<model::FileVariant> variants;
    if (file_storage_.pictures == nullptr) co_return variants;
    const auto picture = co_await file_storage_.pictures->receive();
    const auto reader = co_await file_storage_.objects.open(file.object, storage::ByteRange());
    if (picture == nullptr || reader == nullptr || !file.picture) co_return variants;
    for (;;) {
        const std::string piece = co_await reader->next();
        if (piece.empty()) break;
        co_await picture->append(piece);
    }
    for (const std::uint32_t width : widths_of(file.picture->width)) {
        for (const auto format : formats) {
            const storage::Rendering rendering{format, width};
            auto variant = co_await store_rendering(*picture, rendering);
            // One that came out larger than the picture itself serves nobody.
            if (variant) variants.push_back(*std::move(variant));
        }
    }
    co_return variants;
}

Task<std::optional<model::FileVariant>> FileUpkeep::store_rendering(
    storage::IncomingPicture& picture,
    storage::Rendering rendering
) {
    const auto rendered = co_await picture.render(rendering);
    if (!rendered) co_return std::nullopt;
    model::FileVariant variant{
        .object = making_.emplace_back(model::ObjectKey::make(random_)),
        .media_type = media_type_of(rendering.format),
        .width = rendered->width,
        .height = rendered->height,
        .bytes = rendered->bytes,
    };
    const auto draft = co_await file_storage_.objects.begin(variant.object, variant.bytes);
    for (;;) {
        const std::string piece = co_await picture.next();
        if (piece.empty()) break;
        co_await draft->append(piece);
    }
    co_await draft->finish();
    co_return variant;
}

Task<std::size_t> FileUpkeep::remove_dropped() {
    const Timestamp now = clock_.now();
    const Timestamp before = now - rules_.unlinked_lifetime;
    auto dropped = co_await storage_.files.drop_unlinked(before, now, dropped_at_once);
    auto uploads = co_await storage_.uploads.drop_expired(now, dropped_at_once);
    std::move(uploads.begin(), uploads.end(), std::back_inserter(dropped));
    for (auto& one : dropped) {
        co_await remove_objects(std::move(one.objects));
        if (const auto* file = std::get_if<model::FileId>(&one.owner)) {
            co_await storage_.files.forget(*file);
        } else {
            co_await storage_.uploads.forget(std::get<model::UploadId>(one.owner));
        }
    }
    co_return dropped.size();
}

Task<bool> FileUpkeep::sweep_next() {
    const Timestamp before = clock_.now() - rules_.unlinked_lifetime;
    auto page = co_await file_storage_.objects.list(before, swept_up_to_);
    std::vector<model::ObjectKey> objects;
    for (const auto& object : page.items) {
        const bool made_now =
            std::find(making_.begin(), making_.end(), object.key) != making_.end();
        if (!made_now) objects.push_back(object.key);
    }
    auto unknown = co_await storage_.files.unknown_among(std::move(objects));
    if (!unknown.empty()) {
        log::info(
            "removing files that nothing knows of",
            {{"count", static_cast<std::int64_t>(unknown.size())}}
        );
    }
    co_await remove_objects(std::move(unknown));
    swept_up_to_ = std::move(page.next);
    if (swept_up_to_) co_return true;
    const std::size_t drafts = co_await file_storage_.objects.sweep_drafts(before);
    if (drafts > 0)
        log::info(
            "removed uploads that never ended", {{"count", static_cast<std::int64_t>(drafts)}}
        );
    co_return false;
}

Task<> FileUpkeep::remove_objects(std::vector<model::ObjectKey> objects) {
    for (const auto& object : objects) co_await file_storage_.objects.remove(object);
}

}  // namespace banter::service
