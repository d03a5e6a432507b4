// One user can't have all uploads, and all users not more than there is memory for.
#include "service/upload_slots.hpp"

#include "model/limits.hpp"

#include <gtest/gtest.h>

#include <list>

namespace banter::service {
namespace {

model::UserId user(std::uint8_t number) {
    model::UserId id;
    id.uuid.bytes[0] = number;
    id.uuid.bytes[15] = number;
    return id;
}

/// Takes slots until there is none for the user.
std::size_t take_all(UploadSlots& slots, model::UserId who, std::list<UploadSlots::Slot>& taken) {
    for (std::size_t count = 0;; ++count) {
        // A slot stays where it was made.
        struct Taken {
            UploadSlots& slots;
            model::UserId who;
            operator UploadSlots::Slot() const { return slots.take(who); }
        };
        taken.emplace_back(Taken{slots, who});
        if (taken.back()) continue;
        taken.pop_back();
        return count;
    }
}

TEST(UploadSlots, a_user_has_some_and_gets_them_back) {
    UploadSlots slots(10);
    std::list<UploadSlots::Slot> taken;
    EXPECT_EQ(take_all(slots, user(1), taken), 10U);
    EXPECT_EQ(take_all(slots, user(2), taken), 10U);
    taken.clear();
    EXPECT_EQ(take_all(slots, user(1), taken), 10U);
}

TEST(UploadSlots, all_have_no_more_than_there_are) {
    UploadSlots slots(10);
    std::list<UploadSlots::Slot> taken;
    std::size_t count = 0;
    for (std::uint8_t number = 1; number <= 120; ++number) {
        count += take_all(slots, user(number), taken);
    }
    EXPECT_EQ(count, model::limits::uploads_at_once_max);
    EXPECT_EQ(UploadSlots::refusal().code, Errc::rate_limited);
}

}  // namespace
}  // namespace banter::service
