// What only a database with several writers shows: races, locks and links that are lost.
#include "storage/testing/postgres_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace banter::storage {

namespace {

TEST_F(PostgresLog, one_nonce_twice_in_a_batch_makes_one_message) {
    NewMessage wanted = new_message(thread, ada, "hi");
    NewMessage again = wanted;
    again.id = make<model::MessageId>();
    NewMessage other = wanted;
    other.request_hash.fill(0xFF);
    const auto answers = send_together({new_message(thread, bob, "before"), wanted, again, other});
    ASSERT_TRUE(answers[1].has_value());
    ASSERT_TRUE(answers[2].has_value());
    EXPECT_EQ(answers[2]->id, answers[1]->id);
    EXPECT_EQ(answers[2]->seq, answers[1]->seq);
    expect_refused(answers[3], Errc::nonce_reused);
    EXPECT_EQ(view(thread, ada).thread.seq, 2U);
    EXPECT_EQ(view(thread, ada).thread.rev, 2U);
}

TEST_F(PostgresLog, a_batch_is_one_transaction) {
    std::vector<NewMessage> messages;
    for (int i = 0; i < 100; ++i) messages.push_back(new_message(thread, ada, "text"));
    send_together({new_message(thread, ada, "first")});
    const auto before = backend.bus().publications();
    // The first goes at once, and what comes meanwhile together.
    send_together(messages);
    EXPECT_LE(backend.bus().publications() - before, 3U);
    EXPECT_EQ(view(thread, ada).thread.seq, 101U);
}

TEST_F(PostgresLog, what_cannot_be_stored_stands_alone) {
    NewMessage broken = new_message(thread, ada, "broken");
    broken.content = std::string("a\0b", 3);
    std::vector<NewMessage> messages;
    for (int i = 0; i < 5; ++i) messages.push_back(new_message(thread, ada, "text"));
    messages.insert(messages.begin() + 3, broken);
    auto sender = [](MessageStore* store, NewMessage message, bool* stored) -> Task<> {
        try {
            const auto sent = co_await store->append(std::move(message), members_only);
            *stored = sent.has_value();
        } catch (const std::exception&) {
            *stored = false;
        }
    };
    std::unique_ptr<bool[]> stored(std::make_unique<bool[]>(messages.size()));
    for (std::size_t i = 0; i < messages.size(); ++i) {
        backend.loops().spawn(0, sender(&this->messages(), messages[i], &stored[i]));
    }
    backend.loops().run_all();
    for (std::size_t i = 0; i < messages.size(); ++i) EXPECT_EQ(stored[i], i != 3) << i;
    EXPECT_EQ(view(thread, ada).thread.seq, 5U);
    EXPECT_EQ(view(thread, ada).thread.rev, 5U);
}

TEST_F(PostgresLog, a_removal_that_commits_while_a_batch_waits_keeps_the_message_out) {
    // The writer asks what bob is in the thread; later it remembers.
    for (const bool remembered : {false, true}) {
        const model::Seq before = view(thread, ada).thread.seq;
        if (remembered) {
            join(thread, bob);
            send(thread, bob, "in time");
        }
        WaitingSend late(*this, new_message(thread, bob, "too late"));
        sql::Parameters removed(1, sql::to_value(number_of_thread()));
        removed.push_back(sql::to_value(bob));
        (void)late.holder().query(
            "DELETE FROM members WHERE thread = $1 AND user_id = $2", removed
        );
        late.wait_for_lock();
        late.holder().run("COMMIT");
        expect_refused(late.finish(), Errc::forbidden);
        EXPECT_EQ(view(thread, ada).thread.seq, before + (remembered ? 1 : 0));
    }
}

TEST_F(PostgresLog, a_link_that_was_lost_while_nobody_used_it_is_made_anew) {
    send(thread, ada, "one");
    end_links();
    EXPECT_EQ(send(thread, ada, "two").seq, 2U);
    EXPECT_EQ(history(thread, ada, Newest{}).messages.size(), 2U);
    end_links();
    EXPECT_EQ(edit(history(thread, ada, Newest{}).messages[0], "three").message.rev, 3U);
}

TEST_F(PostgresLog, what_its_commit_refuses_is_told_to_nobody) {
    session().run(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$; "
        "CREATE CONSTRAINT TRIGGER refused AFTER UPDATE ON threads "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()"
    );
    (void)told();
    model::ChangeThread change;
    change.thread = thread;
    change.name = "other";
    EXPECT_THROW((void)run(threads().change(change, ada, now(), allow)), StorageFailure);
    EXPECT_THROW((void)send(thread, ada, "text"), StorageFailure);
    EXPECT_THAT(told(), testing::IsEmpty());
    EXPECT_EQ(view(thread, ada).thread.name, "general");
    EXPECT_EQ(view(thread, ada).thread.rev, 0U);
}

TEST(OutageNews, is_said_when_it_begins_and_ends_and_meanwhile_once_a_minute) {
    postgres::OutageNews outage;
    const postgres::OutageNews::Time start{std::chrono::hours(1)};
    EXPECT_FALSE(outage.ends());
    EXPECT_TRUE(outage.begins(start));
    EXPECT_FALSE(outage.begins(start + std::chrono::seconds(1)));
    EXPECT_FALSE(outage.begins(start + std::chrono::seconds(59)));
    EXPECT_TRUE(outage.begins(start + std::chrono::seconds(60)));
    EXPECT_TRUE(outage.ends());
    EXPECT_FALSE(outage.ends());
    // One that comes and goes is not told of each time.
    EXPECT_FALSE(outage.begins(start + std::chrono::seconds(61)));
    EXPECT_FALSE(outage.ends());
    EXPECT_TRUE(outage.begins(start + std::chrono::seconds(121)));
}

/// Writers with links of their own, over the same database, as those of several nodes are.
TEST_F(PostgresLog, writers_over_the_same_threads_never_wait_for_each_other_in_a_circle) {
    constexpr std::size_t loops = 2;
    constexpr std::size_t threads = 20;
    constexpr std::size_t sends = 400;
    PostgresBackend many(loops);
    model::IdMaker maker(many.clock(), many.random());
    std::vector<model::ThreadId> made;
    const auto author = maker.make<model::UserId>();
    for (std::size_t i = 0; i < threads; ++i) {
        NewThread wanted;
        wanted.id = maker.make<model::ThreadId>();
        wanted.workspace = many.installation().workspace.id;
        wanted.name = "thread " + std::to_string(i);
        wanted.created_by = author;
        (void)many.loops().run(many.stores().threads.create(wanted));
        made.push_back(wanted.id);
    }
    // Four writers that each have all threads: what one process never does, and several nodes do.
    const std::string url = many.test_database().url();
    auto write = [&](std::uint64_t seed) {
        OtherWriter writer(url);
        SeededRandom random(seed);
        ManualClock clock{Timestamp{std::chrono::milliseconds{1'800'000'000'000}}};
        model::IdMaker own(clock, random);
        for (std::size_t i = 0; i < sends / 10; ++i) {
            std::vector<postgres::Append> batch(10);
            for (postgres::Append& append : batch) {
                append.message.id = own.make<model::MessageId>();
                append.message.nonce = own.make<model::Nonce>();
                append.message.thread = made[random.below(made.size())];
                append.message.author = author;
                append.message.content = "text";
                append.rule = members_only;
            }
            writer.append(batch);
            for (const postgres::Append& append : batch) EXPECT_TRUE(append.answer->has_value());
        }
    };
    {
        std::vector<std::jthread> writers;
        for (std::uint64_t seed = 1; seed <= 4; ++seed) writers.emplace_back(write, seed);
    }
    model::Seq total = 0;
    for (const auto& each : made) {
        const auto found = many.loops().run(many.stores().threads.find(each, author));
        ASSERT_TRUE(found.has_value());
        EXPECT_EQ(found->thread.rev, found->thread.seq);
        total += found->thread.seq;
    }
    EXPECT_EQ(total, 4 * sends);
    auto asking = postgres::Session(postgres::targets_of(url));
    EXPECT_EQ(
        asking.query("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")[0]
            .integer(),
        0
    );
}

}  // namespace

}  // namespace banter::storage
