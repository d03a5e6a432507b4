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

#include <exception>
#include <memory>
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

/// Ends a child that nobody waits for any more, where waiting for that holds up nobody.
struct EndElsewhere {
    void operator()(Child* child) const {
        std::unique_ptr<Child> owned(child);
        owned->kill();
        offload->leave_to([owned = std::move(owned)] {});
    }

    Offload* offload;
};

std::shared_ptr<Child> start_child(
    const std::vector<std::string>& command,
    ChildFiles files,
    Offload& offload
) {
    auto child = std::make_unique<Child>(Child::start(command, files));
    return {child.release(), EndElsewhere{&offload}};
}

/// Nothing: it ended badly, or answers nonsense.
std::optional<Answer> answer_of(const Ended& ended) {
    if (ended.end != End::peaceful) return std::nullopt;
    return parse_answer(ended.answer);
}

}  // namespace

Workers::Workers(WorkerOptions options, Offload& offload)
    : options_(std::move(options)),
      offload_(offload),
      turns_(options_.at_a_time, options_.waiting_max) {}

Task<std::optional<Answer>> Workers::run(Job job, ChildFiles files) {
    std::vector<std::string> command = command_for(job);
    const Ended ended = co_await see_to_end(std::move(command), files);
    if (ended.end == End::killed) {
        throw StorageFailure(
            Errc::storage_unavailable, "the process that looked into a picture was killed"
        );
    }
    co_return answer_of(ended);
}

Task<Ended> Workers::see_to_end(std::vector<std::string> command, ChildFiles files) {
    const Turn turn = co_await turns_.take();
    std::optional<Ended> ended = co_await watch(std::move(command), files);
    if (!ended) throw StorageFailure(Errc::busy, "a picture took too long; the machine is busy");
    co_return *std::move(ended);
}

/// Nothing: it took longer than a child may.
Task<std::optional<Ended>> Workers::watch(std::vector<std::string> command, ChildFiles files) {
    auto begin = [command = std::move(command), files, &offload = offload_] {
        return start_child(command, files, offload);
    };
    const std::shared_ptr<Child> child = co_await offload_.run(std::move(begin));
    // A cancelled caller stays until its child is gone.
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    bool late = false;
    Ended ended;
    std::exception_ptr failure;
    try {
        const bool cancelled_early = co_await is_cancelled();
        if (!cancelled_early) co_await wait_for_end(*child, options_.wall_time);
        late = !child->wait(std::chrono::milliseconds(0));
        auto finish = [child] { return child->finish(); };
        ended = co_await offload_.run(std::move(finish));
    } catch (...) {
        failure = std::current_exception();
    }
    co_await asio::this_coro::throw_if_cancelled(throws);
    const bool cancelled = co_await is_cancelled();
    if (cancelled) throw boost::system::system_error(asio::error::operation_aborted);
    if (failure) std::rethrow_exception(failure);
    if (late) co_return std::nullopt;
    co_return ended;
}

Task<bool> Workers::probe() {
    std::vector<std::string> command = command_for(Job());
    const ChildFiles none;
    const std::optional<Ended> ended = co_await watch(std::move(command), none);
    if (!ended) throw StorageFailure(Errc::storage_unavailable, "libvips takes too long to open");
    const auto answer = answer_of(*ended);
    if (answer && answer->verdict == Verdict::done) co_return true;
    if (answer && answer->verdict == Verdict::missing) co_return false;
    throw StorageFailure(
        Errc::storage_unavailable, "the process that looks for libvips did not end well"
    );
}

std::vector<std::string> Workers::command_for(Job job) const {
    job.limits = options_.limits;
    std::vector<std::string> command = options_.command;
    for (std::string& argument : arguments_of(job)) command.push_back(std::move(argument));
    return command;
}

}  // namespace banter::vips
