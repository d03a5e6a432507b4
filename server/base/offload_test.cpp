// Offload: blocking calls elsewhere, their outcome on the caller's loop, a bound on what waits.
#include "base/offload.hpp"

#include "base/testing/run.hpp"

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <thread>

namespace banter {
namespace {

TEST(Offload, the_call_runs_elsewhere_and_the_caller_goes_on_at_home) {
    asio::io_context loop{1};
    Offload offload(1, 10);
    auto task = [](Offload& elsewhere) -> Task<bool> {
        const auto home = std::this_thread::get_id();
        auto call = [] { return std::this_thread::get_id(); };
        const auto there = co_await elsewhere.run(call);
        co_return there != home&& std::this_thread::get_id() == home;
    };
    EXPECT_TRUE(testing::run(loop, task(offload)));
}

TEST(Offload, a_value_that_only_moves_comes_back) {
    asio::io_context loop{1};
    Offload offload(1, 10);
    auto task = [](Offload& elsewhere) -> Task<std::unique_ptr<std::string>> {
        auto call = [text = std::make_unique<std::string>("kept")]() mutable {
            return std::move(text);
        };
        co_return co_await elsewhere.run(std::move(call));
    };
    EXPECT_EQ(*testing::run(loop, task(offload)), "kept");
}

TEST(Offload, what_the_call_throws_reaches_the_caller) {
    asio::io_context loop{1};
    Offload offload(1, 10);
    auto task = [](Offload& elsewhere) -> Task<int> {
        auto call = []() -> int { throw std::runtime_error("broken"); };
        co_return co_await elsewhere.run(call);
    };
    EXPECT_THROW((void)testing::run(loop, task(offload)), std::runtime_error);
}

/// What became of a call.
Task<std::string> outcome(Offload& offload, std::shared_future<void> gate) {
    auto call = [gate] {
        gate.wait();
        return 1;
    };
    try {
        co_await offload.run(std::move(call));
        co_return "done";
    } catch (const StorageFailure& failure) {
        co_return std::string(wire_name(failure.code()));
    }
}

TEST(Offload, one_call_more_than_may_wait_is_refused_as_busy_and_room_comes_back) {
    asio::io_context loop{1};
    Offload offload(1, 2);
    std::promise<void> open;
    const std::shared_future<void> gate = open.get_future().share();
    std::vector<std::string> outcomes;
    for (int i = 0; i < 3; ++i) {
        asio::co_spawn(loop, outcome(offload, gate), [&](std::exception_ptr, std::string result) {
            outcomes.push_back(std::move(result));
            if (outcomes.size() == 1) open.set_value();  // the refusal comes first
        });
    }
    loop.run();
    EXPECT_EQ(outcomes, (std::vector<std::string>{"busy", "done", "done"}));
    EXPECT_EQ(testing::run(loop, outcome(offload, gate)), "done");
}

TEST(Offload, what_nobody_waits_for_is_never_refused_and_done_when_it_is_gone) {
    int done = 0;
    {
        Offload offload(1, 1);
        for (int i = 0; i < 10; ++i) offload.leave_to([&done] { ++done; });
    }
    EXPECT_EQ(done, 10);
}

TEST(Offload, destroying_it_waits_for_what_was_accepted) {
    asio::io_context loop{1};
    std::string result;
    std::promise<void> open;
    const std::shared_future<void> gate = open.get_future().share();
    {
        Offload offload(1, 2);
        asio::co_spawn(loop, outcome(offload, gate), [&](std::exception_ptr, std::string done) {
            result = std::move(done);
        });
        loop.poll();
        EXPECT_EQ(result, "");
        open.set_value();
    }
    loop.restart();
    loop.run();
    EXPECT_EQ(result, "done");
}

}  // namespace
}  // namespace banter
