// Joining a thread, resuming from a rev, and reading back: what Messages answers with.
#include "model/limits.hpp"
#include "service/messages.hpp"
#include "service/testing/world.hpp"

#include <map>

namespace banter::service {
namespace {

using namespace std::string_literals;
namespace limits = model::limits;

class JoiningTest : public ::testing::Test {
protected:
    Result<Joined> join(
        Caller caller,
        model::ThreadId thread,
        std::optional<model::Rev> since = std::nullopt,
        std::optional<std::string> epoch = std::nullopt
    ) {
        JoinRequest request{.thread = thread, .since = since, .epoch = std::move(epoch)};
        return world.run(world->messages.join(caller, std::move(request)));
    }

    MessagesPage history(Caller caller, storage::HistoryPlace place, std::size_t limit = 50) {
        return world.run(world->messages.history(caller, general, place, limit)).value();
    }

    void send_many(Caller caller, std::size_t count, const std::string& content = "hi") {
        std::vector<Task<Result<model::Message>>> tasks;
        for (std::size_t i = 0; i < count; ++i) {
            tasks.push_back(world->messages.send(caller, world.sending(general, content)));
        }
        for (const auto& sent : world.run_all(std::move(tasks))) ASSERT_TRUE(sent);
    }

    std::vector<std::string> handles(const std::vector<model::User>& users) {
        std::vector<std::string> names;
        for (const auto& user : users) names.push_back(user.handle);
        return names;
    }

    World world{{.sends = {.sends = {.per_second = 0}}}};
    Caller ada = world.caller("ada");
    Caller bob = world.caller("bob");
    model::ThreadId general = world.channel(ada, "general");
};

TEST_F(JoiningTest, an_empty_thread_is_joined_at_rev_0) {
    const auto joined = join(ada, general).value();
    EXPECT_TRUE(joined.messages.empty());
    EXPECT_TRUE(joined.users.empty());
    EXPECT_EQ(joined.rev, 0U);
    EXPECT_TRUE(joined.complete);
    EXPECT_FALSE(joined.reset);
    EXPECT_EQ(joined.view.thread.id, general);
}

TEST_F(JoiningTest, joining_a_public_channel_makes_a_member_who_has_read_everything) {
    send_many(ada, 3);
    const auto joined = join(bob, general).value();
    ASSERT_TRUE(joined.view.membership);
    EXPECT_EQ(joined.view.membership->role, model::ThreadRole::member);
    EXPECT_EQ(joined.view.membership->unread, 0U);
    EXPECT_EQ(joined.view.membership->read_seq, 3U);
    EXPECT_EQ(joined.messages.size(), 3U);
    EXPECT_TRUE(world.run(world->messages.send(bob, world.sending(general, "now I may"))));
    EXPECT_EQ(join(bob, general)->view.membership->role, model::ThreadRole::member);
    EXPECT_EQ(join(ada, general)->view.membership->unread, 1U);
}

TEST_F(JoiningTest, guests_join_only_what_lists_them) {
    Caller guest = bob;
    guest.role = model::WorkspaceRole::guest;
    EXPECT_EQ(code_of(join(guest, general)), Errc::not_found);
    EXPECT_EQ(code_of(join(guest, general, 0)), Errc::not_found);
    world.join(bob, general);
    EXPECT_TRUE(join(guest, general));
}

TEST_F(JoiningTest, the_newest_50_come_ascending_by_seq) {
    send_many(ada, 60);
    const auto joined = join(bob, general).value();
    ASSERT_EQ(joined.messages.size(), 50U);
    EXPECT_EQ(joined.messages.front().seq, 11U);
    EXPECT_EQ(joined.messages.back().seq, 60U);
    EXPECT_TRUE(joined.complete);
    EXPECT_EQ(joined.rev, 60U);
    EXPECT_EQ(joined.rev, joined.view.thread.rev);
}

TEST_F(JoiningTest, everyone_named_comes_along_once) {
    const auto eve = world.caller("eve");
    const auto joe = world.caller("joe");
    for (const Caller& caller : {bob, eve, joe}) world.join(caller, general);
    const auto message = world.send(ada, general, "<@" + eve.user.text() + ">").id;
    world.send(ada, general, "again");
    world.run(world->messages.react(joe, message, ":tada:", true)).value();
    EXPECT_EQ(handles(join(bob, general)->users), (std::vector{"ada"s, "eve"s, "joe"s}));
    EXPECT_EQ(
        handles(history(bob, storage::Newest{}).users), (std::vector{"ada"s, "eve"s, "joe"s})
    );
    EXPECT_EQ(handles(join(bob, general, 1)->users), (std::vector{"ada"s, "eve"s, "joe"s}));
}

TEST_F(JoiningTest, with_since_exactly_the_changes_after_it_come_in_the_order_of_their_rev) {
    world.join(bob, general);
    std::vector<model::MessageId> ids;
    for (int i = 0; i < 5; ++i) ids.push_back(world.send(ada, general, "m" + std::to_string(i)).id);
    const auto since = join(bob, general)->rev;
    world.run(world->messages.edit(ada, {.message = ids[3], .content = "edited"})).value();
    world.run(world->messages.react(bob, ids[0], ":tada:", true)).value();
    const auto last = world.send(ada, general, "new").id;
    world.run(world->messages.remove(ada, ids[1])).value();
    world.run(world->messages.react(ada, ids[3], ":eyes:", true)).value();

    const auto resumed = join(bob, general, since, world.installation().epoch).value();
    EXPECT_TRUE(resumed.complete);
    EXPECT_FALSE(resumed.reset);
    EXPECT_EQ(resumed.rev, 10U);
    std::vector<model::MessageId> order;
    std::vector<model::Rev> revs;
    for (const auto& message : resumed.messages) {
        order.push_back(message.id);
        revs.push_back(message.rev);
    }
    EXPECT_EQ(order, (std::vector{ids[0], last, ids[1], ids[3]}));
    EXPECT_EQ(revs, (std::vector<model::Rev>{7, 8, 9, 10}));
    EXPECT_EQ(resumed.messages[0].reactions.at(0).mine, true);
    EXPECT_TRUE(resumed.messages[2].deleted_at);
    EXPECT_EQ(resumed.messages[3].content, "edited");
    EXPECT_TRUE(join(bob, general, resumed.rev)->messages.empty());
}

TEST_F(JoiningTest, a_long_absence_is_caught_up_with_in_several_answers_without_loss) {
    send_many(ada, 1200);
    model::Rev since = 0;
    std::map<model::Seq, int> seen;
    int answers = 0;
    for (bool complete = false; !complete; ++answers) {
        const auto part = join(bob, general, since).value();
        ASSERT_LE(part.messages.size(), limits::resume_messages_max);
        ASSERT_FALSE(part.messages.empty());
        for (const auto& message : part.messages) ++seen[message.seq];
        EXPECT_EQ(part.rev, part.messages.back().rev);
        EXPECT_GT(part.rev, since);
        since = part.rev;
        complete = part.complete;
    }
    EXPECT_GE(answers, 3);
    EXPECT_EQ(seen.size(), 1200U);
    for (const auto& [seq, times] : seen) EXPECT_EQ(times, 1) << seq;
}

TEST_F(JoiningTest, another_epoch_or_a_rev_from_a_lost_history_starts_afresh) {
    send_many(ada, 3);
    for (const auto& joined : {join(ada, general, 2, "another epoch"), join(ada, general, 4)}) {
        ASSERT_TRUE(joined);
        EXPECT_TRUE(joined->reset);
        EXPECT_TRUE(joined->complete);
        EXPECT_EQ(joined->rev, 3U);
        EXPECT_EQ(joined->messages.size(), 3U);
        EXPECT_EQ(joined->messages.front().seq, 1U);
    }
    EXPECT_FALSE(join(ada, general, 3, world.installation().epoch)->reset);
    EXPECT_FALSE(join(ada, general, std::nullopt, world.installation().epoch)->reset);
    EXPECT_TRUE(join(ada, general, std::nullopt, "another epoch")->reset);
    EXPECT_TRUE(join(ada, general, UINT64_MAX)->reset);
}

TEST_F(JoiningTest, an_answer_stays_below_its_bytes_and_holds_one_message_at_least) {
    world.join(bob, general);
    send_many(ada, 40, std::string(10'000, '"'));
    const auto size_of = [](const std::vector<model::Message>& messages,
                            const std::vector<model::User>& users) {
        std::size_t size = 0;
        for (const auto& message : messages) size += wire_size_bound(message);
        for (const auto& user : users) size += wire_size_bound(user);
        return size;
    };
    const auto joined = join(bob, general).value();
    EXPECT_GE(joined.messages.size(), 1U);
    EXPECT_LT(joined.messages.size(), 40U);
    EXPECT_LT(size_of(joined.messages, joined.users), limits::answer_bytes_max);
    EXPECT_EQ(joined.messages.back().seq, 40U);
    const auto resumed = join(bob, general, 0).value();
    EXPECT_FALSE(resumed.complete);
    EXPECT_LT(size_of(resumed.messages, resumed.users), limits::answer_bytes_max);
    EXPECT_EQ(resumed.messages.front().seq, 1U);
    const auto page = history(bob, storage::Newest{}, 200);
    EXPECT_TRUE(page.more_before);
    EXPECT_LT(size_of(page.messages, page.users), limits::answer_bytes_max);
}

TEST_F(JoiningTest, a_mark_that_waits_counts_in_the_answer) {
    world.join(bob, general);
    send_many(ada, 5);
    EXPECT_EQ(join(bob, general)->view.membership->unread, 5U);
    world.run(world->read_marks.mark(bob, general, 4)).value();
    EXPECT_EQ(join(bob, general)->view.membership->unread, 1U);
}

TEST_F(JoiningTest, history_pages_meet_without_gap_or_overlap) {
    send_many(ada, 25);
    const auto newest = history(bob, storage::Newest{}, 10);
    EXPECT_EQ(newest.messages.front().seq, 16U);
    EXPECT_TRUE(newest.more_before);
    EXPECT_FALSE(newest.more_after);
    const auto before = history(bob, storage::Before{16}, 10);
    EXPECT_EQ(before.messages.front().seq, 6U);
    EXPECT_EQ(before.messages.back().seq, 15U);
    EXPECT_TRUE(before.more_before && before.more_after);
    const auto first = history(bob, storage::Before{6}, 10);
    EXPECT_EQ(first.messages.front().seq, 1U);
    EXPECT_FALSE(first.more_before);
    const auto after = history(bob, storage::After{15}, 200);
    EXPECT_EQ(after.messages.front().seq, 16U);
    EXPECT_EQ(after.messages.back().seq, 25U);
    EXPECT_EQ(join(bob, general)->view.membership->unread, 0U);
}

TEST_F(JoiningTest, reading_history_needs_no_membership_and_makes_none) {
    send_many(ada, 1);
    EXPECT_EQ(history(bob, storage::Newest{}).messages.size(), 1U);
    EXPECT_FALSE(world.run(world->threads.find(bob, general))->membership);
}

}  // namespace
}  // namespace banter::service
