// A file is there when all of it is, or not at all.
#include "app/backup/new_file.hpp"

#include "storage/testing/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <string>

namespace banter::app {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::size_t files_in(const fs::path& directory) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(directory), fs::directory_iterator())
    );
}

class NewFileTest : public testing::Test {
protected:
    static std::string refusal(const std::function<void()>& call) {
        try {
            call();
        } catch (const std::runtime_error& failure) {
            return failure.what();
        }
        return "nothing was refused";
    }

    storage::TemporaryDirectory directory_;
    fs::path path_ = directory_.path() / "backup";
};

TEST_F(NewFileTest, has_its_name_only_when_it_is_published) {
    {
        NewFile file(path_);
        file.write("one ");
        EXPECT_FALSE(fs::exists(path_));
        file.write("two");
        file.publish();
    }
    EXPECT_EQ(text_of(path_), "one two");
    EXPECT_EQ(fs::status(path_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_EQ(files_in(directory_.path()), 1U);
}

TEST_F(NewFileTest, leaves_nothing_if_it_is_not_published) {
    { NewFile(path_).write("half"); }
    EXPECT_EQ(files_in(directory_.path()), 0U);
}

TEST_F(NewFileTest, a_name_that_is_taken_is_refused_and_kept_also_when_it_is_taken_meanwhile) {
    std::ofstream(path_) << "mine";
    EXPECT_EQ(
        refusal([&] { NewFile file(path_); }),
        path_.string() + " exists already: choose another name, or remove it"
    );
    fs::remove(path_);
    NewFile file(path_);
    std::ofstream(path_) << "mine";
    EXPECT_THAT(refusal([&] { file.publish(); }), testing::HasSubstr("exists already"));
    EXPECT_EQ(text_of(path_), "mine");
}

TEST_F(NewFileTest, a_link_to_nowhere_is_a_name_that_is_taken) {
    fs::create_symlink(directory_.path() / "elsewhere", path_);
    EXPECT_THAT(refusal([&] { NewFile file(path_); }), testing::HasSubstr("exists already"));
    EXPECT_FALSE(fs::exists(directory_.path() / "elsewhere"));
}

TEST_F(NewFileTest, a_directory_that_is_not_there_is_told) {
    const fs::path nowhere = directory_.path() / "none" / "backup";
    EXPECT_EQ(
        refusal([&] { NewFile file(nowhere); }),
        "can't make " + nowhere.string() + ": No such file or directory"
    );
}

}  // namespace
}  // namespace banter::app
