// What deleted users leave behind in threads, cleared away bit by bit.
//
// A departure is a row from the deletion on, so that it goes on where it was after a restart.
#pragma once

#include "base/clock.hpp"
#include "base/task.hpp"

#include <cstddef>

namespace banter::storage {

struct DepartureStep {
    /// At most so many memberships end, or so many own messages are looked at, in one step. At
    /// least 1, and 2.
    std::size_t threads_max = 10;
    std::size_t messages_max = 50;
    Timestamp now;
};

class DepartureStore {
public:
    virtual ~DepartureStore() = default;

    [[nodiscard]] virtual Task<bool> has_any() = 0;

    /// Goes on with one departure: the user leaves every thread that can be left, and then, if that
    /// was asked for, each own message becomes a tombstone, as by a deletion of theirs. False:
    /// there is none left.
    [[nodiscard]] virtual Task<bool> go_on(DepartureStep step) = 0;
};

}  // namespace banter::storage
