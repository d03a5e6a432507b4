// Readiness of very many descriptors at no memory of their own: one epoll set beside Asio's, which
// Asio itself waits for as a single descriptor. Asio would keep about 350 bytes for each socket
// that waits.
#pragma once

#include "base/task.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace banter::net {

/// Lives on one event loop. Edge-triggered: who is told "readable" reads until there is nothing
/// left, or asks to be called `again`.
class Poller {
public:
    /// What lies behind a watched descriptor.
    class Watched {
    protected:
        virtual ~Watched() = default;

    private:
        friend class Poller;
        /// `events` are epoll's: EPOLLIN, EPOLLOUT, EPOLLRDHUP, EPOLLHUP, EPOLLERR.
        virtual void on_ready(std::uint32_t events) = 0;
    };

    explicit Poller(Executor executor);
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;

    /// False: the kernel has no room.
    [[nodiscard]] bool add(int descriptor, Watched& watched);
    /// To be called before the descriptor is closed. Events already fetched for it are dropped.
    void remove(int descriptor, Watched& watched);
    /// Calls `watched` with `events` in the next turn.
    void again(Watched& watched, std::uint32_t events);

    /// Calls back what is ready, each at most once. Called by the shard once a turn.
    void run();

private:
    struct Ready {
        Watched* watched;
        std::uint32_t events;
    };

    void wait();
    void fetch();

    asio::posix::basic_stream_descriptor<Executor> set_;
    bool signalled_ = false;
    std::vector<Ready> ready_;  // of this turn, while run() walks it
    std::vector<Ready> again_;  // for the next turn
};

}  // namespace banter::net
