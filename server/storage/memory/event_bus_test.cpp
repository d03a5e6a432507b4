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

TEST(LocalBus, a_missing_event_is_read_from_the_log_once) {
    storage::TestLoops loops(1);
    SystemClock clock;
    LocalBus bus(loops.executors(), clock, {.patience = std::chrono::milliseconds(1)});
    Received received{loops[0]};
    bus.set_receiver(std::ref(received));
    int reads = 0;
    bus.set_gap_reader(
        [&](model::ThreadId thread, model::Rev after, model::Rev up_to
        ) -> Task<std::vector<model::Message>> {
            ++reads;
            EXPECT_EQ(thread, thread_id(1));
            EXPECT_EQ(after, 1U);
            EXPECT_EQ(up_to, 3U);
            std::vector<model::Message> found(2);
            found[0].seq = found[0].rev = 2;
            found[1].seq = found[1].rev = 3;
            co_return found;
        }
    );
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
    bus.set_gap_reader(
        [](model::ThreadId, model::Rev, model::Rev) -> Task<std::vector<model::Message>> {
            throw StorageFailure(Errc::busy, "too many reads wait");
            co_return std::vector<model::Message>{};
        }
    );
    std::vector<model::SharedEvent> batch{event(1, 1), event(1, 4)};
    bus.publish(std::move(batch));
    received.wait_for(2);
    EXPECT_EQ(received.revs, (std::vector<model::Rev>{1, 4}));
    stop(bus, loops);
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
