// What one node changes the others find, whoever changed it and however late it was committed.
#include "storage/contract/log_world.hpp"
#include "storage/postgres/change_store.hpp"
#include "storage/testing/postgres_backend.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace banter::storage {
namespace {

class PostgresChanges : public LogWorld<PostgresBackend> {
public:
    RecentChanges recent(Tick since = 0, Tick before = 8) {
        return run(changes_.recent(since, before));
    }
    /// Of this world's thread; nothing if it has not changed.
    std::optional<ChangedThread> changed(Tick since = 0, Tick before = 8) {
        for (const ChangedThread& each : recent(since, before).threads) {
            if (each.thread == thread) return each;
        }
        return std::nullopt;
    }
    ThreadAccess check(std::vector<model::UserId> users) {
        return run(changes_.check_access(thread, std::move(users)));
    }
    void remove_member(model::UserId user) {
        const MemberChange change{.thread = thread, .caller = ada, .member = user, .now = now()};
        const auto nobody_minds = [](const model::ThreadView&, std::optional<model::ThreadRole>) {
            return std::optional<Error>();
        };
        expect(run(threads().remove_member(change, nobody_minds)));
    }
    void sql(const char* statement) {
        postgres::Session(postgres::targets_of(backend.test_database().url())).run(statement);
    }

private:
    postgres::PostgresChangeStore changes_{backend.database()};
};

TEST_F(PostgresChanges, every_change_of_a_thread_is_found_with_its_rev) {
    const auto message = send(thread, ada, "hi");
    EXPECT_EQ(changed()->rev, 1U);
    edit(message, "ho");
    EXPECT_EQ(changed()->rev, 2U);
    react(message, bob, "+1");
    EXPECT_EQ(changed()->rev, 3U);
    remove(message);
    EXPECT_EQ(changed()->rev, 4U);
    EXPECT_FALSE(changed()->access_changed);
}

TEST_F(PostgresChanges, what_changed_before_the_window_is_left_out) {
    send(thread, ada, "hi");
    sql("UPDATE threads SET changed_tick = changed_tick - 20");
    EXPECT_EQ(changed(), std::nullopt);
    const Tick now = recent().now;
    EXPECT_NE(changed(now - 15), std::nullopt) << "since then it has changed";
    EXPECT_EQ(changed(now - 10), std::nullopt);
}

TEST_F(PostgresChanges, a_removal_counts_as_a_change_of_access) {
    const auto before = view(thread, ada).thread.access_rev;
    EXPECT_EQ(changed(), std::nullopt) << "nothing was said in it yet";
    remove_member(bob);
    ASSERT_TRUE(changed().has_value());
    EXPECT_TRUE(changed()->access_changed);
    EXPECT_GT(changed()->access_rev, before);
}

TEST_F(PostgresChanges, those_who_became_members_are_found_while_they_are) {
    const auto eve = user("eve");
    join(thread, eve);
    const auto is_eve = [&](const model::MemberUpdate& update) {
        return update.user == eve && update.thread == thread &&
               update.role == model::ThreadRole::member && update.member_count == 3;
    };
    EXPECT_EQ(std::ranges::count_if(recent().members, is_eve), 1);
    remove_member(eve);
    EXPECT_EQ(std::ranges::count_if(recent().members, is_eve), 0);
}

TEST_F(PostgresChanges, a_look_reads_more_than_a_page) {
    sql("INSERT INTO threads (id, seq, rev, access_rev, first_seq, member_count, workspace_id, "
        "kind, "
        "visibility, name, folded_name, topic, created_by, created_at, changed_tick) "
        "SELECT decode(lpad(to_hex(n), 32, '0'), 'hex'), 0, 1, 0, 1, 0, "
        "(SELECT workspace_id FROM installation), 1, 1, '', '', '', '\\x00', 0, "
        "banter_tick() - n % 3 FROM generate_series(1, 12000) AS n");
    EXPECT_EQ(recent().threads.size(), 12'000U);
}

TEST_F(PostgresChanges, memberships_of_a_node_of_before_are_watched_and_get_their_threads_id) {
    const auto without_id = [this] {
        postgres::Session session(postgres::targets_of(backend.test_database().url()));
        return session.query("SELECT count(*) FROM members WHERE thread_id IS NULL", {})[0].number(
        );
    };
    send(thread, ada, "hi");
    EXPECT_EQ(without_id(), 0U);
    sql("UPDATE members SET thread_id = NULL");
    const Watch all{.all_max = 1};
    EXPECT_EQ(run(threads().watched(bob, all)), std::vector{thread});
    run_task(backend.loops()[0], threads().mark_read({ReadMark{thread, bob, 1}}));
    EXPECT_EQ(without_id(), 1U) << "that of ada";
    EXPECT_EQ(run(threads().watched(bob, all)), std::vector{thread});
}

TEST_F(PostgresChanges, who_is_no_member_is_told_apart) {
    const auto eve = user("eve");
    auto access = check({ada, bob, eve});
    EXPECT_EQ(access.member_count, 2U);
    EXPECT_FALSE(access.members_only);
    ASSERT_EQ(access.lost.size(), 1U);
    EXPECT_EQ(access.lost[0].user, eve);
    EXPECT_FALSE(access.lost[0].hidden) << "anybody may read it";
    sql("UPDATE users SET role = 3 WHERE handle = 'eve'");
    EXPECT_TRUE(check({eve}).lost.at(0).hidden) << "a guest may not";
    sql("UPDATE threads SET visibility = 1");
    access = check({bob, eve});
    EXPECT_TRUE(access.members_only);
    EXPECT_TRUE(access.lost.at(0).hidden);
    EXPECT_TRUE(check({}).lost.empty());
}

}  // namespace
}  // namespace banter::storage
