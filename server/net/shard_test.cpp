// The order of a turn, and what is on which shard.
#include "net/shard.hpp"

#include "base/check.hpp"
#include "net/shards.hpp"

#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <utility>

namespace banter::net {
namespace {

class Noted final : public TurnEnd {
public:
    explicit Noted(std::function<void()> note) : note_(std::move(note)) {}

private:
    void on_turn_end() override { note_(); }
    std::function<void()> note_;
};

class Alarm final : public TimingWheel::Entry {
public:
    explicit Alarm(std::function<void()> due) : due_(std::move(due)) {}

private:
    void on_due() override { due_(); }
    std::function<void()> due_;
};

/// The receiving end of a pair of sockets, watched by a shard.
class Receiver final : public Poller::Watched {
public:
    Receiver(Shard& shard, std::function<void()> ready) : shard_(shard), ready_(std::move(ready)) {
        CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends_) == 0);
        CHECK(shard_.poller().add(ends_[0], *this));
    }
    ~Receiver() override {
        shard_.poller().remove(ends_[0], *this);
        for (const int end : ends_) ::close(end);
    }
    void send() const { CHECK(::write(ends_[1], "x", 1) == 1); }

private:
    void on_ready(std::uint32_t events) override {
        if ((events & EPOLLIN) != 0) ready_();
    }
    Shard& shard_;
    std::function<void()> ready_;
    int ends_[2] = {-1, -1};
};

void let_pass(std::chrono::milliseconds time) {
    const SteadyTime end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) std::this_thread::yield();
}

struct OneShard : testing::Test {
    Limits limits;
    Shard shard{0, limits};

    /// Calls `use` on the shard and waits until it is done.
    void run(const std::function<void()>& use) {
        std::promise<void> done;
        shard.post([&] {
            use();
            done.set_value();
        });
        done.get_future().get();
    }
    /// Returns after the end of a turn.
    void settle() {
        std::promise<void> ended;
        Noted last([&] { ended.set_value(); });
        shard.post([&] { shard.at_turn_end(last, TurnEnd::Phase::sweep); });
        ended.get_future().get();
    }
};

TEST_F(OneShard, knows_that_it_is_current) {
    shard.start();
    EXPECT_FALSE(shard.is_current());
    EXPECT_EQ(Shard::current(), nullptr);
    run([&] {
        EXPECT_TRUE(shard.is_current());
        EXPECT_EQ(Shard::current(), &shard);
    });
    shard.stop();
    shard.stop();
}

TEST_F(OneShard, ends_a_turn_by_submitting_then_flushing_then_sweeping) {
    std::string order;
    Noted submit([&] { order += 's'; });
    Noted flush([&] { order += 'f'; });
    Noted sweep([&] { order += 'd'; });
    shard.start();
    run([&] {
        shard.at_turn_end(sweep, TurnEnd::Phase::sweep);
        shard.at_turn_end(flush, TurnEnd::Phase::flush);
        shard.at_turn_end(submit, TurnEnd::Phase::submit);
    });
    settle();
    EXPECT_EQ(order, "sfd");
    shard.stop();
}

TEST_F(OneShard, calls_a_hook_once_however_often_it_was_asked) {
    int count = 0;
    Noted hook([&] { ++count; });
    shard.start();
    run([&] {
        for (int i = 0; i < 10; ++i) shard.at_turn_end(hook, TurnEnd::Phase::flush);
    });
    settle();
    EXPECT_EQ(count, 1);
    shard.stop();
}

TEST_F(OneShard, gathers_what_was_ready_into_one_turn) {
    std::promise<void> hold;
    auto held = hold.get_future().share();
    int gathered = 0, submitted = 0, ends = 0;
    Noted submit([&] {
        submitted = gathered;
        ++ends;
    });
    shard.start();
    shard.post([held] { held.wait(); });
    for (int i = 0; i < 100; ++i) {
        shard.post([&] {
            ++gathered;
            shard.at_turn_end(submit, TurnEnd::Phase::submit);
        });
    }
    hold.set_value();
    settle();
    EXPECT_EQ(submitted, 100);
    EXPECT_EQ(ends, 1);
    shard.stop();
}

TEST_F(OneShard, a_turn_ends_although_calls_never_do) {
    std::promise<void> flushed;
    Noted flush([&] { flushed.set_value(); });
    std::atomic<bool> stop{false};
    std::function<void()> again = [&] {
        if (!stop) shard.post(again);
    };
    shard.start();
    shard.post([&] {
        shard.at_turn_end(flush, TurnEnd::Phase::flush);
        again();
    });
    flushed.get_future().get();
    stop = true;
    settle();
    shard.stop();
}

TEST_F(OneShard, a_later_phase_takes_what_an_earlier_one_asks_for_in_the_same_turn) {
    std::string order;
    Noted flush([&] { order += 'f'; });
    Noted submit([&] {
        order += 's';
        shard.at_turn_end(flush, TurnEnd::Phase::flush);
    });
    shard.start();
    run([&] { shard.at_turn_end(submit, TurnEnd::Phase::submit); });
    settle();
    EXPECT_EQ(order, "sf");
    shard.stop();
}

TEST_F(OneShard, what_comes_too_late_for_a_turn_gets_another_without_waiting_for_work) {
    std::promise<void> flushed;
    Noted flush([&] { flushed.set_value(); });
    Noted sweep([&] { shard.at_turn_end(flush, TurnEnd::Phase::flush); });
    shard.start();
    shard.post([&] { shard.at_turn_end(sweep, TurnEnd::Phase::sweep); });
    EXPECT_EQ(flushed.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
    shard.stop();
}

TEST_F(OneShard, a_hook_that_is_gone_is_not_called) {
    int count = 0;
    shard.start();
    run([&] {
        Noted hook([&] { ++count; });
        shard.at_turn_end(hook, TurnEnd::Phase::flush);
    });
    settle();
    EXPECT_EQ(count, 0);
    shard.stop();
}

TEST_F(OneShard, a_postponed_flush_comes_when_its_time_has_come) {
    std::promise<void> flushed;
    Noted flush([&] { flushed.set_value(); });
    shard.start();
    shard.post([&] {
        shard.postpone_flush(
            flush, std::chrono::steady_clock::now() + std::chrono::milliseconds(2)
        );
    });
    EXPECT_EQ(flushed.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
    shard.stop();
}

TEST_F(OneShard, a_postponed_flush_comes_with_the_release) {
    std::promise<void> flushed;
    Noted flush([&] { flushed.set_value(); });
    shard.start();
    run([&] {
        shard.hold_flush();
        shard.postpone_flush(flush, std::chrono::steady_clock::now() + std::chrono::hours(1));
    });
    shard.post([&] { shard.release_flush(); });
    EXPECT_EQ(flushed.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
    shard.stop();
}

TEST_F(OneShard, what_came_while_it_stood_still_is_read_before_its_deadline_is_looked_at) {
    std::promise<std::string> ended;
    std::string order;
    Alarm alarm([&] { ended.set_value(order + "late"); });
    Receiver receiver(shard, [&] { order += "read "; });
    shard.start();
    run([&] {
        shard.set_deadline(alarm, std::chrono::milliseconds(1));
        receiver.send();
        let_pass(3 * limits.wheel_tick);
    });
    EXPECT_EQ(ended.get_future().get(), "read late");
    shard.stop();
}

TEST_F(OneShard, a_deadline_is_not_early_although_the_shard_stood_still_before_it_was_set) {
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::milliseconds after(300);
    std::promise<Clock::duration> waited;
    SteadyTime set{};
    Alarm alarm([&] { waited.set_value(Clock::now() - set); });
    shard.start();
    run([&] {
        let_pass(3 * limits.wheel_tick);
        set = Clock::now();
        shard.set_deadline(alarm, after);
    });
    EXPECT_GE(waited.get_future().get(), after);
    shard.stop();
}

TEST(Shards, run_side_by_side_and_stop_together) {
    Shards shards(3, Limits{});
    shards.start(true);
    EXPECT_EQ(shards.loops().size(), 3U);
    std::promise<std::size_t> through;
    shards[0].post([&] {
        shards[1].post([&] {
            shards[2].post([&] { through.set_value(Shard::current()->index()); });
        });
    });
    EXPECT_EQ(through.get_future().get(), 2U);
    shards.stop();
    shards.stop();
}

TEST(SessionsAllowed, leaves_descriptors_for_the_rest_of_the_process) {
    Limits limits;
    const std::size_t all = sessions_allowed(limits, 2);
    EXPECT_GT(all, 0U);
    limits.descriptors_reserved += 10;
    EXPECT_LT(sessions_allowed(limits, 2), all);
    limits.sessions_max = 7;
    EXPECT_EQ(sessions_allowed(limits, 2), 7U);
}

/// What the process may open, for as long as it lives.
class Descriptors {
public:
    explicit Descriptors(rlim_t count) {
        EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &before_), 0);
        rlimit fewer = before_;
        fewer.rlim_cur = count;
        EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &fewer), 0);
    }
    Descriptors(const Descriptors&) = delete;
    Descriptors& operator=(const Descriptors&) = delete;
    ~Descriptors() { EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &before_), 0); }

private:
    rlimit before_{};
};

TEST(SessionsAllowed, all_kinds_of_descriptors_together_are_no_more_than_there_are) {
    const Limits limits;
    for (const rlim_t count : {1'024U, 4'096U}) {
        const Descriptors descriptors(count);
        for (const std::size_t shards : {1U, 2U, 64U}) {
            const std::size_t calls = outgoing_calls_allowed(limits, shards);
            EXPECT_GT(calls, 0U);
            EXPECT_LE(
                sessions_allowed(limits, shards) + downloads_allowed() + shards * calls +
                    limits.descriptors_reserved,
                count
            ) << shards;
        }
    }
}

}  // namespace
}  // namespace banter::net
