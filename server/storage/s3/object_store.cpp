#include "storage/s3/object_store.hpp"

#include "storage/s3/owner.hpp"
#include "storage/s3/reader.hpp"
#include "storage/s3/upload.hpp"

#include <utility>

namespace banter::s3 {

namespace {

using storage::ObjectKey;
using storage::StoredObject;

constexpr std::size_t page_objects_max = 1'000;
/// Some 400 bytes an object, in a page, and 800 an upload; with the longest prefix 2 KiB more.
constexpr std::size_t page_bytes_max = 3 * 1024 * 1024;
constexpr std::size_t page_uploads_max = 500;
/// How many pages of uploads a sweep looks at; the next sweep looks at the others.
constexpr int sweep_pages_max = 200;
/// Uploads that can't be ended, in a row, after which a sweep gives up.
constexpr int sweep_failures_max = 10;
/// Pages of parts: as many as an upload can have.
constexpr int parts_pages_max = 10;
/// Before what a page ended with, in a cursor.
constexpr std::string_view cursor_mark = "after:";
constexpr std::size_t cursor_bytes_max = 1'100;

Operation listing(std::string doing) {
    Operation operation;
    operation.doing = std::move(doing);
    operation.answer_bytes_max = page_bytes_max;
    return operation;
}

}  // namespace

S3ObjectStore::S3ObjectStore(
    S3Options options,
    EndpointParts parts,
    TaskGroup& endings,
    const RetryLimits& retries
)
    : endpoint_(std::move(options), std::move(parts), retries), endings_(endings) {}

Task<> S3ObjectStore::check() {
    (void)co_await load_page(std::string(), 1);
    UploadsPage first;
    (void)co_await load_uploads(std::move(first), 1);
}

Task<bool> S3ObjectStore::claim(std::string owner, bool take_over) {
    return claim_prefix(endpoint_, std::move(owner), take_over);
}

Task<std::unique_ptr<storage::ObjectDraft>> S3ObjectStore::begin(
    ObjectKey key,
    std::uint64_t bytes_expected
) {
    co_return std::make_unique<Upload>(endpoint_, endings_, endpoint_.key_of(key), bytes_expected);
}

Task<std::unique_ptr<storage::ObjectReader>> S3ObjectStore::open(
    ObjectKey key,
    storage::ByteRange range
) {
    return open_object(endpoint_, endpoint_.key_of(key), range);
}

Task<std::optional<std::uint64_t>> S3ObjectStore::size(ObjectKey key) {
    return load_size(endpoint_, endpoint_.key_of(key));
}

Task<> S3ObjectStore::remove(ObjectKey key) {
    Operation remove;
    remove.doing = "removing an object";
    remove.method = "DELETE";
    remove.key = endpoint_.key_of(key);
    remove.accepted = {204, 200};
    remove.may_be_missing = true;
    (void)co_await endpoint_.ask(std::move(remove));
}

std::optional<ObjectKey> S3ObjectStore::parse_key(std::string_view key) const {
    const std::string& prefix = endpoint_.options().prefix;
    if (!key.starts_with(prefix)) return std::nullopt;
    return ObjectKey::parse(key.substr(prefix.size()));
}

Task<ObjectsPage> S3ObjectStore::load_page(std::string start_after, std::size_t count_max) {
    Operation list = listing("listing objects");
    list.query = {
        {"list-type", "2"},
        {"prefix", endpoint_.options().prefix},
        {"max-keys", std::to_string(count_max)},
        {"encoding-type", "url"}};
    if (!start_after.empty()) list.query.push_back({"start-after", start_after});
    const std::string doing = list.doing;
    const Answer answer = co_await endpoint_.ask(std::move(list));
    auto page = parse_objects(answer.body);
    // One that doesn't go on would never end.
    const bool goes_on =
        page &&
        (!page->truncated || (!page->objects.empty() && page->objects.back().key > start_after));
    if (!goes_on) throw nonsense(endpoint_.options(), doing, "the answer is none").failure();
    co_return std::move(*page);
}

Task<model::Page<StoredObject>> S3ObjectStore::list(
    Timestamp before,
    std::optional<std::string> cursor
) {
    model::Page<StoredObject> page;
    std::string start_after;
    if (cursor) {
        if (!cursor->starts_with(cursor_mark) || cursor->size() > cursor_bytes_max) co_return page;
        start_after = cursor->substr(cursor_mark.size());
    }
    const ObjectsPage found = co_await load_page(std::move(start_after), page_objects_max);
    for (const ListedObject& object : found.objects) {
        const auto key = parse_key(object.key);  // others may keep theirs here, too
        if (!key || object.written_at >= before) continue;
        page.items.push_back(StoredObject{*key, object.size, object.written_at});
    }
    if (found.truncated) page.next = std::string(cursor_mark) + found.objects.back().key;
    co_return page;
}

Task<UploadsPage> S3ObjectStore::load_uploads(UploadsPage after, std::size_t count_max) {
    Operation list = listing("listing uploads");
    list.query = {
        {"uploads", ""},
        {"prefix", endpoint_.options().prefix},
        {"max-uploads", std::to_string(count_max)},
        {"encoding-type", "url"}};
    if (!after.next_key.empty()) list.query.push_back({"key-marker", after.next_key});
    if (!after.next_id.empty()) list.query.push_back({"upload-id-marker", after.next_id});
    const std::string doing = list.doing;
    const Answer answer = co_await endpoint_.ask(std::move(list));
    auto page = parse_uploads(answer.body);
    if (!page) throw nonsense(endpoint_.options(), doing, "the answer is none").failure();
    co_return std::move(*page);
}

/// One upload that can't be ended holds up no other; it is told of in the end.
Task<std::size_t> S3ObjectStore::sweep_drafts(Timestamp before) {
    std::size_t count = 0;
    int failures = 0;
    std::optional<Trouble> trouble;
    UploadsPage page;
    for (int pages = 0; pages < sweep_pages_max; ++pages) {
        page = co_await load_uploads(std::move(page), page_uploads_max);
        for (const ListedUpload& upload : page.uploads) {
            const bool left = co_await is_left(upload, before);
            if (!left) continue;
            auto failed = co_await try_end_upload(endpoint_, upload.key, upload.id);
            failures = failed ? failures + 1 : 0;
            if (failed) trouble = std::move(failed);
            if (failures == sweep_failures_max) throw trouble->failure();
            if (failures == 0) ++count;
        }
        if (!page.truncated || page.next_key.empty()) break;
    }
    if (trouble) throw trouble->failure();
    co_return count;
}

/// Whether it is one of ours that was begun and last appended to before that.
Task<bool> S3ObjectStore::is_left(ListedUpload upload, Timestamp before) {
    if (!parse_key(upload.key) || upload.begun_at >= before) co_return false;
    std::string marker;
    for (int pages = 0; pages < parts_pages_max; ++pages) {
        Operation list = listing("listing parts");
        list.key = upload.key;
        list.query = {{"uploadId", upload.id}};
        if (!marker.empty()) list.query.push_back({"part-number-marker", marker});
        list.may_be_missing = true;
        const std::string doing = list.doing;
        const Answer answer = co_await endpoint_.ask(std::move(list));
        if (answer.status == 404) co_return false;  // ended meanwhile
        const auto page = parse_parts(answer.body);
        if (!page) throw nonsense(endpoint_.options(), doing, "the answer is none").failure();
        if (page->written_at.value_or(upload.begun_at) >= before) co_return false;
        if (!page->truncated || page->next_part.empty()) break;
        marker = page->next_part;
    }
    co_return true;
}

}  // namespace banter::s3
