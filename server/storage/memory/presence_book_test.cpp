// Presence as a book: connections, the grace after the last one, what was chosen, since when.
#include "storage/memory/presence_book.hpp"

#include <gmock/gmock.h>

namespace banter::memory {
namespace {

using namespace std::chrono_literals;
using model::Presence;
using testing::ElementsAre;
using testing::IsEmpty;

model::UserId user_of(std::uint8_t number) {
    model::UserId user;
    user.uuid.bytes[15] = number;
    return user;
}

class PresenceBookTest : public testing::Test {
protected:
    Presence shown(model::UserId user) const { return book.find(user).presence; }
    std::optional<Timestamp> active(model::UserId user) const {
        return book.find(user).last_active_at;
    }

    ManualClock clock{Timestamp(std::chrono::seconds(1'795'330'200))};
    PresenceBook book{clock, {.grace = 15s, .active_every = 1min, .gone_max = 2}};
    model::UserId ada = user_of(1);
    model::UserId bob = user_of(2);
};

TEST_F(PresenceBookTest, nobody_is_there_who_never_came) {
    EXPECT_EQ(shown(ada), Presence::offline);
    EXPECT_FALSE(active(ada));
    EXPECT_FALSE(book.next_deadline());
}

TEST_F(PresenceBookTest, the_first_connection_brings_the_user_and_further_ones_change_nothing) {
    EXPECT_TRUE(book.arrive(ada));
    EXPECT_EQ(shown(ada), Presence::online);
    EXPECT_EQ(active(ada), clock.now());
    EXPECT_FALSE(book.arrive(ada));
    book.leave(ada);
    EXPECT_EQ(shown(ada), Presence::online);
    EXPECT_FALSE(book.next_deadline()) << "there is another connection";
}

TEST_F(PresenceBookTest, the_user_is_gone_when_the_grace_after_the_last_connection_has_passed) {
    book.arrive(ada);
    clock.advance(20s);
    book.leave(ada);
    const auto deadline = book.next_deadline();
    EXPECT_EQ(deadline, clock.steady() + 15s);
    clock.advance(15s - 1ms);
    EXPECT_THAT(book.due(), IsEmpty());
    EXPECT_EQ(shown(ada), Presence::online);
    clock.advance(1ms);
    EXPECT_THAT(book.due(), ElementsAre(ada));
    EXPECT_EQ(shown(ada), Presence::offline);
    EXPECT_EQ(active(ada), clock.now() - 35s) << "when the user came";
    EXPECT_FALSE(book.next_deadline());
    EXPECT_TRUE(book.arrive(ada)) << "comes again";
}

TEST_F(PresenceBookTest, who_comes_back_within_the_grace_was_never_away) {
    book.arrive(ada);
    book.choose(ada, Presence::dnd);
    for (int i = 0; i < 10; ++i) {
        book.leave(ada);
        clock.advance(14s);
        EXPECT_THAT(book.due(), IsEmpty());
        EXPECT_FALSE(book.arrive(ada));
        EXPECT_EQ(shown(ada), Presence::dnd);
    }
    clock.advance(1h);
    EXPECT_THAT(book.due(), IsEmpty());
}

TEST_F(PresenceBookTest, each_grace_counts_from_its_own_leaving) {
    book.arrive(ada);
    book.arrive(bob);
    book.leave(ada);
    clock.advance(10s);
    book.leave(bob);
    book.arrive(ada);
    book.leave(ada);
    clock.advance(5s);
    EXPECT_THAT(book.due(), IsEmpty()) << "the first leaving of ada is void";
    clock.advance(10s);
    EXPECT_THAT(book.due(), ElementsAre(bob, ada));
}

TEST_F(PresenceBookTest, what_is_chosen_holds_until_the_user_is_gone) {
    EXPECT_FALSE(book.choose(ada, Presence::away)) << "not there";
    book.arrive(ada);
    EXPECT_FALSE(book.choose(ada, Presence::online)) << "the same";
    EXPECT_TRUE(book.choose(ada, Presence::away));
    book.arrive(ada);
    EXPECT_EQ(shown(ada), Presence::away) << "another device";
    book.leave(ada);
    book.leave(ada);
    EXPECT_EQ(shown(ada), Presence::away) << "within the grace";
    clock.advance(15s);
    EXPECT_THAT(book.due(), ElementsAre(ada));
    book.arrive(ada);
    EXPECT_EQ(shown(ada), Presence::online);
}

TEST_F(PresenceBookTest, the_last_activity_moves_once_a_minute) {
    book.touch(ada);
    EXPECT_FALSE(active(ada)) << "not there";
    book.arrive(ada);
    const Timestamp came = clock.now();
    clock.advance(59s);
    book.touch(ada);
    EXPECT_EQ(active(ada), came);
    clock.advance(1s);
    book.touch(ada);
    EXPECT_EQ(active(ada), came + 1min);
}

TEST_F(PresenceBookTest, of_those_who_went_only_the_last_are_remembered) {
    for (std::uint8_t number = 1; number <= 3; ++number) {
        book.arrive(user_of(number));
        book.leave(user_of(number));
        clock.advance(15s);
        EXPECT_THAT(book.due(), ElementsAre(user_of(number)));
    }
    EXPECT_FALSE(active(user_of(1)));
    EXPECT_TRUE(active(user_of(2)));
    EXPECT_TRUE(active(user_of(3)));
}

TEST_F(PresenceBookTest, its_memory_grows_with_those_who_are_there) {
    const std::size_t empty = book.bytes();
    for (std::uint8_t number = 1; number <= 100; ++number) book.arrive(user_of(number));
    EXPECT_GE(book.bytes(), empty + 100 * sizeof(model::UserId));
}

}  // namespace
}  // namespace banter::memory
