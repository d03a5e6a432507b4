#include "net/poller.hpp"

#include <boost/asio/post.hpp>

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace banter::net {

namespace {

constexpr std::size_t events_per_fetch = 512;

int make_set() {
    const int set = epoll_create1(EPOLL_CLOEXEC);
    if (set < 0) throw std::system_error(errno, std::generic_category(), "can't make an epoll set");
    return set;
}

}  // namespace

Poller::Poller(Executor executor) : set_(executor, make_set()) { wait(); }

bool Poller::add(int descriptor, Watched& watched) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.ptr = &watched;
    return epoll_ctl(set_.native_handle(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void Poller::remove(int descriptor, Watched& watched) {
    epoll_event unused{};
    epoll_ctl(set_.native_handle(), EPOLL_CTL_DEL, descriptor, &unused);
    for (auto* list : {&ready_, &again_}) {
        for (Ready& ready : *list) {
            if (ready.watched == &watched) ready.watched = nullptr;
        }
    }
}

void Poller::again(Watched& watched, std::uint32_t events) {
    // The shard may have nothing else to wake up for.
    if (again_.empty()) asio::post(set_.get_executor(), [] {});
    again_.push_back({&watched, events});
}

void Poller::run() {
    ready_.swap(again_);
    if (signalled_) fetch();
    for (std::size_t i = 0; i < ready_.size(); ++i) {
        const Ready ready = ready_[i];
        if (ready.watched != nullptr) ready.watched->on_ready(ready.events);
    }
    ready_.clear();
}

void Poller::wait() {
    set_.async_wait(decltype(set_)::wait_read, [this](const boost::system::error_code& failure) {
        if (!failure) signalled_ = true;
    });
}

void Poller::fetch() {
    std::array<epoll_event, events_per_fetch> events;
    const int count =
        epoll_wait(set_.native_handle(), events.data(), static_cast<int>(events.size()), 0);
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        ready_.push_back({static_cast<Watched*>(event.data.ptr), event.events});
    }
    if (count == static_cast<int>(events.size())) {
        asio::post(set_.get_executor(), [] {});  // there may be more: the next turn must not wait
        return;
    }
    signalled_ = false;
    // Waiting anew looks at the set itself, so that nothing is missed that came after the fetch.
    wait();
}

}  // namespace banter::net
