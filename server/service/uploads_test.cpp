// An upload in parts goes on where it was cut, and becomes one file.
#include "service/uploads.hpp"

#include "service/testing/scripted_source.hpp"
#include "service/testing/world.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace banter::service {
namespace {

class UploadsTest : public ::testing::Test {
protected:
    UploadsTest() {
        SeededRandom random(1);
        std::string block(1024, '\0');
        for (int i = 0; i < 300; ++i) {
            random.fill({reinterpret_cast<std::uint8_t*>(block.data()), block.size()});
            bytes += block;
        }
    }

    model::Upload begin(std::uint64_t size, std::string name = "data.bin") {
        UploadRequest request{
            .name = std::move(name), .claimed_type = {}, .metadata = {}, .bytes = size};
        return world.run(world->uploads.begin(ada, std::move(request))).value();
    }
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
    const auto found = world.run(world->uploads.find(ada, upload.id)).value();
    ASSERT_TRUE(found.file.has_value());
    EXPECT_TRUE(bytes_of(*found.file) == bytes);
    EXPECT_EQ(objects(), 1U) << "the parts are gone";
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
    const auto progress = extend(ada, upload, 0, "<html>no picture....");
    ASSERT_TRUE(progress.has_value());
    ASSERT_TRUE(progress->refused.has_value());
    EXPECT_EQ(progress->refused->code, Errc::bad_image);
    EXPECT_FALSE(world.run(world->uploads.find(ada, upload.id)).has_value());
    (void)world.run(world->file_upkeep.remove_dropped());
    EXPECT_EQ(objects(), 0U);
}

TEST_F(UploadsTest, one_that_is_ended_or_never_goes_on_leaves_nothing) {
    const auto ended = begin(10);
    EXPECT_TRUE(extend(ada, ended, 0, "01234").has_value());
    EXPECT_TRUE(world.run(world->uploads.end(bob, ended.id)).has_value());
    EXPECT_FALSE(world.run(world->uploads.end(ada, ended.id)).has_value());
    const auto left = begin(10);
    EXPECT_TRUE(extend(ada, left, 0, "01234").has_value());
    (void)world.run(world->file_upkeep.remove_dropped());
    EXPECT_EQ(objects(), 1U);
    world.clock.advance(std::chrono::hours(25));
    (void)world.run(world->file_upkeep.remove_dropped());
    EXPECT_EQ(objects(), 0U);
    EXPECT_EQ(code_of(extend(ada, left, 5, "56789")), Errc::not_found);
}

TEST_F(UploadsTest, nothing_is_a_file_at_once) {
    const auto upload = begin(0);
    const auto progress = extend(ada, upload, 0, "");
    ASSERT_TRUE(progress && progress->upload.file);
    EXPECT_EQ(bytes_of(*progress->upload.file), "");
}

TEST_F(UploadsTest, one_that_would_be_too_large_does_not_begin) {
    UploadRequest request{.name = "a", .claimed_type = {}, .metadata = {}, .bytes = 10'000'001};
    EXPECT_EQ(
        world.run(world->uploads.begin(ada, std::move(request))).error().code, Errc::too_large
    );
}

}  // namespace
}  // namespace banter::service
