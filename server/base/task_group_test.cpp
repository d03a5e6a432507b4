// TaskGroup: its owner can stop what it spawned and wait for the end of all of it.
#include "base/task_group.hpp"

#include "base/log.hpp"
#include "base/testing/run.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>

#include <gtest/gtest.h>

namespace banter {
namespace {

/// Waits for a time that never comes, unless it is cancelled.
Task<> wait_for_ever(Executor executor, int& ended) {
    Timer timer(executor);
    timer.expires_at(Timer::time_point::max());
    boost::system::error_code woken;
    co_await timer.async_wait(asio::redirect_error(use_task, woken));
    ++ended;
}

Task<> count(int& ended) {
    ++ended;
    co_return;
}

Task<> fail() {
    throw std::runtime_error("as planned");
    co_return;
}

TEST(TaskGroup, waiting_for_an_empty_group_returns_at_once) {
    asio::io_context loop{1};
    TaskGroup group(loop.get_executor());
    testing::run(loop, group.wait());
    EXPECT_EQ(group.running(), 0U);
}

TEST(TaskGroup, wait_returns_when_the_last_task_has_ended) {
    asio::io_context loop{1};
    TaskGroup group(loop.get_executor());
    int ended = 0;
    for (int i = 0; i < 10; ++i) group.spawn("count", count(ended));
    testing::run(loop, group.wait());
    EXPECT_EQ(ended, 10);
}

TEST(TaskGroup, cancel_reaches_every_task_and_wait_does_not_cancel) {
    asio::io_context loop{1};
    TaskGroup group(loop.get_executor());
    int ended = 0;
    for (int i = 0; i < 3; ++i) group.spawn("wait", wait_for_ever(loop.get_executor(), ended));
    loop.poll();
    EXPECT_EQ(group.running(), 3U);
    EXPECT_EQ(ended, 0);
    asio::post(loop, [&] { group.cancel(); });
    testing::run(loop, group.wait());
    EXPECT_EQ(ended, 3);
}

TEST(TaskGroup, a_task_that_throws_leaves_the_group_and_the_rest_goes_on) {
    log::set_level(log::Level::off);
    asio::io_context loop{1};
    TaskGroup group(loop.get_executor());
    int ended = 0;
    group.spawn("fail", fail());
    group.spawn("count", count(ended));
    testing::run(loop, group.wait());
    EXPECT_EQ(ended, 1);
    EXPECT_EQ(group.running(), 0U);
    log::set_level(log::Level::info);
}

/// As wait_for_ever, but written without a thought of being cancelled.
Task<> wait_unprepared(Executor executor) {
    Timer timer(executor);
    timer.expires_at(Timer::time_point::max());
    co_await timer.async_wait(use_task);
}

TEST(TaskGroup, a_task_that_is_told_to_stop_while_it_waits_is_no_failure) {
    ::testing::internal::CaptureStderr();
    asio::io_context loop{1};
    TaskGroup group(loop.get_executor());
    group.spawn("unprepared", wait_unprepared(loop.get_executor()));
    loop.poll();
    asio::post(loop, [&] { group.cancel(); });
    testing::run(loop, group.wait());
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(TaskGroup, a_failure_is_logged_under_the_tasks_name) {
    ::testing::internal::CaptureStderr();
    asio::io_context loop{1};
    TaskGroup group(loop.get_executor());
    group.spawn("the failing one", fail());
    testing::run(loop, group.wait());
    const std::string log = ::testing::internal::GetCapturedStderr();
    EXPECT_NE(log.find("the failing one"), std::string::npos) << log;
    EXPECT_NE(log.find("as planned"), std::string::npos) << log;
}

TEST(TaskGroup, everyone_who_waits_is_woken) {
    asio::io_context loop{1};
    TaskGroup group(loop.get_executor());
    int ended = 0;
    int woken = 0;
    group.spawn("wait", wait_for_ever(loop.get_executor(), ended));
    for (int i = 0; i < 2; ++i) {
        asio::co_spawn(loop, group.wait(), [&](std::exception_ptr) { ++woken; });
    }
    asio::post(loop, [&] { group.cancel(); });
    loop.run();
    EXPECT_EQ(woken, 2);
}

TEST(TaskGroupDeathTest, destroying_it_while_something_runs_is_a_programmers_mistake) {
    ::testing::FLAGS_gtest_death_test_style = "threadsafe";
    EXPECT_DEATH(
        {
            asio::io_context loop{1};
            int ended = 0;
            TaskGroup group(loop.get_executor());
            group.spawn("wait", wait_for_ever(loop.get_executor(), ended));
            loop.poll();
        },
        "running_.empty"
    );
}

}  // namespace
}  // namespace banter
