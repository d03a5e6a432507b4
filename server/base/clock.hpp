// Time as the rules see it: handed in, so that tests and simulations decide what time it is.
#pragma once

#include <chrono>

namespace banter {

/// Wall-clock time in UTC, to the millisecond, as it stands on the wire and in the database.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;
using SteadyTime = std::chrono::steady_clock::time_point;

class Clock {
public:
    virtual ~Clock() = default;

    [[nodiscard]] virtual Timestamp now() const = 0;
    /// Never goes back; for measuring and for deadlines.
    [[nodiscard]] virtual SteadyTime steady() const = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const override;
    [[nodiscard]] SteadyTime steady() const override;
};

/// Stands still until it is advanced.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Timestamp start) : now_(start) {}

    [[nodiscard]] Timestamp now() const override { return now_; }
    [[nodiscard]] SteadyTime steady() const override { return steady_; }

    void advance(std::chrono::milliseconds by) {
        now_ += by;
        steady_ += by;
    }

private:
    Timestamp now_;
    SteadyTime steady_{};
};

}  // namespace banter
