#include "net/flush_policy.hpp"

#include "base/check.hpp"

#include <algorithm>

namespace banter::net {

void FlushPolicy::hold() { ++holds_; }

void FlushPolicy::release() {
    CHECK(holds_ > 0);
    --holds_;
}

bool FlushPolicy::may_flush(SteadyTime now) {
    if (holds_ == 0) return true;
    if (!waiting_since_) waiting_since_ = now;
    return now >= *until();
}

std::optional<SteadyTime> FlushPolicy::until() const {
    if (!waiting_since_) return std::nullopt;
    return *waiting_since_ + std::min(hold_max_, usual_);
}

void FlushPolicy::flushed(std::chrono::nanoseconds took) {
    usual_ += (took - usual_) / 8;
    waiting_since_.reset();
}

}  // namespace banter::net
