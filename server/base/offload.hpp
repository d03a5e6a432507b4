// Runs calls that block or compute for long away from the shards, and resumes the caller on its
// shard.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace banter {

/// A few operating-system threads for password hashing and the like. At most `waiting_max` calls
/// wait; one more is refused with StorageFailure{busy}. Destroyed before the loops that call it.
class Offload {
public:
    Offload(std::size_t threads, std::size_t waiting_max);
    /// Waits for what was accepted.
    ~Offload();
    Offload(const Offload&) = delete;
    Offload& operator=(const Offload&) = delete;

    /// Calls `work` elsewhere and returns what it returns, or throws what it throws, on the
    /// caller's loop.
    template <typename Work>
    [[nodiscard]] Task<std::invoke_result_t<Work&>> run(Work work);

private:
    void admit();

    std::size_t waiting_max_;
    std::atomic<std::size_t> waiting_{0};
    asio::thread_pool threads_;
};

template <typename Work>
Task<std::invoke_result_t<Work&>> Offload::run(Work work) {
    using Value = std::invoke_result_t<Work&>;
    static_assert(
        !std::is_void_v<Value>, "return something, so that there is one way to hand it back"
    );
    admit();
    const Executor home = co_await asio::this_coro::executor;
    auto initiate = [this, home](auto handler, Work moved) {
        // The loop must not run out of work while the call is elsewhere.
        auto call = [this,
                     guard = asio::make_work_guard(home),
                     handler = std::move(handler),
                     moved = std::move(moved)]() mutable {
            std::exception_ptr failure;
            std::optional<Value> value;
            try {
                value.emplace(moved());
            } catch (...) {
                failure = std::current_exception();
            }
            waiting_.fetch_sub(1, std::memory_order_relaxed);
            const Executor back = guard.get_executor();
            // The guard goes home too: released here, it could outlive its loop.
            auto answer = [guard = std::move(guard),
                           handler = std::move(handler),
                           failure,
                           value = std::move(value)]() mutable {
                std::move(handler)(failure, std::move(value));
            };
            asio::post(back, std::move(answer));
        };
        asio::post(threads_, std::move(call));
    };
    std::optional<Value> value = co_await asio::async_initiate<
        const asio::use_awaitable_t<Executor>,
        void(std::exception_ptr, std::optional<Value>)>(initiate, use_task, std::move(work));
    co_return std::move(*value);
}

}  // namespace banter
