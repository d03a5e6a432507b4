// Deadlines of many sessions at the cost of two links and a number each: no allocation, one timer
// per shard. Pure: whoever owns it says what time it is.
#pragma once

#include "base/clock.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace banter::net {

/// Calls entries back within one tick after their time. Setting, moving and cancelling cost O(1).
class TimingWheel {
public:
    /// 32 bytes; lies in what it belongs to. Leaves the wheel when destroyed.
    class Entry {
    public:
        Entry() = default;
        Entry(const Entry&) = delete;
        Entry& operator=(const Entry&) = delete;

        [[nodiscard]] bool waiting() const { return next_ != nullptr; }

    protected:
        virtual ~Entry() { unlink(); }

    private:
        friend class TimingWheel;

        /// Called once when the time has come; the entry has left the wheel and may enter it again.
        virtual void on_due() = 0;
        void unlink();

        Entry* previous_ = nullptr;
        Entry* next_ = nullptr;
        std::uint32_t due_ = 0;  // tick
    };

    TimingWheel(std::chrono::milliseconds tick, SteadyTime now);
    /// Forgets what waits.
    ~TimingWheel();
    TimingWheel(const TimingWheel&) = delete;
    TimingWheel& operator=(const TimingWheel&) = delete;

    /// Has `entry` called back by the first `advance` to `time`, or to a tick after it. One that
    /// waits already is moved.
    void set(Entry& entry, SteadyTime time);
    static void cancel(Entry& entry) { entry.unlink(); }

    /// Calls back all that is due at `now`, each once, however long ago the last call was.
    void advance(SteadyTime now);

    [[nodiscard]] std::chrono::milliseconds tick() const { return tick_; }

private:
    static constexpr std::size_t slots = 1'024;

    struct Slot final : Entry {
        void on_due() override {}
    };

    static void link(Slot& slot, Entry& entry);
    /// Moves to `due` what is due at the tick `now_`.
    void take_due(Slot& due);

    std::chrono::milliseconds tick_;
    SteadyTime start_;
    std::uint32_t now_ = 0;  // ticks since start_
    std::array<Slot, slots> slots_;
};

}  // namespace banter::net
