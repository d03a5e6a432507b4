// What no event told is found by comparing with the database, and only what somebody here is to
// know.
#include "app/comparison.hpp"

#include "base/result.hpp"
#include "storage/testing/run_task.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace banter::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const model::ThreadId general{{{1}}};
const model::UserId ada{{{2}}};

/// Says what it was told to say.
class ScriptedChanges final : public storage::ChangeStore {
public:
    Task<storage::RecentChanges> recent(storage::Tick since, storage::Tick) override {
        asked_since.push_back(since);
        if (away) throw StorageFailure(Errc::storage_unavailable, "away");
        co_return changes;
    }
    Task<storage::ThreadAccess> check_access(model::ThreadId, std::vector<model::UserId> users)
        override {
        checked.push_back(users);
        co_return access;
    }

    storage::RecentChanges changes;
    storage::ThreadAccess access;
    std::vector<storage::Tick> asked_since;
    std::vector<std::vector<model::UserId>> checked;
    bool away = false;
};

class ComparisonTest : public testing::Test {
protected:
    ComparisonTest() {
        bus.set_receiver([this](const model::SharedEvent& event) { told.push_back(event->rev); });
        bus.set_revocation_receiver([](std::size_t, const model::Revocation&) {});
        bus.set_gap_reader([this](memory::Gap gap) -> Task<memory::Missing> {
            gaps.push_back(std::to_string(gap.after) + "-" + std::to_string(gap.up_to));
            memory::Missing found;
            for (model::Rev rev = gap.after + 1; rev <= gap.up_to; ++rev) {
                found.messages.emplace_back();
                found.messages.back().rev = found.messages.back().seq = rev;
            }
            co_return found;
        });
    }
    ~ComparisonTest() override { storage::run_task(context, bus.stop()); }

    void say(model::Rev rev) {
        storage::ChangedThread changed;
        changed.thread = general;
        changed.rev = rev;
        store.changes.threads.assign(1, changed);
    }
    void tell(model::Rev rev) {
        model::Event event{general, rev, model::MessageUpdate{}};
        bus.publish({std::make_shared<const model::Event>(std::move(event))});
        turn();
    }
    void look() {
        storage::run_task(context, comparison.look());
        turn();
    }
    void turn() {
        context.restart();
        context.run_for(std::chrono::milliseconds(20));
    }

    asio::io_context context{1};
    Loops loops{context.get_executor()};
    SystemClock clock;
    metrics::Registry registry;
    memory::LocalBus bus{loops, clock, {.patience_for_known = std::chrono::milliseconds(1)}};
    api::ws::Hub hub{registry};
    ScriptedChanges store;
    Comparison comparison{{loops, {&hub}, bus, store}};
    std::vector<model::Rev> told;
    std::vector<std::string> gaps;
};

TEST_F(ComparisonTest, what_nobody_here_has_to_do_with_is_not_read) {
    tell(1);
    say(5);
    look();
    EXPECT_THAT(gaps, IsEmpty());
}

TEST_F(ComparisonTest, what_was_told_is_compared_by_its_rev_alone) {
    tell(5);
    say(5);
    look();
    say(4);
    look();
    EXPECT_THAT(gaps, IsEmpty());
    EXPECT_THAT(told, ElementsAre(5U));
}

TEST_F(ComparisonTest, access_is_checked_for_those_who_are_here_alone) {
    say(5);
    store.changes.threads[0].access_changed = true;
    look();
    EXPECT_THAT(store.checked, IsEmpty());
}

TEST_F(ComparisonTest, it_asks_for_what_came_since_the_last_look_that_succeeded) {
    store.changes.now = 7;
    look();
    store.changes.now = 9;
    store.away = true;
    look();
    store.away = false;
    look();
    look();
    EXPECT_THAT(store.asked_since, ElementsAre(0, 7, 7, 9));
}

TEST_F(ComparisonTest, a_member_who_is_not_here_is_told_nothing) {
    model::MemberUpdate update;
    update.thread = general;
    update.user = ada;
    store.changes.members.assign(1, update);
    look();
    EXPECT_THAT(told, IsEmpty());
}

TEST_F(ComparisonTest, it_goes_on_by_itself_until_it_is_stopped_and_at_once_when_asked) {
    comparison.start();
    comparison.look_now();
    while (store.asked_since.size() < 2) turn();
    storage::run_task(context, comparison.stop());
    const std::size_t looks = store.asked_since.size();
    turn();
    EXPECT_EQ(store.asked_since.size(), looks);
}

}  // namespace
}  // namespace banter::app
