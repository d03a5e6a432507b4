// Runs a Task to its end from a test that is no coroutine.
#pragma once

#include "base/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace banter::testing {

/// Runs what is ready on `loop`, waiting for more, until `ended`.
inline void run_until(asio::io_context& loop, const bool& ended) {
    const auto guard = asio::make_work_guard(loop);
    loop.restart();
    while (!ended) loop.run_one();
    loop.poll();
}

/// Returns what the task returns, or throws what it throws. Everything else that is ready on `loop`
/// runs too.
template <typename T>
T run(asio::io_context& loop, Task<T> task) {
    std::exception_ptr failure;
    std::optional<T> value;
    bool ended = false;
    asio::co_spawn(loop, std::move(task), [&](std::exception_ptr thrown, T result) {
        ended = true;
        failure = thrown;
        if (!thrown) value.emplace(std::move(result));
    });
    run_until(loop, ended);
    if (failure) std::rethrow_exception(failure);
    return std::move(*value);
}

inline void run(asio::io_context& loop, Task<> task) {
    std::exception_ptr failure;
    bool ended = false;
    asio::co_spawn(loop, std::move(task), [&](std::exception_ptr thrown) {
        ended = true;
        failure = thrown;
    });
    run_until(loop, ended);
    if (failure) std::rethrow_exception(failure);
}

}  // namespace banter::testing
