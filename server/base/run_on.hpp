// Runs a task on another event loop and resumes the caller at home.
#pragma once

#include "base/task.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

namespace banter {

/// What co_spawn completes with.
template <typename T>
struct Completion {
    using Signature = void(std::exception_ptr, T);
};

template <>
struct Completion<void> {
    using Signature = void(std::exception_ptr);
};

/// Returns what `task` returned on the loop `there`, or throws what it threw. A caller that is
/// cancelled has the task cancelled there, and goes on when that has ended. asio::co_spawn carries
/// a cancellation over by a pointer into the caller, which may be gone when it arrives.
template <typename T>
[[nodiscard]] Task<T> run_on(Executor there, Task<T> task) {
    auto initiate = [there](auto handler, Task<T> moved) {
        auto cancel = std::make_shared<asio::cancellation_signal>();
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) {
            slot.assign([there, cancel](asio::cancellation_type type) {
                asio::post(there, [cancel, type] { cancel->emit(type); });
            });
        }
        const auto home = asio::get_associated_executor(handler, there);
        auto ended = [handler = std::move(handler), cancel](auto... outcome) mutable {
            std::move(handler)(std::move(outcome)...);
        };
        auto cancellable = asio::bind_cancellation_slot(cancel->slot(), std::move(ended));
        asio::co_spawn(there, std::move(moved), asio::bind_executor(home, std::move(cancellable)));
    };
    using Signature = typename Completion<T>::Signature;
    return asio::async_initiate<const asio::use_awaitable_t<Executor>, Signature>(
        std::move(initiate), use_task, std::move(task)
    );
}

}  // namespace banter
