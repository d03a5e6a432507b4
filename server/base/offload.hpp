// Runs calls that block or compute for long away from the shards, and resumes the caller on its
// shard.
#pragma once

#include "base/elsewhere.hpp"
#include "base/result.hpp"
#include "base/task.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <cstddef>
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

    /// Calls `work` elsewhere, however many wait, for who can't wait, such as a destructor;
    /// ~Offload does. What `work` throws ends the process.
    template <typename Work>
    void leave_to(Work work) {
        asio::post(threads_, std::move(work));
    }

private:
    /// A call that waits no more, however it ends.
    struct Leaving {
        ~Leaving() { waiting.fetch_sub(1, std::memory_order_relaxed); }

        std::atomic<std::size_t>& waiting;
    };

    void admit();

    std::size_t waiting_max_;
    std::atomic<std::size_t> waiting_{0};
    asio::thread_pool threads_;
};

template <typename Work>
Task<std::invoke_result_t<Work&>> Offload::run(Work work) {
    admit();
    auto call = [this, work = std::move(work)]() mutable {
        const Leaving leaving{waiting_};
        return work();
    };
    co_return co_await call_on(threads_.get_executor(), std::move(call));
}

}  // namespace banter
