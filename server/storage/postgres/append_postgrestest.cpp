// A message in a thread that was written to lately costs one round trip, and what has changed
// meanwhile counts all the same.
#include "storage/testing/postgres_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace banter::storage {

namespace {

std::optional<Error> owners_only(const model::ThreadView& view) {
    const bool owns = view.membership && view.membership->role == model::ThreadRole::owner;
    if (owns) return std::nullopt;
    return Error{Errc::forbidden, "not an owner"};
}

std::optional<Error> unless_archived(const model::ThreadView& view) {
    if (!view.thread.archived_at) return std::nullopt;
    return Error{Errc::conflict, "archived"};
}

class RememberedThread : public PostgresLog {
public:
    void SetUp() override {
        PostgresLog::SetUp();
        send(thread, ada, "the first");
        (void)backend.take_round_trips();
    }

    /// As another node's transaction.
    void change(const std::string& statement) {
        session().run(("BEGIN; " + statement + "; COMMIT").c_str());
    }
    void expect_head(model::Seq seq) {
        const model::ThreadView seen = view(thread, ada);
        EXPECT_EQ(seen.thread.seq, seq);
        EXPECT_EQ(seen.thread.rev, seq);
        const auto all = history(thread, ada, Newest{}).messages;
        ASSERT_EQ(all.size(), seq);
        for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].seq, i + 1);
    }
};

TEST_F(RememberedThread, a_lone_message_costs_one_round_trip) {
    for (const model::Seq seq : {2, 3, 4}) {
        const auto sent = send(thread, ada, "text");
        EXPECT_EQ(backend.take_round_trips(), 1U);
        EXPECT_EQ(sent.seq, seq);
        EXPECT_EQ(sent.rev, seq);
    }
    expect_head(4);
    const model::ThreadView seen = view(thread, ada);
    EXPECT_EQ(seen.membership->read_seq, 4U);
    EXPECT_EQ(view(thread, bob).membership->unread, 4U);
}

TEST_F(RememberedThread, what_is_stored_is_what_was_answered_and_told) {
    (void)events();
    const auto sent = send(thread, ada, "text");
    const auto stored = find(sent, ada);
    EXPECT_EQ(stored.content, "text");
    EXPECT_EQ(stored.seq, sent.seq);
    EXPECT_EQ(stored.rev, sent.rev);
    EXPECT_EQ(stored.author, ada);
    EXPECT_EQ(stored.nonce, sent.nonce);
    EXPECT_EQ(stored.created_at, sent.created_at);
    EXPECT_FALSE(stored.edited_at || stored.deleted_at || stored.reply_to || stored.mentions_all);
    const auto told = events();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0]->rev, sent.rev);
    EXPECT_EQ(std::get<model::MessageNew>(told[0]->body).message.id, sent.id);
    EXPECT_THAT(changes(thread, ada, 1).messages, testing::SizeIs(1));
}

TEST_F(RememberedThread, a_batch_costs_one_round_trip) {
    send(thread, bob, "the second");
    const auto other = channel("other", bob);
    send(other, bob, "the first");
    (void)backend.take_round_trips();
    std::vector<NewMessage> messages;
    for (int i = 0; i < 99; ++i) {
        const bool second = i % 3 == 0;
        messages.push_back(new_message(second ? other : thread, i % 2 == 0 ? bob : ada, "text"));
    }
    std::erase_if(messages, [&](const auto& one) {
        return one.thread == other && one.author != bob;
    });
    const auto answers = send_together(messages);
    // For each writer the first goes at once, and what comes meanwhile together.
    EXPECT_LE(backend.take_round_trips(), 4U);
    for (const auto& answer : answers) EXPECT_TRUE(answer.has_value());
    model::Seq total = 0;
    for (const auto& each : {thread, other}) {
        const model::ThreadView seen = view(each, bob);
        EXPECT_EQ(seen.thread.seq, seen.thread.rev);
        EXPECT_EQ(history(each, bob, Newest{}, 200).messages.size(), seen.thread.seq);
        total += seen.thread.seq;
    }
    EXPECT_EQ(total, messages.size() + 3);
}

TEST_F(RememberedThread, a_message_of_another_node_in_between_is_numbered_with) {
    OtherWriter other(url());
    ASSERT_TRUE(other.append(new_message(thread, bob, "from elsewhere"), members_only));
    (void)backend.take_round_trips();
    EXPECT_EQ(send(thread, ada, "here").seq, 3U);
    EXPECT_EQ(backend.take_round_trips(), 1U);
    expect_head(3);
}

TEST_F(RememberedThread, a_nonce_that_another_node_has_stored_is_found) {
    const NewMessage wanted = new_message(thread, ada, "once");
    OtherWriter other(url());
    const auto first = other.append(wanted, members_only);
    ASSERT_TRUE(first.has_value());
    NewMessage again = wanted;
    again.id = make<model::MessageId>();
    EXPECT_EQ(send(again).id, first->id);
    NewMessage reused = again;
    reused.request_hash.fill(0xFF);
    expect_refused(try_send(reused), Errc::nonce_reused);
    expect_head(2);
}

TEST_F(RememberedThread, a_nonce_of_another_thread_is_found) {
    const auto other = channel("other", ada);
    send(other, ada, "the first");
    NewMessage wanted = new_message(thread, ada, "once");
    const auto first = send(wanted);
    wanted.thread = other;
    wanted.request_hash.fill(0xFF);
    expect_refused(try_send(wanted), Errc::nonce_reused);
    EXPECT_EQ(view(other, ada).thread.seq, 1U);
}

TEST_F(RememberedThread, who_was_removed_by_another_node_is_refused) {
    send(thread, bob, "as a member");
    change("DELETE FROM members WHERE read_seq = 2 AND role = 1");
    expect_refused(try_send(new_message(thread, bob, "too late")), Errc::forbidden);
    expect_head(2);
    (void)backend.take_round_trips();
    expect_refused(try_send(new_message(thread, bob, "again")), Errc::forbidden);
    EXPECT_EQ(backend.take_round_trips(), 2U) << "it is not remembered any more";
}

TEST_F(RememberedThread, a_role_that_another_node_has_taken_counts_no_more) {
    ASSERT_TRUE(try_send(new_message(thread, ada, "as an owner"), owners_only));
    change("UPDATE members SET role = 1 WHERE role = 0");
    expect_refused(try_send(new_message(thread, ada, "too late"), owners_only), Errc::forbidden);
    expect_head(2);
}

TEST_F(RememberedThread, one_that_another_node_has_archived_takes_no_message) {
    change("UPDATE threads SET archived_at = 1, access_rev = access_rev + 1, rev = rev + 1");
    expect_refused(try_send(new_message(thread, ada, "too late"), unless_archived), Errc::conflict);
    change("UPDATE threads SET archived_at = NULL, access_rev = access_rev + 1, rev = rev + 1");
    const auto sent = try_send(new_message(thread, ada, "in time"), unless_archived);
    ASSERT_TRUE(sent.has_value());
    EXPECT_EQ(sent->seq, 2U);
    EXPECT_EQ(sent->rev, 4U);
}

TEST_F(RememberedThread, one_in_a_batch_that_is_refused_keeps_none_of_the_others_out) {
    send(thread, bob, "as a member");
    change("DELETE FROM members WHERE read_seq = 2 AND role = 1");
    std::vector<NewMessage> messages;
    for (int i = 0; i < 10; ++i)
        messages.push_back(new_message(thread, i == 5 ? bob : ada, "text"));
    const auto answers = send_together(messages);
    for (std::size_t i = 0; i < answers.size(); ++i) EXPECT_EQ(answers[i].has_value(), i != 5) << i;
    expect_head(11);
}

TEST_F(RememberedThread, a_message_whose_link_is_lost_on_the_way_is_stored_once) {
    WaitingSend waiting(*this, new_message(thread, ada, "text"));
    waiting.wait_for_lock();
    session().run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    );
    waiting.holder().run("COMMIT");
    const auto sent = waiting.finish();
    ASSERT_TRUE(sent.has_value());
    EXPECT_EQ(sent->seq, 2U);
    expect_head(2);
}

TEST_F(RememberedThread, where_no_new_link_can_be_made_the_outcome_is_unknown) {
    WaitingSend waiting(*this, new_message(thread, ada, "text"));
    waiting.wait_for_lock();
    const std::string database = backend.test_database().name();
    TestDatabase::run("ALTER DATABASE " + database + " ALLOW_CONNECTIONS false");
    TestDatabase::run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = '" +
        database + "' AND wait_event_type = 'Lock'"
    );
    try {
        (void)waiting.finish();
        FAIL() << "it was answered";
    } catch (const StorageFailure& failure) {
        EXPECT_EQ(failure.code(), Errc::outcome_unknown);
    }
    TestDatabase::run("ALTER DATABASE " + database + " ALLOW_CONNECTIONS true");
    waiting.holder().run("COMMIT");
}

TEST(AppendMemory, forgets_what_was_not_used_lately) {
    postgres::AppendMemory memory;
    const auto row_of = [](std::uint8_t high, std::uint8_t low) {
        sql::ThreadRow row;
        row.view.thread.id.uuid.bytes = {high, low};
        row.view.membership.emplace();
        return row;
    };
    const model::UserId user;
    const auto first = row_of(255, 255);
    memory.keep(user, first);
    for (int i = 0; i < 20'000; ++i) {
        memory.keep(
            user, row_of(static_cast<std::uint8_t>(i / 250), static_cast<std::uint8_t>(i % 250))
        );
        ASSERT_NE(memory.find(first.view.thread.id, user), nullptr);
    }
    EXPECT_LE(memory.size(), 2 * postgres::AppendMemory::half_max);
    EXPECT_EQ(memory.find(row_of(0, 0).view.thread.id, user), nullptr);
    sql::ThreadRow removed = first;
    removed.view.membership.reset();
    memory.keep(user, removed);
    EXPECT_EQ(memory.find(first.view.thread.id, user), nullptr);
}

}  // namespace

}  // namespace banter::storage
