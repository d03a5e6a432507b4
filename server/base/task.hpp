// The coroutine type of the whole server, and the asynchronous primitives bound to a shard's event
// loop.
//
// A Task runs on the event loop that started it; nothing happens until it is awaited or spawned by
// a TaskGroup. The executor is the concrete one of io_context: smaller and faster than a
// type-erased one. g++ 12 frees some temporaries twice inside co_await expressions: name every
// argument that is an aggregate, a braced list, a capturing lambda or a `?:` before the statement
// that awaits.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace banter {

namespace asio = boost::asio;

using Executor = asio::io_context::executor_type;

template <typename T = void>
using Task = asio::awaitable<T, Executor>;

/// Completion token that turns an Asio operation into something a Task can await.
inline constexpr asio::use_awaitable_t<Executor> use_task{};

using Timer = asio::basic_waitable_timer<
    std::chrono::steady_clock,
    asio::wait_traits<std::chrono::steady_clock>,
    Executor>;

}  // namespace banter
