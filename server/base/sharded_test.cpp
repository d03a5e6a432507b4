// Sharded: every part is touched on its own loop only, in the order in which it was asked.
#include "base/sharded.hpp"

#include "base/task_group.hpp"
#include "base/testing/run.hpp"

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <thread>

namespace banter {
namespace {

struct Part {
    std::size_t index = 0;
    std::vector<int> seen;
    std::thread::id touched_by;
};

auto make_part(std::size_t index) { return std::make_unique<Part>(Part{.index = index}); }

/// Two loops with an operating-system thread each.
class TwoLoops : public ::testing::Test {
protected:
    TwoLoops() : loops_{first_.get_executor(), second_.get_executor()}, parts_(loops_, make_part) {
        runner_ = std::jthread([this] {
            second_id_ = std::this_thread::get_id();
            auto guard = asio::make_work_guard(second_);
            second_.run();
        });
    }

    ~TwoLoops() override { second_.stop(); }

    /// Runs what is ready on the first loop.
    void poll() {
        first_.restart();
        first_.poll();
    }

    asio::io_context first_{1};
    asio::io_context second_{1};
    Loops loops_;
    Sharded<Part> parts_;
    std::thread::id second_id_;
    std::jthread runner_;
};

TEST_F(TwoLoops, a_call_on_another_loop_runs_there_and_its_answer_comes_back) {
    auto task = [](Sharded<Part>& parts) -> Task<std::string> {
        auto touch = [](Part& part) {
            part.touched_by = std::this_thread::get_id();
            return std::string("part ") + std::to_string(part.index);
        };
        auto answer = co_await parts.at(1, touch);
        answer += std::this_thread::get_id() == parts.local(1).touched_by ? " here" : " there";
        co_return answer;
    };
    EXPECT_EQ(testing::run(first_, task(parts_)), "part 1 there");
    EXPECT_EQ(parts_.local(1).touched_by, runner_.get_id());
}

TEST_F(TwoLoops, a_call_on_the_own_loop_does_not_wait) {
    auto task = [](Sharded<Part>& parts, bool& later) -> Task<bool> {
        const auto executor = co_await asio::this_coro::executor;
        asio::post(executor, [&later] { later = true; });
        auto touch = [&later](Part&) { return later; };
        co_return co_await parts.at(0, touch);
    };
    bool later = false;
    EXPECT_FALSE(testing::run(first_, task(parts_, later)));
    EXPECT_TRUE(later);
}

TEST_F(TwoLoops, posts_from_one_loop_keep_their_order) {
    auto task = [](Sharded<Part>& parts) -> Task<std::vector<int>> {
        for (int i = 0; i < 100; ++i) {
            parts.post(1, [i](Part& part) { part.seen.push_back(i); });
        }
        auto read = [](Part& part) { return part.seen; };
        co_return co_await parts.at(1, read);
    };
    std::vector<int> expected;
    for (int i = 0; i < 100; ++i) expected.push_back(i);
    EXPECT_EQ(testing::run(first_, task(parts_)), expected);
}

TEST_F(TwoLoops, what_is_asked_of_the_own_loop_comes_behind_what_was_posted_to_it) {
    auto task = [](Sharded<Part>& parts) -> Task<std::size_t> {
        for (int i = 0; i < 3; ++i) parts.post(0, [i](Part& part) { part.seen.push_back(i); });
        auto count = [](Part& part) { return part.seen.size(); };
        co_return co_await parts.ask(0, count);
    };
    EXPECT_EQ(testing::run(first_, task(parts_)), 3U);
}

TEST_F(TwoLoops, what_a_call_throws_is_thrown_to_the_caller) {
    auto task = [](Sharded<Part>& parts) -> Task<int> {
        auto fail = [](Part&) -> int { throw std::runtime_error("no"); };
        co_return co_await parts.at(1, fail);
    };
    EXPECT_THROW((void)testing::run(first_, task(parts_)), std::runtime_error);
}

struct Visits {
    std::shared_future<void> gate;
    int there = 0;
    int back = 0;
};

Task<> visit_twice(Sharded<Part>& parts, Visits& visits) {
    auto visit = [&visits](Part&) {
        visits.gate.wait();
        return ++visits.there;
    };
    co_await parts.at(1, visit);
    ++visits.back;
    co_await parts.at(1, visit);
    ++visits.back;
}

TEST_F(TwoLoops, a_caller_that_is_cancelled_while_it_waits_gets_its_answer_and_waits_no_more) {
    std::promise<void> open;
    Visits visits{.gate = open.get_future().share()};
    TaskGroup tasks(first_.get_executor());
    tasks.spawn("visiting", visit_twice(parts_, visits));
    poll();
    asio::post(first_, [&] { tasks.cancel(); });
    poll();
    EXPECT_EQ(tasks.running(), 1U) << "what the other loop has begun still refers to the caller";
    open.set_value();
    testing::run(first_, tasks.wait());
    EXPECT_EQ(visits.there, 1);
    EXPECT_EQ(visits.back, 1);
}

TEST_F(TwoLoops, callers_may_be_cancelled_wherever_the_other_loop_has_come_to) {
    std::promise<void> open;
    open.set_value();
    Visits visits{.gate = open.get_future().share()};
    constexpr int callers = 2000;
    TaskGroup tasks(first_.get_executor());
    for (int i = 0; i < callers; ++i) {
        asio::post(first_, [&] { tasks.spawn("visiting", visit_twice(parts_, visits)); });
        if (i % 3 == 1) poll();
        asio::post(first_, [&] { tasks.cancel(); });
        if (i % 3 == 2) poll();
    }
    testing::run(first_, tasks.wait());
    auto read = [](Sharded<Part>& parts, Visits& all) -> Task<int> {
        auto count = [&all](Part&) { return all.there; };
        co_return co_await parts.at(1, count);
    };
    EXPECT_GE(testing::run(first_, read(parts_, visits)), callers) << "each has called";
}

TEST_F(TwoLoops, a_home_is_one_of_the_loops_and_always_the_same) {
    EXPECT_EQ(parts_.size(), 2U);
    EXPECT_EQ(parts_.home_of(6), 0U);
    EXPECT_EQ(parts_.home_of(7), 1U);
    EXPECT_EQ(parts_.local(parts_.home_of(7)).index, 1U);
}

}  // namespace
}  // namespace banter
