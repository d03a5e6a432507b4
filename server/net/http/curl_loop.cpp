#include "net/http/curl_loop.hpp"

#include "base/check.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <chrono>
#include <utility>

namespace banter::net::http {

/// A socket of libcurl's that it wants to hear of. It closes the socket itself.
struct CurlLoop::Watch {
    using Descriptor = asio::posix::basic_stream_descriptor<Executor>;

    explicit Watch(Executor executor) : descriptor(executor) {}
    ~Watch() {
        if (descriptor.is_open()) descriptor.release();
    }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    Descriptor descriptor;
    int wanted = 0;   // CURL_POLL_IN and CURL_POLL_OUT
    int awaited = 0;  // of these, what Asio waits for
    std::shared_ptr<const int> alive = std::make_shared<const int>(0);
};

CurlLoop::CurlLoop(Executor executor, std::size_t idle_max)
    : executor_(executor),
      multi_(curl().multi_init()),
      timer_(executor),
      alive_(std::make_shared<const int>(0)) {
    CHECK(multi_ != nullptr);
    curl().multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlLoop::on_socket);
    curl().multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl().multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlLoop::on_timer);
    curl().multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl().multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(idle_max));
}

CurlLoop::~CurlLoop() {
    CHECK(size_ == 0);
    curl().multi_cleanup(multi_);
}

void CurlLoop::add(CURL* handle) {
    CHECK(curl().multi_add_handle(multi_, handle) == CURLM_OK);
    ++size_;
}

void CurlLoop::remove(CURL* handle) {
    CHECK(curl().multi_remove_handle(multi_, handle) == CURLM_OK);
    CHECK(size_ > 0);
    --size_;
}

int CurlLoop::on_socket(CURL*, curl_socket_t socket, int wanted, void* self, void*) {
    return static_cast<CurlLoop*>(self)->watch(socket, wanted);
}

int CurlLoop::watch(curl_socket_t socket, int wanted) {
    if (wanted == CURL_POLL_REMOVE) {
        watches_.erase(socket);
        return 0;
    }
    auto& watch = watches_[socket];
    if (!watch) {
        watch = std::make_unique<Watch>(executor_);
        boost::system::error_code failure;
        watch->descriptor.assign(socket, failure);
        if (failure) {
            watches_.erase(socket);
            return -1;
        }
    }
    watch->wanted = wanted;
    await(*watch, CURL_POLL_IN);
    await(*watch, CURL_POLL_OUT);
    return 0;
}

void CurlLoop::await(Watch& watch, int event) {
    if ((watch.wanted & event) == 0 || (watch.awaited & event) != 0) return;
    watch.awaited |= event;
    auto ready = [this, &watch, event, alive = std::weak_ptr(watch.alive)](
                     const boost::system::error_code& failure
                 ) {
        if (alive.expired()) return;
        watch.awaited &= ~event;
        const int seen = event == CURL_POLL_IN ? CURL_CSELECT_IN : CURL_CSELECT_OUT;
        // What isn't wanted any more is not waited for again.
        if ((watch.wanted & event) == 0) return;
        act(watch.descriptor.native_handle(), failure ? CURL_CSELECT_ERR : seen);
        if (!alive.expired() && !failure) await(watch, event);
    };
    using Base = asio::posix::descriptor_base;
    const auto what = event == CURL_POLL_IN ? Base::wait_read : Base::wait_write;
    watch.descriptor.async_wait(what, std::move(ready));
}

int CurlLoop::on_timer(CURLM*, long wait_ms, void* self) {
    CurlLoop& loop = *static_cast<CurlLoop*>(self);
    if (wait_ms < 0) {
        loop.timer_.cancel();
        return 0;
    }
    loop.timer_.expires_after(std::chrono::milliseconds(wait_ms));
    loop.timer_.async_wait(
        [&loop, alive = std::weak_ptr(loop.alive_)](const boost::system::error_code& failure) {
            if (!failure && !alive.expired()) loop.act(CURL_SOCKET_TIMEOUT, 0);
        }
    );
    return 0;
}

void CurlLoop::act(curl_socket_t socket, int events) {
    int running = 0;
    curl().multi_socket_action(multi_, socket, events, &running);
    int left = 0;
    while (const CURLMsg* message = curl().multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        const CURLcode code = message->data.result;
        CurlEnd* end = nullptr;
        curl().easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &end);
        end->on_ended(code);
    }
}

}  // namespace banter::net::http
