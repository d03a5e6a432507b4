// What all spools together may take, and what stays free on the disk.
#include "storage/vips/spool.hpp"

#include "base/result.hpp"
#include "storage/testing/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace banter::vips {

namespace {

/// How `call` fails.
template <typename Call>
std::optional<Errc> failure_of(Call call) {
    try {
        call();
    } catch (const StorageFailure& failure) {
        return failure.code();
    }
    return std::nullopt;
}

class SpoolTest : public testing::Test {
public:
    storage::TemporaryDirectory directory;
    SpoolFolder folder{directory.path() / "spool", {.spare_bytes = 0, .bytes_max = 100}};
    const std::string sixty = std::string(60, 'x');
};

}  // namespace

TEST_F(SpoolTest, what_was_written_is_read_by_another_descriptor_too) {
    Spool spool(folder);
    spool.append("hello ");
    spool.append("there");
    EXPECT_EQ(spool.read(6, 100), "there");
    EXPECT_EQ(spool.size(), 11U);
    EXPECT_TRUE(spool.open_to_read());
    EXPECT_TRUE(std::filesystem::is_empty(folder.directory()));
}

TEST_F(SpoolTest, all_together_take_no_more_than_they_may) {
    std::optional<Spool> first(folder);
    first->append(sixty);
    Spool second(folder);
    EXPECT_EQ(failure_of([&] { second.append(sixty); }), Errc::busy);
    second.append("what still fits");
    const Spool moved(*std::move(first));
    first.reset();
    EXPECT_EQ(failure_of([&] { second.append(sixty); }), Errc::busy) << "it has only moved";
}

TEST_F(SpoolTest, what_is_gone_takes_nothing) {
    for (int round = 0; round < 10; ++round) {
        Spool spool(folder);
        spool.append(sixty);
        EXPECT_EQ(failure_of([&] { spool.append(sixty); }), Errc::busy);
    }
}

TEST_F(SpoolTest, room_is_kept_for_who_writes_without_asking) {
    Spool target(folder);
    target.reserve(90);
    Spool other(folder);
    EXPECT_EQ(failure_of([&] { other.append(sixty); }), Errc::busy);
    ASSERT_EQ(::write(target.descriptor(), "short", 5), 5);
    target.settle();
    other.append(sixty);
    EXPECT_EQ(failure_of([&] { other.append(sixty); }), Errc::busy);
}

TEST_F(SpoolTest, a_disk_that_is_nearly_full_is_left_alone) {
    SpoolFolder full(
        directory.path(), {.spare_bytes = std::numeric_limits<std::uint64_t>::max() / 2}
    );
    Spool spool(full);
    EXPECT_EQ(failure_of([&] { spool.append("x"); }), Errc::storage_full);
    EXPECT_EQ(spool.size(), 0U);
}

}  // namespace banter::vips
