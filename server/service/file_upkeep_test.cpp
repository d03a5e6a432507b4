// What files need in the background goes on whatever becomes of one of them.
#include "service/file_upkeep.hpp"

#include "service/testing/scripted_source.hpp"
#include "service/testing/world.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace banter::service {
namespace {

using namespace std::chrono_literals;
using model::ObjectKey;
using storage::ByteRange;

/// A store in which some objects can't be opened and removed: a legal hold, a bad disk.
class HeldStore final : public storage::ObjectStore {
public:
    explicit HeldStore(storage::ObjectStore& store) : store_(store) {}

    Task<std::unique_ptr<storage::ObjectDraft>> begin(ObjectKey key, std::uint64_t bytes) override {
        return store_.begin(key, bytes);
    }
    Task<std::unique_ptr<storage::ObjectReader>> open(ObjectKey key, ByteRange range) override {
        meet(key);
        return store_.open(key, range);
    }
    Task<std::optional<std::uint64_t>> size(ObjectKey key) override { return store_.size(key); }
    Task<> remove(ObjectKey key) override {
        meet(key);
        return store_.remove(key);
    }
    Task<model::Page<storage::StoredObject>> list(
        Timestamp before,
        std::optional<std::string> cursor
    ) override {
        return store_.list(before, std::move(cursor));
    }
    Task<std::size_t> sweep_drafts(Timestamp before) override {
        return store_.sweep_drafts(before);
    }

    std::set<ObjectKey> held;
    int refused = 0;

private:
    void meet(ObjectKey key) {
        if (!held.contains(key)) return;
        ++refused;
        throw StorageFailure(Errc::storage_unavailable, "it is held");
    }

    storage::ObjectStore& store_;
};

/// Of which nothing smaller can be made.
class PlainPictures final : public storage::Pictures {
public:
    class Picture final : public storage::IncomingPicture {
    public:
        Task<> append(std::string_view) override { co_return; }
        Task<Result<storage::Picture>> inspect() override { co_return none(); }
        Task<Result<storage::Rendered>> render(storage::Rendering) override { co_return none(); }
        Task<std::string> next() override { co_return std::string(); }

    private:
        static Error none() { return {Errc::unsupported_media, "not here", {}}; }
    };

    Task<std::unique_ptr<storage::IncomingPicture>> receive() override {
        co_return std::make_unique<Picture>();
    }
    Task<bool> available() override { co_return true; }
};

class FileUpkeepTest : public ::testing::Test {
protected:
    ObjectKey upload(const std::string& bytes) {
        ScriptedSource source(bytes);
        IncomingFile incoming{.name = "a.txt", .claimed_type = {}, .bytes_expected = 0};
        auto file = world.run(world->files.upload(ada, std::move(incoming), source));
        return file.value().object;
    }
    std::vector<ObjectKey> upload(std::size_t count) {
        std::vector<ObjectKey> objects;
        for (std::size_t i = 0; i < count; ++i) objects.push_back(upload("some"));
        return objects;
    }
    /// A picture of which no smaller ones were made yet.
    ObjectKey picture() {
        storage::NewFile added;
        added.file.id = world->ids.make<model::FileId>();
        added.file.object = put();
        added.file.name = "a.png";
        added.file.media_type = "image/png";
        added.file.bytes = 4;
        added.file.picture = model::PictureFacts{.width = 10, .height = 10, .thumbhash = {}};
        added.uploader = ada.user;
        added.workspace = ada.workspace;
        added.created_at = world.clock.now();
        added.unrendered = true;
        const ObjectKey object = added.file.object;
        EXPECT_TRUE(world.run(world->storage.files.add(std::move(added), {})).has_value());
        return object;
    }
    /// An object that nothing knows of.
    ObjectKey put() { return put(ObjectKey::make(random)); }
    ObjectKey put(ObjectKey key) {
        const auto draft = world.run(world->file_storage.objects.begin(key, 0));
        world.run(draft->append("some"));
        world.run(draft->finish());
        return key;
    }
    /// For a sweep: the disk has a clock of its own.
    void age(ObjectKey key) {
        const auto path = world.folder.path() / "files" / key.text().substr(0, 2) / key.text();
        std::filesystem::last_write_time(
            path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(24 * 365 * 10)
        );
    }
    bool is_there(ObjectKey key) {
        return world.run(world->file_storage.objects.size(key)).has_value();
    }
    std::size_t unrendered() { return world.run(world->storage.files.list_unrendered(100)).size(); }
    std::size_t remove() { return world.run(upkeep.remove_dropped()); }
    bool sweep() { return world.run(upkeep.sweep_next()); }
    bool render() { return world.run(upkeep.render_next()); }

    World world{{}, 2};
    Caller ada = world.caller("ada");
    SeededRandom random{4711};
    HeldStore store{world->file_storage.objects};
    PlainPictures pictures;
    storage::FileStorage file_storage{
        .objects = store,
        .fresh = world->file_storage.fresh,
        .media_types = world->file_storage.media_types,
        .pictures = &pictures,
        .scanner = nullptr,
        .cdn = world->file_storage.cdn,
        .links = nullptr,
    };
    FileRules rules{.unlinked_lifetime = 24h};
    FileUpkeep
        upkeep{rules, world->storage, file_storage, world.fresh_objects(), world.clock, random};
};

TEST_F(FileUpkeepTest, one_object_that_cannot_be_removed_holds_up_no_other_and_is_tried_later) {
    const auto objects = upload(3);
    store.held = {objects[0]};
    world.clock.advance(25h);
    EXPECT_EQ(remove(), 2U);
    EXPECT_TRUE(is_there(objects[0]));
    EXPECT_FALSE(is_there(objects[1]) || is_there(objects[2]));
    EXPECT_EQ(remove(), 0U);
    EXPECT_EQ(store.refused, 1) << "not at once";
    world.clock.advance(1s);
    EXPECT_EQ(remove(), 0U);
    EXPECT_EQ(store.refused, 2);
    store.held.clear();
    world.clock.advance(1s);
    EXPECT_EQ(remove(), 0U) << "ever more rarely";
    world.clock.advance(1s);
    EXPECT_EQ(remove(), 1U);
    EXPECT_FALSE(is_there(objects[0]));
}

TEST_F(FileUpkeepTest, more_of_them_than_are_dropped_at_once_hold_up_no_other_either) {
    const auto held = upload(105);
    store.held = {held.begin(), held.end()};
    world.clock.advance(25h);
    // Ten in a row are a store that is away, and the call throws.
    for (int i = 0; i < 20; ++i) {
        try {
            (void)remove();
        } catch (const StorageFailure&) {}
    }
    const auto free = upload("free");
    world.clock.advance(25h);
    for (int i = 0; i < 20; ++i) {
        try {
            (void)remove();
        } catch (const StorageFailure&) {}
    }
    EXPECT_FALSE(is_there(free));
    EXPECT_TRUE(is_there(held.front()));
}

TEST_F(FileUpkeepTest, a_store_that_is_away_is_told_and_not_asked_for_every_file) {
    const auto objects = upload(30);
    store.held = {objects.begin(), objects.end()};
    world.clock.advance(25h);
    EXPECT_THROW((void)remove(), StorageFailure);
    EXPECT_EQ(store.refused, 10);
    store.held.clear();
    world.clock.advance(1s);
    EXPECT_EQ(remove(), 30U);
}

TEST_F(FileUpkeepTest, a_picture_that_cannot_be_read_holds_up_no_other_and_is_tried_later) {
    store.held = {picture()};
    picture();
    picture();
    while (render()) {}
    EXPECT_EQ(unrendered(), 1U);
    EXPECT_EQ(store.refused, 1);
    world.clock.advance(1s);
    EXPECT_TRUE(render());
    EXPECT_EQ(store.refused, 2);
    store.held.clear();
    world.clock.advance(2s);
    EXPECT_TRUE(render());
    EXPECT_FALSE(render());
    EXPECT_EQ(unrendered(), 0U);
}

TEST_F(FileUpkeepTest, a_store_that_is_away_is_not_asked_for_every_picture) {
    for (int i = 0; i < 15; ++i) store.held.insert(picture());
    for (int i = 0; i < 9; ++i) EXPECT_TRUE(render());
    EXPECT_THROW((void)render(), StorageFailure);
}

TEST_F(FileUpkeepTest, a_sweep_goes_past_what_cannot_be_removed) {
    const auto held = put();
    const auto stray = put();
    age(held);
    age(stray);
    store.held = {held};
    EXPECT_FALSE(sweep());
    EXPECT_FALSE(is_there(stray));
    EXPECT_TRUE(is_there(held));
    store.held.clear();
    world.clock.advance(1s);
    EXPECT_FALSE(sweep());
    EXPECT_FALSE(is_there(held));
}

TEST_F(FileUpkeepTest, what_is_about_to_be_known_is_no_stray_on_whichever_loop_and_however_old) {
    for (const std::size_t loop : {0U, 1U}) {
        const auto fresh = [&] {
            const auto claim = world.at(loop).file_storage.fresh.make(random);
            put(claim.key());
            age(claim.key());
            EXPECT_FALSE(sweep());
            EXPECT_TRUE(is_there(claim.key()));
            return claim.key();
        }();
        EXPECT_FALSE(sweep());
        EXPECT_FALSE(is_there(fresh)) << "it was given up";
    }
}

/// Looks at the store when its bytes are all taken, before the file is known.
class WatchedSource final : public ByteSource {
public:
    explicit WatchedSource(storage::FreshObjects& fresh) : fresh_(fresh) {}

    Task<Result<std::string_view>> next() override {
        was_claimed = fresh_.size() == 1;
        co_return std::string_view();
    }

    bool was_claimed = false;

private:
    storage::FreshObjects& fresh_;
};

TEST_F(FileUpkeepTest, an_upload_claims_its_object_until_the_file_is_known) {
    WatchedSource source(world->file_storage.fresh);
    IncomingFile incoming{.name = "a.txt", .claimed_type = {}, .bytes_expected = 0};
    auto taken = world.run(world->files.intake().take(std::move(incoming), source));
    ASSERT_TRUE(taken.has_value());
    EXPECT_TRUE(source.was_claimed);
    EXPECT_TRUE(world->file_storage.fresh.has(taken->file.object)) << "stored, and not known yet";
    const auto object = taken->file.object;
    const auto kept = world.run(world->files.keep(ada, *std::move(taken), std::nullopt));
    EXPECT_TRUE(kept.has_value());
    EXPECT_FALSE(world->file_storage.fresh.has(object));
}

}  // namespace
}  // namespace banter::service
