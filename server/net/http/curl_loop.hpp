// libcurl's multi interface driven by an event loop: Asio waits for its sockets and its timer, and
// it does its work when one of them is ready.
#pragma once

#include "base/task.hpp"
#include "net/http/curl.hpp"

#include <cstddef>
#include <map>
#include <memory>

namespace banter::net::http {

/// What is told that a request has ended. Set as CURLOPT_PRIVATE of its handle.
class CurlEnd {
public:
    /// Not to add or remove handles at once, but in a later call of the loop.
    virtual void on_ended(CURLcode code) = 0;

protected:
    ~CurlEnd() = default;
};

/// Lives on one event loop. Keeps connections for the requests to come.
class CurlLoop {
public:
    /// idle_max: connections that are kept.
    CurlLoop(Executor executor, std::size_t idle_max);
    /// CHECKs that no handle is left.
    ~CurlLoop();
    CurlLoop(const CurlLoop&) = delete;
    CurlLoop& operator=(const CurlLoop&) = delete;

    /// Has the request of `handle` made. Neither of both from within a callback of libcurl.
    void add(CURL* handle);
    /// Ends it, if it hasn't ended: nobody is called for it any more.
    void remove(CURL* handle);

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] Executor executor() const { return executor_; }

private:
    struct Watch;

    static int on_socket(CURL* handle, curl_socket_t socket, int wanted, void* self, void* watch);
    static int on_timer(CURLM* multi, long wait_ms, void* self);

    [[nodiscard]] int watch(curl_socket_t socket, int wanted);
    void await(Watch& watch, int event);
    void act(curl_socket_t socket, int events);

    Executor executor_;
    CURLM* multi_;
    std::map<curl_socket_t, std::unique_ptr<Watch>> watches_;
    Timer timer_;
    std::size_t size_ = 0;
    /// Gone with this: a call of the loop that was on its way already sees it.
    std::shared_ptr<const int> alive_;
};

}  // namespace banter::net::http
