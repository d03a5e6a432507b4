// Calls something where another event loop or pool of threads runs it, and resumes the caller at
// home.
//
// Nothing of the caller is touched elsewhere but its handler, which is moved there and back. A
// caller that is cancelled while it waits still gets its answer first, and stops at its next await;
// asio::co_spawn would carry the cancellation over to the other loop while that runs.
#pragma once

#include "base/task.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace banter {

/// Calls `call` on `there`, an executor, and returns what it returned, or throws what it threw, on
/// the caller's loop. `call` returns something, so that there is one way to hand it back.
template <typename There, typename Call>
[[nodiscard]] Task<std::invoke_result_t<Call&>> call_on(There there, Call call) {
    using Value = std::invoke_result_t<Call&>;
    static_assert(!std::is_void_v<Value>);
    const Executor home = co_await asio::this_coro::executor;
    auto initiate = [there, home](auto handler, Call moved) {
        // The loop must not run out of work while the call is elsewhere.
        auto visit = [guard = asio::make_work_guard(home),
                      handler = std::move(handler),
                      moved = std::move(moved)]() mutable {
            std::exception_ptr failure;
            std::optional<Value> value;
            try {
                value.emplace(moved());
            } catch (...) {
                failure = std::current_exception();
            }
            const Executor back = guard.get_executor();
            // The guard goes home too: released here, it could outlive its loop.
            auto answer = [guard = std::move(guard),
                           handler = std::move(handler),
                           failure = std::move(failure),
                           value = std::move(value)]() mutable {
                std::move(handler)(std::move(failure), std::move(value));
            };
            asio::post(back, std::move(answer));
        };
        asio::post(there, std::move(visit));
    };
    std::optional<Value> value = co_await asio::async_initiate<
        const asio::use_awaitable_t<Executor>,
        void(std::exception_ptr, std::optional<Value>)>(initiate, use_task, std::move(call));
    co_return std::move(*value);
}

}  // namespace banter
