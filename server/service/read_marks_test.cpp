// Read markers: seen at once, written later, never lost by a failed write.
#include "service/read_marks.hpp"

#include "service/testing/world.hpp"

namespace banter::service {
namespace {

model::UserId user(std::uint8_t number) {
    model::UserId id;
    id.uuid.bytes[8] = number;
    return id;
}

model::ThreadId thread(std::uint8_t number) {
    model::ThreadId id;
    id.uuid.bytes[8] = number;
    return id;
}

storage::ReadMark mark(std::uint8_t who, std::uint8_t where, model::Seq seq) {
    return {.thread = thread(where), .user = user(who), .seq = seq};
}

TEST(WaitingMarks, the_highest_of_a_user_and_thread_stays) {
    WaitingMarks waiting;
    EXPECT_EQ(waiting.advance(mark(1, 1, 5), 2), 2U);
    EXPECT_EQ(waiting.advance(mark(1, 1, 3), 2), 5U);
    EXPECT_EQ(waiting.advance(mark(1, 1, 9), 2), 5U);
    EXPECT_EQ(waiting.advance(mark(1, 2, 1), 0), 0U);
    EXPECT_EQ(waiting.advance(mark(2, 1, 4), 0), 0U);
    ASSERT_EQ(waiting.of(user(1)).size(), 2U);
    EXPECT_EQ(waiting.of(user(1))[0].seq, 9U);
    EXPECT_EQ(waiting.all().size(), 3U);
    EXPECT_EQ(waiting.size(), 2U);
}

TEST(WaitingMarks, what_is_not_above_the_stored_marker_does_not_wait) {
    WaitingMarks waiting;
    EXPECT_EQ(waiting.advance(mark(1, 1, 5), 5), 5U);
    EXPECT_EQ(waiting.advance(mark(1, 1, 4), 5), 5U);
    EXPECT_EQ(waiting.size(), 0U);
}

TEST(WaitingMarks, a_mark_from_before_the_marker_was_set_back_gives_way_to_a_later_one) {
    WaitingMarks waiting;
    storage::ReadMark later = mark(1, 1, 3);
    later.turn = 1;
    (void)waiting.advance(mark(1, 1, 5), 0);
    EXPECT_EQ(waiting.advance(later, 2), 2U);
    ASSERT_EQ(waiting.of(user(1)).size(), 1U);
    EXPECT_EQ(waiting.of(user(1))[0].seq, 3U);
    (void)waiting.advance(mark(1, 1, 9), 0);
    EXPECT_EQ(waiting.of(user(1))[0].seq, 3U);
    waiting.written({mark(1, 1, 9)});
    EXPECT_EQ(waiting.size(), 1U) << "what was written was of the turn before";
    later.seq = 2;
    later.turn = 2;
    (void)waiting.advance(later, 2);
    EXPECT_EQ(waiting.size(), 0U);
}

TEST(WaitingMarks, what_is_written_is_forgotten_unless_it_moved_on_meanwhile) {
    WaitingMarks waiting;
    (void)waiting.advance(mark(1, 1, 5), 0);
    (void)waiting.advance(mark(1, 2, 5), 0);
    const auto writing = waiting.of(user(1));
    (void)waiting.advance(mark(1, 2, 6), 0);
    waiting.written(writing);
    ASSERT_EQ(waiting.of(user(1)).size(), 1U);
    EXPECT_EQ(waiting.of(user(1))[0].seq, 6U);
    waiting.written(waiting.all());
    EXPECT_EQ(waiting.size(), 0U);
    waiting.written(writing);
    EXPECT_EQ(waiting.size(), 0U);
}

TEST(WaitingMarks, a_forgotten_mark_leaves_the_others) {
    WaitingMarks waiting;
    (void)waiting.advance(mark(1, 1, 5), 0);
    (void)waiting.advance(mark(1, 2, 6), 0);
    waiting.forget(user(1), thread(1));
    waiting.forget(user(2), thread(1));
    ASSERT_EQ(waiting.of(user(1)).size(), 1U);
    EXPECT_EQ(waiting.of(user(1))[0].seq, 6U);
    waiting.forget(user(1), thread(2));
    EXPECT_EQ(waiting.size(), 0U);
}

/// ada's channel with bob in it and ten messages by ada, of which the 3rd and the 8th mention bob.
class ReadMarksTest : public ::testing::Test {
protected:
    ReadMarksTest() {
        world.join(bob, general);
        for (int i = 1; i <= 10; ++i) {
            const bool mentions = i == 3 || i == 8;
            world.send(ada, general, mentions ? "<@" + bob.user.text() + ">" : "hi");
        }
        world.await_events(10);
        world.events.clear();
    }

    Result<ReadState> mark(
        Caller caller,
        model::ThreadId where,
        model::Seq seq,
        std::size_t loop = 0
    ) {
        return world.run(world.at(loop).read_marks.mark(caller, where, seq), loop);
    }
    Result<ReadState> set(Caller caller, model::Seq seq) {
        return world.run(world->read_marks.set(caller, general, seq));
    }
    model::Membership membership(std::size_t loop = 0) {
        return *world.run(world.at(loop).threads.find(bob, general), loop).value().membership;
    }
    /// As the database has it, whatever waits.
    model::Seq stored() {
        return world.run(world->storage.threads.find(general, bob.user))
            .value()
            .membership->read_seq;
    }

    World world{{}, 2};
    Caller ada = world.caller("ada");
    Caller bob = world.caller("bob");
    model::ThreadId general = world.channel(ada, "general");
};

TEST_F(ReadMarksTest, a_mark_answers_with_what_lies_above_it) {
    const auto state = mark(bob, general, 5).value();
    EXPECT_EQ(state.thread, general);
    EXPECT_EQ(state.seq, 5U);
    EXPECT_EQ(state.unread, 5U);
    EXPECT_EQ(state.mentions, 1U);
    EXPECT_EQ(mark(bob, general, 10)->unread, 0U);
    EXPECT_EQ(mark(bob, general, 10)->mentions, 0U);
}

TEST_F(ReadMarksTest, a_mark_is_seen_on_every_loop_before_it_is_written) {
    mark(bob, general, 4, 0).value();
    EXPECT_EQ(stored(), 0U);
    EXPECT_EQ(membership(1).read_seq, 4U);
    EXPECT_EQ(membership(1).unread, 6U);
    mark(bob, general, 7, 1).value();
    EXPECT_EQ(membership(0).unread, 3U);
    const auto list = world.run(world->threads.list(bob, {})).value();
    EXPECT_EQ(list.items.at(0).membership->unread, 3U);
}

TEST_F(ReadMarksTest, the_users_own_sessions_are_told_once_for_each_move) {
    mark(bob, general, 5).value();
    mark(bob, general, 5).value();
    mark(bob, general, 2).value();
    mark(bob, general, 6).value();
    world.await_events(2);
    ASSERT_EQ(world.events.size(), 2U);
    const auto& update = std::get<model::ReadUpdate>(world.events[0]->body);
    EXPECT_EQ(world.events[0]->rev, 0U);
    EXPECT_EQ(update.user, bob.user);
    EXPECT_EQ(update.thread, general);
    EXPECT_EQ(update.seq, 5U);
    EXPECT_EQ(update.unread, 5U);
    EXPECT_EQ(update.mentions, 1U);
    EXPECT_EQ(std::get<model::ReadUpdate>(world.events[1]->body).seq, 6U);
}

TEST_F(ReadMarksTest, a_mark_never_goes_back) {
    mark(bob, general, 6).value();
    const auto lower = mark(bob, general, 2).value();
    EXPECT_EQ(lower.seq, 6U);
    EXPECT_EQ(lower.unread, 4U);
    world.run(world->read_marks.settle(bob.user));
    EXPECT_EQ(mark(bob, general, 1)->seq, 6U);
    EXPECT_EQ(membership().read_seq, 6U);
}

TEST_F(ReadMarksTest, a_mark_above_the_newest_message_is_taken_as_the_newest) {
    const auto state = mark(bob, general, UINT64_MAX).value();
    EXPECT_EQ(state.seq, 10U);
    EXPECT_EQ(state.unread, 0U);
    world.send(ada, general, "one more");
    EXPECT_EQ(membership().unread, 1U);
}

TEST_F(ReadMarksTest, setting_goes_back_over_what_waits_and_is_written_at_once) {
    mark(bob, general, 9).value();
    const auto state = set(bob, 2).value();
    EXPECT_EQ(state.seq, 2U);
    EXPECT_EQ(state.unread, 8U);
    EXPECT_EQ(state.mentions, 2U);
    EXPECT_EQ(stored(), 2U);
    EXPECT_EQ(membership().unread, 8U);
    EXPECT_EQ(set(bob, 99)->seq, 10U);
    EXPECT_EQ(set(bob, 0)->unread, 10U);
}

TEST_F(ReadMarksTest, only_members_mark_and_what_is_hidden_does_not_exist) {
    const auto eve = world.caller("eve");
    const auto secret = world.channel(ada, "secret", model::Visibility::private_);
    const auto nowhere = world->ids.make<model::ThreadId>();
    EXPECT_EQ(code_of(mark(eve, general, 1)), Errc::forbidden);
    EXPECT_EQ(code_of(set(eve, 1)), Errc::forbidden);
    EXPECT_EQ(code_of(mark(eve, secret, 1)), Errc::not_found);
    EXPECT_EQ(mark(eve, secret, 1).error(), mark(eve, nowhere, 1).error());
}

TEST_F(ReadMarksTest, what_waits_is_written_loop_by_loop) {
    mark(bob, general, 5).value();
    const std::size_t home = world.waiting.home_of(bob.user.hash());
    world.run(world.at(1 - home).read_marks.settle_all(1 - home), 1 - home);
    EXPECT_EQ(stored(), 0U);
    world.run(world.at(home).read_marks.settle_all(home), home);
    EXPECT_EQ(stored(), 5U);
    EXPECT_EQ(world.waiting.local(home).size(), 0U);
}

TEST_F(ReadMarksTest, a_write_that_fails_loses_no_mark) {
    mark(bob, general, 5).value();
    const std::size_t home = world.waiting.home_of(bob.user.hash());
    world.stop_database();
    EXPECT_THROW(world.run(world.at(home).read_marks.settle_all(home), home), StorageFailure);
    // Before a read it is tried, and does not keep anybody from reading.
    EXPECT_NO_THROW(world.run(world.at(home).read_marks.settle(bob.user), home));
    ASSERT_EQ(world.waiting.local(home).of(bob.user).size(), 1U);
    EXPECT_EQ(world.waiting.local(home).of(bob.user)[0].seq, 5U);
}

TEST_F(ReadMarksTest, sending_reads_everything_and_an_older_mark_that_waits_changes_nothing) {
    mark(bob, general, 5).value();
    world.send(bob, general, "mine");
    EXPECT_EQ(membership().unread, 0U);
    EXPECT_EQ(mark(bob, general, 11)->unread, 0U);
}

}  // namespace
}  // namespace banter::service
