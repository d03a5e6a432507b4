// So many at a time, on however many loops.
#include "storage/vips/turns.hpp"

#include "base/result.hpp"
#include "storage/testing/run_task.hpp"

#include <boost/asio/post.hpp>

#include <gtest/gtest.h>

#include <atomic>

namespace banter::vips {

namespace {

struct Crowd {
    std::atomic<int> inside = 0;
    std::atomic<int> most = 0;
    std::atomic<int> served = 0;
    std::atomic<int> refused = 0;
};

Task<> take_turns(Turns& turns, Crowd& crowd, int times) {
    const Executor loop = co_await asio::this_coro::executor;
    for (int i = 0; i < times; ++i) {
        try {
            const Turn turn = co_await turns.take();
            const int inside = ++crowd.inside;
            int most = crowd.most;
            while (inside > most && !crowd.most.compare_exchange_weak(most, inside)) {}
            co_await asio::post(loop, use_task);
            ++crowd.served;
            --crowd.inside;
        } catch (const StorageFailure&) {
            ++crowd.refused;
        }
    }
}

Task<> take_turns_inside_one(Turns& turns, Crowd& crowd) {
    const Turn turn = co_await turns.take();
    co_await take_turns(turns, crowd, 3);
}

}  // namespace

TEST(TurnsTest, two_at_a_time_go_on_all_loops_together_and_nobody_is_forgotten) {
    constexpr int callers = 12;
    constexpr int times = 50;
    storage::TestLoops loops(3);
    Turns turns(2, callers);
    Crowd crowd;
    for (int i = 0; i < callers; ++i) {
        loops.spawn(static_cast<std::size_t>(i) % loops.size(), take_turns(turns, crowd, times));
    }
    loops.run_all();
    EXPECT_EQ(crowd.served, callers * times);
    EXPECT_EQ(crowd.refused, 0);
    EXPECT_LE(crowd.most, 2);
}

TEST(TurnsTest, one_more_than_may_wait_is_refused_and_a_turn_given_back_is_free) {
    asio::io_context loop{1};
    Turns turns(1, 0);
    Crowd crowd;
    storage::run_task(loop, take_turns_inside_one(turns, crowd));
    EXPECT_EQ(crowd.refused, 3);
    storage::run_task(loop, take_turns(turns, crowd, 3));
    EXPECT_EQ(crowd.served, 3);
}

}  // namespace banter::vips
