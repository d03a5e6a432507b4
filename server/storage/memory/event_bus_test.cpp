// The bus of one process: each event once, on the home loop of its thread, in order, gaps read from
// the log.
#include "storage/memory/event_bus.hpp"

#include "base/result.hpp"
#include "storage/testing/run_task.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace banter::memory {

namespace {

model::ThreadId thread_id(std::uint8_t number) {
    model::ThreadId thread;
    thread.uuid.bytes.fill(0);
    thread.uuid.bytes[8] = number;
    return thread;
}

model::SharedEvent event(std::uint8_t thread, model::Rev rev) {
    model::Message message;
    message.seq = rev;
    message.rev = rev;
    model::Event made{thread_id(thread), rev, model::MessageNew{std::move(message)}};
    return std::make_shared<const model::Event>(std::move(made));
}

/// Stops the bus from loop 0 while all loops turn.
void stop(LocalBus& bus, storage::TestLoops& loops) {
    std::vector<asio::executor_work_guard<Executor>> guards;
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < loops.size(); ++i) {
        guards.push_back(asio::make_work_guard(loops[i].get_executor()));
        loops[i].restart();
        others.emplace_back([&loop = loops[i]] { loop.run(); });
    }
    storage::run_task(loops[0], bus.stop());
    guards.clear();
}

/// Turns the loop until `count` events have come.
struct Received {
    asio::io_context& loop;
    std::vector<model::Rev> revs;
    std::size_t wanted = 0;

    void operator()(const model::SharedEvent& come) {
        revs.push_back(come->rev);
        if (revs.size() == wanted) loop.stop();
    }
    void wait_for(std::size_t count) {
        wanted = count;
        auto has_work = asio::make_work_guard(loop.get_executor());
        loop.restart();
        if (revs.size() < count) loop.run();
    }
};

}  // namespace

TEST(LocalBus, events_come_on_the_home_loop_of_their_thread_in_order) {
    constexpr std::size_t count = 4;
    storage::TestLoops loops(count);
    SystemClock clock;
    LocalBus bus(loops.executors(), clock);
    std::vector<std::map<model::ThreadId, std::vector<model::Rev>>> by_loop(count);
    const auto executors = loops.executors();
    bus.set_receiver([&](const model::SharedEvent& come) {
        for (std::size_t loop = 0; loop < count; ++loop) {
            if (!executors[loop].running_in_this_thread()) continue;
            EXPECT_EQ(loop, come->thread.hash() % count);
            by_loop[loop][come->thread].push_back(come->rev);
        }
    });
    for (model::Rev rev = 1; rev <= 10; ++rev) {
        std::vector<model::SharedEvent> batch;
        for (std::uint8_t thread = 0; thread < 8; ++thread) batch.push_back(event(thread, rev));
        bus.publish(std::move(batch));
    }
    loops.run_all();
    std::size_t threads = 0;
    for (const auto& of_loop : by_loop) {
        for (const auto& [thread, revs] : of_loop) {
            ++threads;
            ASSERT_EQ(revs.size(), 10U);
            for (std::size_t i = 0; i < revs.size(); ++i) EXPECT_EQ(revs[i], i + 1);
        }
    }
    EXPECT_EQ(threads, 8U);
    stop(bus, loops);
}

TEST(LocalBus, a_revocation_is_on_every_loop_before_what_was_committed_after_it) {
    storage::TestLoops loops(2);
    const SystemClock clock;
    LocalBus bus(loops.executors(), clock);
    std::vector<std::string> came;
    bus.set_receiver([&](const model::SharedEvent& event) {
        came.push_back(std::to_string(event->rev));
    });
    bus.set_revocation_receiver([&](std::size_t loop, const model::Revocation&) {
        came.push_back("revoked on " + std::to_string(loop));
    });
    const auto revocation =
        std::make_shared<const model::Event>(model::Event{.body = model::Revocation{}});
    // The hash of the thread is 2 in its lowest byte: its home is loop 0.
    bus.publish({event(2, 1), revocation, event(2, 2)});
    loops[1].poll();
    EXPECT_EQ(came, std::vector<std::string>{"revoked on 1"});
    loops[0].poll();
    const std::vector<std::string> all{"revoked on 1", "1", "revoked on 0", "2"};
    EXPECT_EQ(came, all);
    stop(bus, loops);
}

TEST(LocalBus, a_revocation_that_a_loop_publishes_is_there_before_what_another_makes_of_the_rest) {
    storage::TestLoops loops(2);
    const SystemClock clock;
    LocalBus bus(loops.executors(), clock);
    std::vector<std::string> came;
    bus.set_revocation_receiver([&](std::size_t loop, const model::Revocation&) {
        if (loop == 1) came.emplace_back("revoked");
    });
    // What the home of a thread is given it hands to the other loops.
    bus.set_receiver([&](const model::SharedEvent&) {
        asio::post(loops[1], [&] { came.emplace_back("delivered"); });
    });
    const auto revocation =
        std::make_shared<const model::Event>(model::Event{.body = model::Revocation{}});
    asio::post(loops[1], [&] {
        bus.publish({revocation, event(2, 1)});
        // Loop 0 turns on another thread of execution, while this one has not ended its turn.
        std::jthread([&] { loops[0].poll(); }).join();
    });
    loops[1].poll();
    EXPECT_EQ(came, (std::vector<std::string>{"revoked", "delivered"}));
    stop(bus, loops);
}

TEST(LocalBus, a_missing_event_is_read_from_the_log_once) {
    storage::TestLoops loops(1);
    SystemClock clock;
    LocalBus bus(loops.executors(), clock, {.patience = std::chrono::milliseconds(1)});
    Received received{loops[0]};
    bus.set_receiver(std::ref(received));
    int reads = 0;
    bus.set_gap_reader([&](Gap gap) -> Task<Missing> {
        ++reads;
        EXPECT_EQ(gap.thread, thread_id(1));
        EXPECT_EQ(gap.after, 1U);
        EXPECT_EQ(gap.up_to, 3U);
        Missing found;
        found.messages.resize(2);
        found.messages[0].seq = found.messages[0].rev = 2;
        found.messages[1].seq = found.messages[1].rev = 3;
        co_return found;
    });
    std::vector<model::SharedEvent> batch{event(1, 1), event(1, 4), event(1, 5)};
    bus.publish(std::move(batch));
    received.wait_for(5);
    EXPECT_EQ(received.revs, (std::vector<model::Rev>{1, 2, 3, 4, 5}));
    EXPECT_EQ(reads, 1);
    stop(bus, loops);
}

TEST(LocalBus, events_go_on_behind_a_gap_when_the_log_cannot_be_read) {
    storage::TestLoops loops(1);
    SystemClock clock;
    LocalBus bus(loops.executors(), clock, {.patience = std::chrono::milliseconds(1)});
    Received received{loops[0]};
    bus.set_receiver(std::ref(received));
    bus.set_gap_reader([](Gap) -> Task<Missing> {
        throw StorageFailure(Errc::busy, "too many reads wait");
        co_return Missing{};
    });
    std::vector<model::SharedEvent> batch{event(1, 1), event(1, 4)};
    bus.publish(std::move(batch));
    received.wait_for(2);
    EXPECT_EQ(received.revs, (std::vector<model::Rev>{1, 4}));
    stop(bus, loops);
}

/// A bus of one loop whose log has every message of thread 1, with its rev as its seq.
struct LoggedBus {
    LoggedBus() {
        bus.set_receiver(std::ref(received));
        bus.set_gap_reader([this](Gap gap) -> Task<Missing> {
            ++reads;
            Missing found;
            for (model::Rev rev = gap.after + 1; rev <= gap.up_to; ++rev) {
                found.messages.emplace_back();
                found.messages.back().seq = found.messages.back().rev = rev;
            }
            co_return found;
        });
    }
    ~LoggedBus() { stop(bus, loops); }

    std::vector<KnownHead> behind(model::Rev rev) {
        std::vector<KnownHead> heads;
        heads.push_back({.thread = thread_id(1), .rev = rev});
        return storage::run_task(loops[0], bus.behind(std::move(heads)));
    }

    storage::TestLoops loops{1};
    SystemClock clock;
    LocalBus bus{loops.executors(), clock, {.patience_for_known = std::chrono::milliseconds(1)}};
    Received received{loops[0]};
    int reads = 0;
};

TEST(LocalBus, what_the_log_is_known_to_have_and_no_event_told_is_read) {
    LoggedBus logged;
    logged.bus.publish({event(1, 1)});
    logged.received.wait_for(1);
    const auto behind = logged.behind(3);
    ASSERT_EQ(behind.size(), 1U);
    EXPECT_EQ(behind[0].told, 1U);
    logged.bus.expect(behind);
    logged.received.wait_for(3);
    EXPECT_EQ(logged.received.revs, (std::vector<model::Rev>{1, 2, 3}));
    EXPECT_TRUE(logged.behind(3).empty());
    EXPECT_EQ(logged.reads, 1);
}

TEST(LocalBus, who_begins_at_a_rev_gets_everything_after_it) {
    LoggedBus logged;
    logged.bus.want(thread_id(1));
    logged.bus.begin(thread_id(1), 4);
    logged.bus.publish({event(1, 7)});
    logged.bus.expect({{.thread = thread_id(1), .rev = 7}});
    logged.received.wait_for(3);
    EXPECT_EQ(logged.received.revs, (std::vector<model::Rev>{5, 6, 7}));
}

TEST(LocalBus, a_thread_that_nobody_wanted_for_a_while_begins_anew) {
    LoggedBus logged;
    logged.bus.want(thread_id(1));
    logged.bus.publish({event(1, 4)});
    logged.received.wait_for(1);
    logged.bus.unwant(thread_id(1));
    logged.bus.want(thread_id(1));
    logged.bus.begin(thread_id(1), 40);
    logged.bus.publish({event(1, 41)});
    logged.received.wait_for(2);
    EXPECT_EQ(logged.received.revs, (std::vector<model::Rev>{4, 41}));
    EXPECT_EQ(logged.reads, 0);
}

TEST(LocalBus, after_a_stop_nothing_runs_and_nothing_comes) {
    storage::TestLoops loops(2);
    SystemClock clock;
    LocalBus bus(loops.executors(), clock);
    std::size_t come = 0;
    bus.set_receiver([&](const model::SharedEvent&) { ++come; });
    std::vector<model::SharedEvent> batch{event(0, 1), event(0, 3)};
    bus.publish(std::move(batch));
    loops[0].restart();
    loops[0].poll();
    EXPECT_EQ(come, 1U);
    stop(bus, loops);
    std::vector<model::SharedEvent> late{event(0, 2)};
    bus.publish(std::move(late));
    loops.run_all();
    EXPECT_EQ(come, 1U);
}

}  // namespace banter::memory
