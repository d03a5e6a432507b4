// A task of another loop gives its caller what it returned or threw, also if the caller is
// cancelled while it ends.
#include "base/run_on.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace banter {
namespace {

using namespace std::chrono_literals;

/// Two loops that run on threads of their own.
class RunOn : public ::testing::Test {
protected:
    ~RunOn() override {
        home_work.reset();
        away_work.reset();
        home_thread.join();
        away_thread.join();
    }

    asio::io_context home{1};
    asio::io_context away{1};
    asio::executor_work_guard<Executor> home_work{home.get_executor()};
    asio::executor_work_guard<Executor> away_work{away.get_executor()};
    std::thread home_thread{[this] { home.run(); }};
    std::thread away_thread{[this] { away.run(); }};
};

Task<bool> runs_on(Executor loop) { co_return co_await asio::this_coro::executor == loop; }

Task<> fail() {
    throw std::runtime_error("as it has to");
    co_return;
}

Task<bool> ask_away(Executor home, Executor away) {
    auto asking = runs_on(away);
    const bool was_away = co_await run_on(away, std::move(asking));
    const bool is_home = co_await asio::this_coro::executor == home;
    co_return was_away&& is_home;
}

Task<bool> fail_away(Executor away) {
    auto failing = fail();
    try {
        co_await run_on(away, std::move(failing));
    } catch (const std::runtime_error&) {
        co_return true;
    }
    co_return false;
}

TEST_F(RunOn, gives_what_was_returned_or_thrown_at_home) {
    const Executor here = home.get_executor();
    const Executor there = away.get_executor();
    EXPECT_TRUE(asio::co_spawn(home, ask_away(here, there), asio::use_future).get());
    EXPECT_TRUE(asio::co_spawn(home, fail_away(there), asio::use_future).get());
}

/// True: it was told to end before its time.
Task<bool> wait(Executor loop, std::chrono::milliseconds time) {
    Timer timer(loop, time);
    boost::system::error_code cancelled;
    co_await timer.async_wait(asio::redirect_error(use_task, cancelled));
    co_return cancelled.failed();
}

Task<> wait_away(Executor away, std::chrono::milliseconds time, std::atomic<int>& ended) {
    auto waiting = wait(away, time);
    const bool cancelled = co_await run_on(away, std::move(waiting));
    ended += cancelled ? 1 : 0;
}

TEST_F(RunOn, a_cancelled_caller_has_the_task_cancelled) {
    asio::cancellation_signal cancel;
    std::atomic<int> ended = 0;
    auto waiting = wait_away(away.get_executor(), 1h, ended);
    auto done = asio::co_spawn(
        home, std::move(waiting), asio::bind_cancellation_slot(cancel.slot(), asio::use_future)
    );
    asio::post(home, [&] { cancel.emit(asio::cancellation_type::terminal); });
    EXPECT_NO_THROW(done.get());
    EXPECT_EQ(ended, 1);
}

/// What many wait for there until somebody is cancelled.
struct Common {
    explicit Common(Executor loop) : timer(loop, Timer::time_point::max()) {}
    Timer timer;
};

Task<bool> wait_with_others(Common& common) {
    boost::system::error_code cancelled;
    co_await common.timer.async_wait(asio::redirect_error(use_task, cancelled));
    common.timer.cancel();
    co_return true;
}

Task<> join_away(Executor away, Common& common, std::atomic<int>& ended) {
    auto waiting = wait_with_others(common);
    (void)co_await run_on(away, std::move(waiting));
    ++ended;
}

TEST_F(RunOn, may_end_there_while_its_caller_is_cancelled_here) {
    constexpr int callers = 50;
    for (int round = 0; round < 100; ++round) {
        Common common(away.get_executor());
        std::atomic<int> ended = 0;
        std::vector<std::unique_ptr<asio::cancellation_signal>> cancels;
        std::vector<std::future<void>> done;
        for (int i = 0; i < callers; ++i) {
            cancels.push_back(std::make_unique<asio::cancellation_signal>());
            auto joining = join_away(away.get_executor(), common, ended);
            done.push_back(asio::co_spawn(
                home,
                std::move(joining),
                asio::bind_cancellation_slot(cancels.back()->slot(), asio::use_future)
            ));
        }
        // The first that is cancelled ends all the others there.
        asio::post(home, [&] {
            for (auto& cancel : cancels) cancel->emit(asio::cancellation_type::terminal);
        });
        for (auto& each : done) EXPECT_NO_THROW(each.get());
        EXPECT_EQ(ended, callers);
    }
}

}  // namespace
}  // namespace banter
