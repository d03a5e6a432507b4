// An upload in parts goes on where it was cut, and becomes one file.
#include "service/uploads.hpp"

#include "service/testing/scripted_source.hpp"
#include "service/testing/world.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace banter::service {
namespace {

class UploadsTest : public ::testing::Test {
protected:
    explicit UploadsTest(WorldRules rules = {}) : world(std::move(rules)) {
        SeededRandom random(1);
        std::string block(1024, '\0');
        for (int i = 0; i < 300; ++i) {
            random.fill({reinterpret_cast<std::uint8_t*>(block.data()), block.size()});
            bytes += block;
        }
    }

    static UploadRequest request(std::uint64_t size, std::string name = "data.bin") {
        return {.name = std::move(name), .claimed_type = {}, .metadata = {}, .bytes = size};
    }
    Result<UploadProgress> try_begin(std::uint64_t size, std::string name = "data.bin") {
        return world.run(world->uploads.begin(ada, request(size, std::move(name)), nullptr));
    }
    Result<UploadProgress> begin_with(std::uint64_t size, ScriptedSource source) {
        return world.run(world->uploads.begin(ada, request(size), &source));
    }
    model::Upload begin(std::uint64_t size, std::string name = "data.bin") {
        return try_begin(size, std::move(name)).value().upload;
    }
    Result<UploadProgress> find(const model::Upload& upload) {
        return world.run(world->uploads.find(ada, upload.id));
    }
    std::uint64_t used() { return world.run(world->storage.files.used(ada.user)).user_bytes; }
    void upkeep() { (void)world.run(world->file_upkeep.remove_dropped()); }
    Result<UploadProgress> extend(
        const Caller& caller,
        const model::Upload& upload,
        std::uint64_t offset,
        std::string piece,
        bool cut = false
    ) {
        std::optional<Error> failure;
        if (cut) failure = Error{Errc::bad_request, "gone"};
        ScriptedSource source(std::move(piece), failure);
        return world.run(world->uploads.extend(caller, upload.id, offset, source));
    }
    std::size_t objects() {
        // What was dropped is removed by whoever does this, before.
        (void)world.run(world->file_storage.objects.size({}));
        std::size_t count = 0;
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(world.folder.path() / "files")) {
            if (entry.is_regular_file()) ++count;
        }
        return count;
    }
    std::string bytes_of(model::FileId id) {
        const auto file = world.run(world->files.find(ada, id)).value();
        auto reader = world.run(world->files.read(file.object, {}));
        std::string all;
        for (;;) {
            const std::string piece = world.run(reader->next());
            if (piece.empty()) return all;
            all += piece;
        }
    }
    static Errc code_of(const Result<UploadProgress>& progress) {
        return progress ? Errc::internal : progress.error().code;
    }

    World world;
    Caller ada = world.caller("ada");
    Caller bob = world.caller("bob");
    std::string bytes;
};

TEST_F(UploadsTest, what_was_cut_goes_on_and_the_file_is_whole) {
    const auto upload = begin(bytes.size());
    std::uint64_t offset = 0;
    SeededRandom random(2);
    while (offset < bytes.size()) {
        const std::size_t part = 1 + random.below(90'000);
        const auto progress = extend(ada, upload, offset, bytes.substr(offset, part), true);
        ASSERT_TRUE(progress.has_value());
        EXPECT_EQ(progress->upload.offset, std::min<std::uint64_t>(offset + part, bytes.size()));
        offset = progress->upload.offset;
    }
    const auto found = find(upload).value().upload;
    ASSERT_TRUE(found.file.has_value());
    EXPECT_TRUE(bytes_of(*found.file) == bytes);
    upkeep();
    EXPECT_EQ(objects(), 1U) << "the parts are gone";
    EXPECT_EQ(find(upload).value().upload.file, found.file);
}

TEST_F(UploadsTest, only_the_next_byte_goes_on) {
    const auto upload = begin(10);
    EXPECT_EQ(code_of(extend(ada, upload, 3, "345")), Errc::conflict);
    EXPECT_TRUE(extend(ada, upload, 0, "012").has_value());
    EXPECT_EQ(code_of(extend(ada, upload, 0, "012")), Errc::conflict);
    EXPECT_EQ(code_of(extend(ada, upload, 3, "34567890")), Errc::too_large);
    EXPECT_EQ(code_of(extend(bob, upload, 3, "3456789")), Errc::not_found);
    const auto whole = extend(ada, upload, 3, "3456789");
    ASSERT_TRUE(whole && whole->upload.file);
    EXPECT_EQ(bytes_of(*whole->upload.file), "0123456789");
    EXPECT_EQ(code_of(extend(ada, upload, 3, "3")), Errc::conflict);
    EXPECT_TRUE(extend(ada, upload, 10, "").has_value()) << "a repeated last request";
}

TEST_F(UploadsTest, of_two_that_go_on_at_once_one_wins) {
    const auto upload = begin(10);
    ScriptedSource one("01234");
    ScriptedSource other("abcde");
    std::vector<Task<Result<UploadProgress>>> both;
    both.push_back(world->uploads.extend(ada, upload.id, 0, one));
    both.push_back(world->uploads.extend(ada, upload.id, 0, other));
    const auto results = world.run_all(std::move(both));
    EXPECT_NE(results[0].has_value(), results[1].has_value());
    EXPECT_EQ(objects(), 1U) << "what the other brought is gone";
    const auto whole = extend(ada, upload, 5, "56789");
    ASSERT_TRUE(whole && whole->upload.file);
    EXPECT_EQ(bytes_of(*whole->upload.file), results[0] ? "0123456789" : "abcde56789");
}

TEST_F(UploadsTest, what_is_no_picture_is_refused_when_it_is_whole_and_forgotten) {
    const auto upload = begin(20, "cat.png");
    EXPECT_EQ(code_of(extend(ada, upload, 0, "<html>no picture....")), Errc::bad_image);
    EXPECT_EQ(code_of(find(upload)), Errc::not_found);
    upkeep();
    EXPECT_EQ(objects(), 0U);
    EXPECT_EQ(used(), 0U);
}

TEST_F(UploadsTest, one_that_is_ended_or_never_goes_on_leaves_nothing) {
    const auto ended = begin(10);
    EXPECT_TRUE(extend(ada, ended, 0, "01234").has_value());
    EXPECT_TRUE(world.run(world->uploads.end(bob, ended.id)).has_value());
    EXPECT_FALSE(world.run(world->uploads.end(ada, ended.id)).has_value());
    const auto left = begin(10);
    EXPECT_TRUE(extend(ada, left, 0, "01234").has_value());
    upkeep();
    EXPECT_EQ(objects(), 1U);
    EXPECT_EQ(used(), 10U) << "of the one that may go on";
    world.clock.advance(std::chrono::hours(25));
    upkeep();
    EXPECT_EQ(objects(), 0U);
    EXPECT_EQ(used(), 0U);
    EXPECT_EQ(code_of(extend(ada, left, 5, "56789")), Errc::not_found);
}

TEST_F(UploadsTest, nothing_is_a_file_at_once) {
    const auto progress = begin_with(0, ScriptedSource(""));
    ASSERT_TRUE(progress && progress->upload.file);
    EXPECT_EQ(bytes_of(*progress->upload.file), "");
}

TEST_F(UploadsTest, what_is_begun_with_all_its_bytes_is_a_file) {
    const auto part = begin_with(10, ScriptedSource("01234"));
    ASSERT_TRUE(part && !part->upload.file);
    EXPECT_EQ(part->upload.offset, 5U);
    const auto whole = begin_with(10, ScriptedSource("0123456789"));
    ASSERT_TRUE(whole && whole->upload.file);
    EXPECT_EQ(bytes_of(*whole->upload.file), "0123456789");
}

TEST_F(UploadsTest, a_beginning_that_fails_leaves_nothing) {
    const Error gone{Errc::bad_request, "gone", {}};
    EXPECT_EQ(code_of(begin_with(10, ScriptedSource("01234", gone))), Errc::bad_request);
    EXPECT_EQ(code_of(begin_with(10, ScriptedSource("01234567890"))), Errc::too_large);
    upkeep();
    EXPECT_EQ(objects(), 0U);
    EXPECT_EQ(used(), 0U);
    std::vector<UploadProgress> left;
    for (std::size_t i = 0; i < model::limits::uploads_max; ++i) {
        left.push_back(try_begin(1).value());
    }
    EXPECT_EQ(code_of(try_begin(1)), Errc::rate_limited) << "not one of the failed ones counts";
}

TEST_F(UploadsTest, one_has_so_many_parts_and_no_more) {
    const auto upload = begin(20'000);
    EXPECT_TRUE(extend(ada, upload, 0, "0").has_value());
    world.sql("UPDATE uploads SET parts = 9999");
    EXPECT_TRUE(extend(ada, upload, 1, "1").has_value());
    EXPECT_EQ(code_of(extend(ada, upload, 2, "2")), Errc::too_large);
    EXPECT_EQ(find(upload).value().upload.offset, 2U);
    EXPECT_EQ(objects(), 2U) << "its bytes were not read";
}

class OneUploadAtOnce : public UploadsTest {
protected:
    OneUploadAtOnce() : UploadsTest(rules()) {}

    static WorldRules rules() {
        WorldRules rules;
        rules.files.uploads_at_once = 1;
        return rules;
    }
};

TEST_F(OneUploadAtOnce, who_gets_no_slot_keeps_the_offset_and_goes_on_later) {
    const auto upload = begin(10);
    EXPECT_TRUE(extend(ada, upload, 0, "01234").has_value());
    {
        const UploadSlots::Slot other = world->files.slots().take(ada.user);
        EXPECT_EQ(code_of(extend(ada, upload, 5, "56789")), Errc::rate_limited);
        EXPECT_EQ(code_of(begin_with(10, ScriptedSource("0123456789"))), Errc::rate_limited);
        EXPECT_EQ(find(upload).value().upload.offset, 5U);
        EXPECT_EQ(used(), 10U) << "nothing was begun";
    }
    const auto whole = extend(ada, upload, 5, "56789");
    ASSERT_TRUE(whole && whole->upload.file) << "the file has the slot of the last part";
}

class UploadQuota : public UploadsTest {
protected:
    UploadQuota() : UploadsTest(rules()) {}

    static WorldRules rules() {
        WorldRules rules;
        rules.files.quota = {.user_bytes_max = 25, .total_bytes_max = 0};
        return rules;
    }
};

TEST_F(UploadQuota, parts_of_uploads_are_within_it) {
    const auto one = begin(10);
    const auto other = begin(10);
    EXPECT_EQ(code_of(try_begin(10)), Errc::storage_full);
    const auto file = extend(ada, one, 0, "0123456789");
    ASSERT_TRUE(file && file->upload.file);
    EXPECT_EQ(code_of(try_begin(10)), Errc::storage_full);
    EXPECT_FALSE(world.run(world->uploads.end(ada, other.id)).has_value());
    upkeep();
    EXPECT_EQ(used(), 10U);
    EXPECT_TRUE(try_begin(10).has_value());
}

TEST_F(UploadsTest, one_that_would_be_too_large_does_not_begin) {
    EXPECT_EQ(code_of(try_begin(10'000'001)), Errc::too_large);
}

}  // namespace
}  // namespace banter::service
