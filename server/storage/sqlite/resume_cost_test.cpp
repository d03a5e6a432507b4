// Resuming costs what its answer holds, however many old messages were changed since.
#include "storage/contract/log_world.hpp"
#include "storage/sql/changed_runs.hpp"
#include "storage/testing/sqlite_backend.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <random>
#include <string>
#include <vector>

namespace banter::storage {

namespace {

/// Counts the steps of SQLite's virtual machine, in every connection that is opened while this
/// exists.
class StepCount {
public:
    StepCount() {
        steps = 0;
        sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch));
    }
    ~StepCount() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(watch)); }

    static std::int64_t take() { return steps.exchange(0); }

private:
    static int watch(sqlite3* database, const char**, const sqlite3_api_routines*) {
        return sqlite3_trace_v2(database, SQLITE_TRACE_PROFILE, add, nullptr);
    }
    static int add(unsigned, void*, void* statement, void*) {
        auto* const ended = static_cast<sqlite3_stmt*>(statement);
        steps += sqlite3_stmt_status(ended, SQLITE_STMTSTATUS_VM_STEP, 1);
        return 0;
    }

    static inline std::atomic<std::int64_t> steps = 0;
};

struct Counted : StepCount, SqliteBackend {
    explicit Counted(std::size_t loops = 1) : SqliteBackend(loops) {}
};

class ResumeCost : public LogWorld<Counted> {
public:
    std::vector<model::Message> send_many(std::size_t count) {
        std::vector<model::Message> sent;
        for (std::size_t i = 0; i < count; ++i) sent.push_back(send(thread, ada, "text"));
        return sent;
    }

    /// Of the answer to `since`.
    std::int64_t steps(model::Rev since) {
        (void)view(thread, ada);
        StepCount::take();
        last = expect(run(messages().changes(thread, ada, since, SIZE_MAX, allow)));
        return StepCount::take();
    }

    /// What the runs are, and what they should be.
    std::vector<sql::PlaceRange> runs(const char* query) {
        sqlite3* database = nullptr;
        EXPECT_EQ(sqlite3_open((backend.directory() / "banter.db").c_str(), &database), SQLITE_OK);
        std::vector<sql::PlaceRange> found;
        const auto add = [](void* into, int, char** columns, char**) {
            static_cast<std::vector<sql::PlaceRange>*>(into)->push_back(
                {std::stoll(columns[0]), std::stoll(columns[1])}
            );
            return 0;
        };
        EXPECT_EQ(sqlite3_exec(database, query, add, &found, nullptr), SQLITE_OK);
        sqlite3_close(database);
        return found;
    }

    History last;
};

constexpr const char* runs_kept =
    "SELECT first_place, last_place FROM changed_runs ORDER BY last_place";

constexpr const char* runs_there_are =
    "SELECT min(place), max(place) FROM (SELECT place, place - row_number() OVER (ORDER BY place) "
    "AS island FROM messages WHERE rev <> first_rev) GROUP BY island ORDER BY 1";

}  // namespace

TEST_F(ResumeCost, changed_messages_before_those_that_are_answered_cost_nothing) {
    const auto cost_with = [this](std::size_t old) {
        const model::Rev since = view(thread, ada).thread.rev;
        for (const auto& message : send_many(old)) react(message, bob, ":x:");
        send_many(10);
        const auto cost = steps(since);
        EXPECT_EQ(last.messages.size(), std::min<std::size_t>(old + 10, 500));
        return cost;
    };
    const auto few = cost_with(600);
    const auto many = cost_with(2'400);
    // It is looked for by halving, so four times as many cost two steps more of that.
    EXPECT_LT(many, few * 5 / 4) << "few: " << few;
}

TEST_F(ResumeCost, changed_and_unchanged_messages_in_turns_cost_no_more_than_the_answer) {
    const auto sent = send_many(1'200);
    for (std::size_t i = 0; i < sent.size(); i += 2) react(sent[i], bob, ":x:");
    const auto first = steps(0);
    EXPECT_EQ(last.messages.size(), 500U);
    const auto later = steps(last.messages.back().rev);
    EXPECT_EQ(last.messages.size(), 500U);
    EXPECT_LT(std::max(first, later), 500 * 300);
}

TEST_F(ResumeCost, the_runs_are_whole_whatever_is_changed_in_which_order) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    auto sent = send_many(100);
    for (int step = 0; step < 150; ++step) {
        const auto& message = sent[random() % sent.size()];
        switch (random() % 3) {
            case 0: (void)try_react(message, bob, ":x:"); break;
            case 1: (void)try_edit(message, "other " + std::to_string(step)); break;
            default: (void)remove(message); break;
        }
        if (step % 10 == 0) {
            EXPECT_EQ(runs(runs_kept), runs(runs_there_are));
        }
    }
    EXPECT_EQ(runs(runs_kept), runs(runs_there_are));
    EXPECT_FALSE(runs(runs_kept).empty());
}

}  // namespace banter::storage
