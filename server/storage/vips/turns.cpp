#include "storage/vips/turns.hpp"

#include "base/system_call.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

namespace banter::vips {

namespace {

using WaitableDescriptor = asio::posix::basic_stream_descriptor<Executor>;

Descriptor make_counter(unsigned count) {
    Descriptor counter(::eventfd(count, EFD_SEMAPHORE | EFD_CLOEXEC | EFD_NONBLOCK));
    if (!counter) throw_failure("making a counter");
    return counter;
}

bool take_one(const Descriptor& counter) {
    std::uint64_t one = 0;
    return ::read(*counter, &one, sizeof one) == static_cast<ssize_t>(sizeof one);
}

}  // namespace

Token::~Token() {
    constexpr std::uint64_t one = 1;
    if (counter_ >= 0) static_cast<void>(!::write(counter_, &one, sizeof one));
}

Turns::Turns(unsigned at_a_time, unsigned waiting_max)
    : working_(make_counter(at_a_time)), places_(make_counter(at_a_time + waiting_max)) {}

Task<Turn> Turns::take() {
    if (!take_one(places_)) throw StorageFailure(Errc::busy, "too many pictures wait");
    Token place(*places_);
    const Executor loop = co_await asio::this_coro::executor;
    // Each waiter watches on its own loop, and so needs a descriptor of its own.
    WaitableDescriptor freed(loop);
    while (!take_one(working_)) {
        if (!freed.is_open()) {
            Descriptor copy(::fcntl(*working_, F_DUPFD_CLOEXEC, 0));
            if (!copy) throw_failure("copying a descriptor");
            freed.assign(copy.release());
        }
        co_await freed.async_wait(WaitableDescriptor::wait_read, use_task);
    }
    Turn turn{std::move(place), Token(*working_)};
    co_return turn;
}

}  // namespace banter::vips
