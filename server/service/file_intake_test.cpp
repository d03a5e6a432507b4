// Files are looked through for malware before anything of them is kept.
#include "service/file_intake.hpp"

#include "service/testing/scripted_scanner.hpp"
#include "service/testing/scripted_source.hpp"
#include "service/testing/world.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>

namespace banter::service {
namespace {

using Away = ScriptedScanner::Away;

const std::string evil = "EVIL";

class FileIntakeTest : public ::testing::Test {
protected:
    FileIntakeTest() { world->file_storage.scanner = &scanner; }

    Result<model::File> upload(std::string bytes) {
        ScriptedSource source(std::move(bytes));
        IncomingFile incoming{.name = "a.txt", .claimed_type = {}, .bytes_expected = 0};
        return world.run(world->files.upload(ada, std::move(incoming), source));
    }
    model::Upload begin(std::uint64_t size) {
        UploadRequest request{.name = "a.txt", .claimed_type = {}, .metadata = {}, .bytes = size};
        return world.run(world->uploads.begin(ada, std::move(request), nullptr)).value().upload;
    }
    Result<UploadProgress> extend(
        const model::Upload& upload,
        std::uint64_t offset,
        std::string piece
    ) {
        ScriptedSource source(std::move(piece));
        return world.run(world->uploads.extend(ada, upload.id, offset, source));
    }
    /// Of everything that lies in the store, after what was given up is removed.
    std::size_t objects() {
        static_cast<void>(world.run(world->file_upkeep.remove_dropped()));
        world.run(see_drafts_go());
        std::size_t count = 0;
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(world.folder.path() / "files")) {
            if (entry.is_regular_file()) ++count;
        }
        return count;
    }

    /// A draft goes a little after it was given up.
    Task<> see_drafts_go() {
        constexpr int looks_max = 10'000;
        Timer timer(world.waiting.loop(0));
        const auto drafts = world.folder.path() / "files" / "drafts";
        for (int i = 0; i < looks_max && !std::filesystem::is_empty(drafts); ++i) {
            timer.expires_after(std::chrono::milliseconds(1));
            co_await timer.async_wait(use_task);
        }
    }

    World world;
    ScriptedScanner scanner{evil};
    Caller ada = world.caller("ada");
};

TEST_F(FileIntakeTest, every_byte_of_a_file_is_looked_at_and_a_clean_one_is_kept) {
    const std::string large = std::string(300'000, 'x') + "y";
    for (const std::string& bytes : {std::string(), std::string("hello"), large}) {
        EXPECT_TRUE(upload(bytes).has_value());
        EXPECT_TRUE(scanner.seen.back() == bytes);
    }
    EXPECT_EQ(objects(), 3U);
}

TEST_F(FileIntakeTest, malware_is_refused_with_its_name_and_not_kept) {
    // In the bytes that tell the type, across two pieces, and at the very end.
    for (const std::size_t before : {0, 6'998, 300'000}) {
        const auto refused = upload(std::string(before, 'x') + evil);
        ASSERT_FALSE(refused.has_value()) << before;
        EXPECT_EQ(refused.error().code, Errc::malware);
        EXPECT_NE(refused.error().detail.find(evil), std::string::npos);
    }
    EXPECT_EQ(objects(), 0U);
    EXPECT_EQ(world.run(world->storage.files.used(ada.user)).user_bytes, 0U);
}

TEST_F(FileIntakeTest, malware_in_parts_is_refused_when_it_is_whole_and_forgotten) {
    const auto begun = begin(4);
    EXPECT_TRUE(extend(begun, 0, "EV").has_value());
    const auto progress = extend(begun, 2, "IL");
    ASSERT_FALSE(progress.has_value());
    EXPECT_EQ(progress.error().code, Errc::malware);
    EXPECT_FALSE(world.run(world->uploads.find(ada, begun.id)).has_value());
    EXPECT_EQ(objects(), 0U);
}

TEST_F(FileIntakeTest, nothing_is_kept_that_nobody_looked_at) {
    for (const Away away : {Away::at_begin, Away::in_file, Away::at_end}) {
        scanner.away = away;
        for (const std::size_t size : {5, 300'000}) {
            EXPECT_THROW((void)upload(std::string(size, 'x')), StorageFailure);
        }
    }
    EXPECT_EQ(objects(), 0U);
}

TEST_F(FileIntakeTest, an_upload_in_parts_is_finished_when_the_scanner_is_back) {
    const auto begun = begin(4);
    scanner.away = Away::at_end;
    const auto unmade = extend(begun, 0, "good");
    EXPECT_TRUE(unmade && unmade->pending);
    scanner.away = Away::no;
    const auto progress = extend(begun, 4, "");
    ASSERT_TRUE(progress && progress->upload.file);
    EXPECT_EQ(objects(), 1U);
}

}  // namespace
}  // namespace banter::service
