// Runs coroutines in a test: on a loop that the test itself turns, or on loops with threads of
// their own.
#pragma once

#include "base/sharded.hpp"
#include "base/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace banter::storage {

/// Turns `loop` until `task` has ended, and returns or throws what it did.
template <typename T>
T run_task(asio::io_context& loop, Task<T> task) {
    std::optional<T> result;
    std::exception_ptr failure;
    asio::co_spawn(loop, std::move(task), [&](std::exception_ptr thrown, T value) {
        failure = thrown;
        if (!thrown) result.emplace(std::move(value));
    });
    loop.restart();
    loop.run();
    if (failure) std::rethrow_exception(failure);
    return std::move(result).value();
}

inline void run_task(asio::io_context& loop, Task<> task) {
    std::exception_ptr failure;
    asio::co_spawn(loop, std::move(task), [&](std::exception_ptr thrown) { failure = thrown; });
    loop.restart();
    loop.run();
    if (failure) std::rethrow_exception(failure);
}

/// Event loops that are turned by run_task, or by run_all.
class TestLoops {
public:
    explicit TestLoops(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            contexts_.push_back(std::make_unique<asio::io_context>(1));
        }
    }

    [[nodiscard]] asio::io_context& operator[](std::size_t index) { return *contexts_[index]; }
    [[nodiscard]] std::size_t size() const { return contexts_.size(); }
    [[nodiscard]] Loops executors() {
        Loops loops;
        for (auto& context : contexts_) loops.push_back(context->get_executor());
        return loops;
    }

    /// For a task that goes to other loops: they stay until all such tasks have ended.
    void spawn(std::size_t index, Task<> task) {
        ++left_;
        asio::co_spawn(*contexts_[index], std::move(task), [this](std::exception_ptr failure) {
            EXPECT_FALSE(failure);
            if (--left_ == 0) guards_.clear();
        });
    }

    /// Runs a task on the first of them while all are turned, and returns what it did.
    template <typename T>
    T run(Task<T> task) {
        std::optional<T> result;
        auto keep = [](Task<T> kept, std::optional<T>* out) -> Task<> {
            out->emplace(co_await std::move(kept));
        };
        spawn(0, keep(std::move(task), &result));
        run_all();
        return std::move(result).value();
    }

    /// Starts what was spawned on them, each loop on a thread of its own, and returns when all is
    /// done.
    void run_all() {
        if (left_ > 0) {
            for (auto& context : contexts_) guards_.emplace_back(context->get_executor());
        }
        std::vector<std::jthread> threads;
        for (auto& context : contexts_) {
            threads.emplace_back([&loop = *context] {
                loop.restart();
                loop.run();
            });
        }
    }

private:
    std::vector<std::unique_ptr<asio::io_context>> contexts_;
    std::vector<asio::executor_work_guard<Executor>> guards_;
    std::atomic<std::size_t> left_ = 0;
};

}  // namespace banter::storage
