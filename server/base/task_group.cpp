#include "base/task_group.hpp"

#include "base/check.hpp"
#include "base/log.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <utility>

namespace banter {

struct TaskGroup::Running {
    asio::cancellation_signal stop;
    bool stopping = false;
};

namespace {

/// How a task ends that was told to stop while it waited.
bool is_stop(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const boost::system::system_error& thrown) {
        return thrown.code() == asio::error::operation_aborted;
    } catch (...) {
        return false;
    }
}

}  // namespace

TaskGroup::TaskGroup(Executor executor) : executor_(executor), emptied_(executor) {
    emptied_.expires_at(Timer::time_point::max());
}

TaskGroup::~TaskGroup() { CHECK(running_.empty()); }

void TaskGroup::spawn(const char* name, Task<> task) {
    running_.push_front(std::make_unique<Running>());
    const auto place = running_.begin();
    auto ended = [this, place, name](std::exception_ptr failure) {
        const bool stopped = (*place)->stopping && failure && is_stop(failure);
        if (failure && !stopped) log::failure(name, failure);
        running_.erase(place);
        if (running_.empty()) emptied_.cancel();
    };
    asio::co_spawn(
        executor_,
        std::move(task),
        asio::bind_cancellation_slot((*place)->stop.slot(), std::move(ended))
    );
}

void TaskGroup::cancel() {
    CHECK(executor_.running_in_this_thread());
    // A task that ends while it is told so leaves the list: take the next one first.
    for (auto at = running_.begin(); at != running_.end();) {
        const auto current = at++;
        (*current)->stopping = true;
        (*current)->stop.emit(asio::cancellation_type::terminal);
    }
}

Task<> TaskGroup::wait() {
    while (!running_.empty()) {
        boost::system::error_code woken;
        co_await emptied_.async_wait(asio::redirect_error(use_task, woken));
    }
}

}  // namespace banter
