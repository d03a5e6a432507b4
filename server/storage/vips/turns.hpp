// So many at a time, so many more may wait, across all event loops. The counts are the kernel's
// (eventfd(2)), which wakes the loops that wait.
#pragma once

#include "base/descriptor.hpp"
#include "base/task.hpp"

#include <utility>

namespace banter::vips {

/// One of a count, given back with its owner.
class Token {
public:
    explicit Token(int counter) : counter_(counter) {}
    ~Token();
    Token(Token&& other) noexcept : counter_(std::exchange(other.counter_, -1)) {}
    Token& operator=(Token&&) = delete;

private:
    int counter_;
};

/// A turn, until it is dropped.
struct Turn {
    Token place;
    Token working;
};

/// One serves all loops. It outlives its turns.
class Turns {
public:
    /// Throws StorageFailure if the system gives no counters.
    ///
    /// at_a_time, waiting_max  at least 1, and at least 0
    Turns(unsigned at_a_time, unsigned waiting_max);

    /// Waits for a turn. Who waits longest needn't be next.
    /// Throws StorageFailure busy: too many wait.
    [[nodiscard]] Task<Turn> take();

private:
    Descriptor working_;
    Descriptor places_;
};

}  // namespace banter::vips
