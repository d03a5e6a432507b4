#include "storage/vips/workers.hpp"

#include "base/result.hpp"
#include "base/system_call.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <fcntl.h>

#include <utility>

namespace banter::vips {

namespace {

using WaitableDescriptor = asio::posix::basic_stream_descriptor<Executor>;

Task<bool> is_cancelled() {
    const auto state = co_await asio::this_coro::cancellation_state;
    co_return state.cancelled() != asio::cancellation_type::none;
}

/// Returns when `child` has ended, or so much time has passed, or whoever waits is cancelled.
Task<> wait_for_end(const Child& child, std::chrono::milliseconds wall_time) {
    using namespace asio::experimental::awaitable_operators;
    const Executor loop = co_await asio::this_coro::executor;
    Descriptor copy(::fcntl(child.end(), F_DUPFD_CLOEXEC, 0));
    if (!copy) throw_failure("copying a descriptor");
    WaitableDescriptor process(loop, copy.release());
    Timer timer(loop, wall_time);
    boost::system::error_code ended;
    boost::system::error_code late;
    auto end =
        process.async_wait(WaitableDescriptor::wait_read, asio::redirect_error(use_task, ended));
    auto deadline = timer.async_wait(asio::redirect_error(use_task, late));
    static_cast<void>(co_await (std::move(end) || std::move(deadline)));
}

}  // namespace

Workers::Workers(WorkerOptions options, Offload& offload)
    : options_(std::move(options)),
      offload_(offload),
      turns_(options_.at_a_time, options_.waiting_max) {}

Task<std::optional<Answer>> Workers::run(Job job, ChildFiles files) {
    const Turn turn = co_await turns_.take();
    auto begin = [command = command_for(job), files] { return Child::start(command, files); };
    Child child = co_await offload_.run(std::move(begin));
    // A cancelled caller stays until its child is gone.
    co_await asio::this_coro::throw_if_cancelled(false);
    const bool cancelled_early = co_await is_cancelled();
    if (!cancelled_early) co_await wait_for_end(child, options_.wall_time);
    auto finish = [child = std::move(child)]() mutable { return child.finish(); };
    const std::string answer = co_await offload_.run(std::move(finish));
    co_await asio::this_coro::throw_if_cancelled(true);
    const bool cancelled = co_await is_cancelled();
    if (cancelled) throw boost::system::system_error(asio::error::operation_aborted);
    co_return parse_answer(answer);
}

bool Workers::probe() {
    Child child = Child::start(command_for(Job{}), ChildFiles{});
    if (!child.wait(options_.wall_time)) {
        throw StorageFailure(Errc::storage_unavailable, "libvips takes too long to open");
    }
    const auto answer = parse_answer(child.finish());
    return answer && answer->verdict == Verdict::done;
}

std::vector<std::string> Workers::command_for(Job job) const {
    job.limits = options_.limits;
    std::vector<std::string> command = options_.command;
    for (std::string& argument : arguments_of(job)) command.push_back(std::move(argument));
    return command;
}

}  // namespace banter::vips
