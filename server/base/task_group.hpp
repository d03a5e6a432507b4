// Owns background coroutines: whoever spawns here can wait for all of them to end, and must.
#pragma once

#include "base/task.hpp"

#include <cstddef>
#include <list>
#include <memory>
#include <string>

namespace banter {

/// Lives on one event loop. An exception that leaves a spawned task is logged and counted, and the
/// rest goes on: this is one of the few places that catch.
class TaskGroup {
public:
    explicit TaskGroup(Executor executor);
    /// CHECKs that nothing runs any more.
    ~TaskGroup();
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    /// Starts `task` at once on the group's loop. Its state travels in its parameters, by value.
    /// `name` says in the log what failed.
    void spawn(const char* name, Task<> task);

    /// Asks every task to stop (Asio's cancellation, delivered to what it awaits).
    /// Only on the group's loop: a task that was spawned from elsewhere may not have begun.
    void cancel();

    /// Returns when nothing runs any more. Does not cancel.
    [[nodiscard]] Task<> wait();

    [[nodiscard]] std::size_t running() const { return running_.size(); }

private:
    struct Running;

    Executor executor_;
    std::list<std::unique_ptr<Running>> running_;
    Timer emptied_;
};

}  // namespace banter
