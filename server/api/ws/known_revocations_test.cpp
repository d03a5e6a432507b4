// Nobody is let in whose access ended while the token was checked.
#include "api/ws/known_revocations.hpp"

#include <gtest/gtest.h>

namespace banter::api::ws {
namespace {

using model::RevocationReason;

model::UserId user(std::uint8_t number) {
    model::UserId id;
    id.uuid.bytes.back() = number;
    return id;
}

model::Revocation deactivation(std::uint64_t number, model::UserId of) {
    return {.number = number, .user = of, .reason = RevocationReason::deactivated};
}

service::Caller checked_at(std::uint64_t newest, model::UserId of) {
    return {.user = of, .newest_revocation = newest};
}

TEST(KnownRevocations, a_caller_whose_access_ended_after_the_check_is_not_let_in) {
    KnownRevocations known;
    EXPECT_FALSE(known.end_of(checked_at(0, user(1))));
    EXPECT_TRUE(known.add(deactivation(5, user(1))));
    EXPECT_TRUE(known.add(deactivation(6, user(2))));
    EXPECT_EQ(known.end_of(checked_at(4, user(1))), RevocationReason::deactivated);
    EXPECT_FALSE(known.end_of(checked_at(5, user(1)))) << "checked after it";
    EXPECT_EQ(known.end_of(checked_at(5, user(2))), RevocationReason::deactivated);
    EXPECT_FALSE(known.end_of(checked_at(4, user(3))));
}

TEST(KnownRevocations, each_is_acted_on_once_whichever_way_it_comes) {
    KnownRevocations known;
    EXPECT_TRUE(known.add(deactivation(1, user(1))));
    EXPECT_TRUE(known.add(deactivation(2, user(2)))) << "found in the database";
    EXPECT_FALSE(known.add(deactivation(2, user(2)))) << "told by the event";
    EXPECT_FALSE(known.add(deactivation(1, user(1))));
}

TEST(KnownRevocations, of_several_nodes_they_may_come_in_any_order) {
    KnownRevocations known;
    EXPECT_TRUE(known.add(deactivation(7, user(1))));
    EXPECT_TRUE(known.add(deactivation(5, user(2))));
    EXPECT_FALSE(known.add(deactivation(5, user(2))));
    EXPECT_EQ(known.end_of(checked_at(4, user(2))), RevocationReason::deactivated);
    EXPECT_FALSE(known.end_of(checked_at(5, user(2))));
}

TEST(KnownRevocations, the_database_is_asked_from_where_it_was_asked_last) {
    KnownRevocations known;
    known.add(deactivation(7, user(1)));
    EXPECT_EQ(known.all_up_to(), 0U) << "6 may have been told to nobody here";
    known.note_all_up_to(7);
    known.note_all_up_to(3);
    EXPECT_EQ(known.all_up_to(), 7U);
}

TEST(KnownRevocations, what_the_database_alone_told_is_acted_on_after_ever_so_many_others) {
    KnownRevocations known;
    for (std::uint64_t number = 2; number <= 10 + KnownRevocations::kept_max; ++number) {
        known.add(deactivation(number, user(1)));
    }
    EXPECT_TRUE(known.add(deactivation(1, user(2))));
    known.note_all_up_to(1);
    EXPECT_FALSE(known.add(deactivation(1, user(2))));
}

TEST(KnownRevocations, a_check_older_than_what_is_kept_has_to_be_made_again) {
    KnownRevocations known;
    const std::uint64_t last = 10 + KnownRevocations::kept_max;
    for (std::uint64_t number = 1; number <= last; ++number) {
        known.add(deactivation(number, user(1)));
    }
    EXPECT_EQ(known.end_of(checked_at(9, user(2))), RevocationReason::signed_out);
    EXPECT_FALSE(known.end_of(checked_at(10, user(2))));
}

}  // namespace
}  // namespace banter::api::ws
