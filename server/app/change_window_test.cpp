// Each change is new once, however often it is seen.
#include "app/change_window.hpp"

#include <gtest/gtest.h>

namespace banter::app {
namespace {

storage::ChangedThread changed(std::uint8_t number, model::Rev rev, std::uint64_t access = 0) {
    storage::ChangedThread thread;
    thread.thread.uuid.bytes.back() = number;
    thread.rev = rev;
    thread.access_rev = access;
    thread.access_changed = access > 0;
    return thread;
}

TEST(ChangeWindow, a_change_is_new_at_the_first_look_alone) {
    ChangeWindow window;
    EXPECT_EQ(window.take({changed(1, 5), changed(2, 1)}).heads.size(), 2U);
    EXPECT_TRUE(window.take({changed(1, 5), changed(2, 1)}).heads.empty());
    const auto fresh = window.take({changed(1, 6), changed(2, 1)});
    ASSERT_EQ(fresh.heads.size(), 1U);
    EXPECT_EQ(fresh.heads[0].rev, 6U);
}

TEST(ChangeWindow, access_that_changed_is_looked_at_twice_by_its_own_count) {
    ChangeWindow window;
    EXPECT_EQ(window.take({changed(1, 5, 1)}).access.size(), 1U);
    EXPECT_EQ(window.take({changed(1, 6, 1)}).access.size(), 1U);
    EXPECT_TRUE(window.take({changed(1, 7, 1)}).access.empty());
    EXPECT_EQ(window.take({changed(1, 7, 2)}).access.size(), 1U);
    EXPECT_TRUE(window.take({changed(2, 6)}).access.empty()) << "long ago";
}

TEST(ChangeWindow, what_was_quiet_for_long_or_is_to_be_looked_at_again_is_new) {
    ChangeWindow window;
    (void)window.take({changed(1, 5)});
    (void)window.take({});
    EXPECT_EQ(window.take({changed(1, 5)}).heads.size(), 1U);
    window.forget(changed(1, 5).thread);
    EXPECT_EQ(window.take({changed(1, 5)}).heads.size(), 1U);
    window.forget_all();
    EXPECT_EQ(window.take({changed(1, 5)}).heads.size(), 1U);
}

}  // namespace
}  // namespace banter::app
