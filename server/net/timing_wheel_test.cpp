// Deadlines: not early, not late, cheap to move, and safe to touch from inside a call.
#include "net/timing_wheel.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace banter::net {
namespace {

using std::chrono::milliseconds;

class Alarm final : public TimingWheel::Entry {
public:
    explicit Alarm(std::function<void()> due = [] {}) : due_(std::move(due)) {}
    int rang = 0;

private:
    void on_due() override {
        ++rang;
        due_();
    }
    std::function<void()> due_;
};

struct Wheel : testing::Test {
    SteadyTime start{};
    TimingWheel wheel{milliseconds(250), start};
};

TEST_F(Wheel, an_entry_is_called_once_not_before_its_time_and_at_most_two_ticks_after_it) {
    for (int after = 0; after < 3'000; after += 37) {
        TimingWheel own(milliseconds(250), start);
        Alarm alarm;
        own.set(alarm, start + milliseconds(after));
        int called_at = -1;
        for (int now = 0; now < 5'000; now += 10) {
            own.advance(start + milliseconds(now));
            if (alarm.rang > 0 && called_at < 0) called_at = now;
        }
        EXPECT_EQ(alarm.rang, 1);
        EXPECT_GE(called_at, after);
        EXPECT_LE(called_at, after + 500);
        EXPECT_FALSE(alarm.waiting());
    }
}

TEST_F(Wheel, an_entry_that_lies_several_rounds_ahead_waits_for_its_round) {
    Alarm alarm;
    wheel.set(alarm, start + std::chrono::hours(1));
    wheel.advance(start + std::chrono::minutes(59));
    EXPECT_EQ(alarm.rang, 0);
    wheel.advance(start + std::chrono::minutes(61));
    EXPECT_EQ(alarm.rang, 1);
}

TEST_F(Wheel, setting_a_waiting_entry_moves_it) {
    Alarm alarm;
    wheel.set(alarm, start + milliseconds(500));
    wheel.set(alarm, start + milliseconds(5'000));
    wheel.advance(start + milliseconds(4'900));
    EXPECT_EQ(alarm.rang, 0);
    wheel.advance(start + milliseconds(6'000));
    EXPECT_EQ(alarm.rang, 1);
}

TEST_F(Wheel, a_cancelled_entry_is_not_called) {
    Alarm alarm;
    wheel.set(alarm, start + milliseconds(500));
    TimingWheel::cancel(alarm);
    EXPECT_FALSE(alarm.waiting());
    wheel.advance(start + milliseconds(6'000));
    EXPECT_EQ(alarm.rang, 0);
}

TEST_F(Wheel, a_destroyed_entry_leaves) {
    Alarm stays;
    wheel.set(stays, start + milliseconds(500));
    {
        Alarm goes;
        wheel.set(goes, start + milliseconds(500));
    }
    wheel.advance(start + milliseconds(6'000));
    EXPECT_EQ(stays.rang, 1);
}

TEST_F(Wheel, an_entry_may_set_itself_again_while_it_is_called) {
    SteadyTime now = start;
    Alarm* self = nullptr;
    Alarm alarm([&] { wheel.set(*self, now + milliseconds(250)); });
    self = &alarm;
    wheel.set(alarm, start + milliseconds(250));
    for (; now < start + milliseconds(2'500); now += milliseconds(250)) wheel.advance(now);
    EXPECT_EQ(alarm.rang, 9);
}

TEST_F(Wheel, what_sets_itself_again_is_called_once_for_a_time_in_which_the_wheel_stood_still) {
    const SteadyTime later = start + std::chrono::minutes(10);
    Alarm* self = nullptr;
    Alarm alarm([&] { wheel.set(*self, later + milliseconds(500)); });
    self = &alarm;
    wheel.set(alarm, start + milliseconds(500));
    wheel.advance(later);
    EXPECT_EQ(alarm.rang, 1);
    wheel.advance(later + milliseconds(490));
    EXPECT_EQ(alarm.rang, 1);
    wheel.advance(later + milliseconds(750));
    EXPECT_EQ(alarm.rang, 2);
}

TEST_F(Wheel, what_is_set_before_the_wheel_has_caught_up_is_not_early) {
    Alarm alarm;
    const SteadyTime later = start + std::chrono::minutes(10);
    wheel.set(alarm, later + milliseconds(5'000));
    wheel.advance(later);
    wheel.advance(later + milliseconds(4'990));
    EXPECT_EQ(alarm.rang, 0);
    wheel.advance(later + milliseconds(5'250));
    EXPECT_EQ(alarm.rang, 1);
}

TEST_F(Wheel, what_is_set_for_the_past_is_called_soon) {
    wheel.advance(start + std::chrono::minutes(10));
    Alarm alarm;
    wheel.set(alarm, start + milliseconds(500));
    wheel.advance(start + std::chrono::minutes(10) + milliseconds(250));
    EXPECT_EQ(alarm.rang, 1);
}

TEST_F(Wheel, an_entry_may_cancel_and_destroy_others_that_are_due_too) {
    Alarm cancelled;
    auto destroyed = std::make_unique<Alarm>();
    Alarm first([&] {
        TimingWheel::cancel(cancelled);
        destroyed.reset();
    });
    wheel.set(first, start + milliseconds(500));
    wheel.set(cancelled, start + milliseconds(500));
    wheel.set(*destroyed, start + milliseconds(500));
    wheel.advance(start + milliseconds(2'000));
    EXPECT_EQ(first.rang, 1);
    EXPECT_EQ(cancelled.rang, 0);
}

TEST_F(Wheel, ten_thousand_entries_are_each_called_in_their_time) {
    std::vector<std::unique_ptr<Alarm>> alarms;
    for (int i = 0; i < 10'000; ++i) {
        alarms.push_back(std::make_unique<Alarm>());
        wheel.set(*alarms.back(), start + milliseconds(i * 10));
    }
    wheel.advance(start + milliseconds(50'500));
    int rang = 0;
    for (const auto& alarm : alarms) rang += alarm->rang;
    EXPECT_GE(rang, 5'000);
    EXPECT_LE(rang, 5'051);
    wheel.advance(start + milliseconds(101'000));
    rang = 0;
    for (const auto& alarm : alarms) rang += alarm->rang;
    EXPECT_EQ(rang, 10'000);
}

TEST(TimingWheelMemory, an_entry_takes_at_most_32_bytes) {
    EXPECT_LE(sizeof(TimingWheel::Entry), 32U);
}

TEST(TimingWheelMemory, a_wheel_that_goes_first_leaves_its_entries_free) {
    Alarm alarm;
    {
        TimingWheel wheel(milliseconds(250), SteadyTime{});
        wheel.set(alarm, SteadyTime{} + milliseconds(500));
    }
    EXPECT_FALSE(alarm.waiting());
}

}  // namespace
}  // namespace banter::net
