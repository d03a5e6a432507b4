#include "net/listener.hpp"

#include "base/log.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace banter::net {

namespace {

std::string in_words(const Endpoint& endpoint) {
    const std::string address = endpoint.address().to_string();
    const std::string host = endpoint.address().is_v6() ? "[" + address + "]" : address;
    return host + ":" + std::to_string(endpoint.port());
}

[[noreturn]] void fail(const Endpoint& endpoint, int error) {
    std::string what = "can't listen on " + in_words(endpoint);
    if (error == EADDRINUSE) {
        what = in_words(endpoint) +
               " is already in use by another program; stop that one, or choose another address";
    } else if (error == EADDRNOTAVAIL) {
        what += ": this machine does not have that address";
    } else if (error == EACCES) {
        what += ": ports below 1024 need a privilege; choose another one";
    }
    throw std::system_error(error, std::generic_category(), what);
}

void set_option(int descriptor, int level, int name, int value) {
    static_cast<void>(setsockopt(descriptor, level, name, &value, sizeof value));
}

/// A bound socket; shares its port only with others that ask for it too.
Acceptor bound(Executor executor, const Endpoint& endpoint, bool sharing) {
    Acceptor acceptor(executor);
    boost::system::error_code failure;
    acceptor.open(endpoint.protocol(), failure);
    if (failure) fail(endpoint, failure.value());
    const int descriptor = acceptor.native_handle();
    set_option(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
    if (sharing) set_option(descriptor, SOL_SOCKET, SO_REUSEPORT, 1);
    acceptor.bind(endpoint, failure);
    if (failure) fail(endpoint, failure.value());
    return acceptor;
}

}  // namespace

std::vector<Acceptor> listen(const Endpoint& endpoint, const Loops& loops, const Limits& limits) {
    // SO_REUSEPORT would let a second server share the port of the first without a word.
    { const Acceptor probe = bound(loops.front(), endpoint, false); }

    std::vector<Acceptor> acceptors;
    Endpoint chosen = endpoint;
    for (const Executor& loop : loops) {
        Acceptor acceptor = bound(loop, chosen, true);
        boost::system::error_code failure;
        acceptor.listen(limits.listen_backlog, failure);
        if (failure) fail(chosen, failure.value());
        acceptor.native_non_blocking(true, failure);
        if (failure) fail(chosen, failure.value());
        chosen = acceptor.local_endpoint(failure);
        if (failure) fail(endpoint, failure.value());
        acceptors.push_back(std::move(acceptor));
    }
    return acceptors;
}

Listener::Listener(Shard& shard, Acceptor acceptor, Budget& budget, Accepted accepted)
    : shard_(shard),
      acceptor_(std::move(acceptor)),
      budget_(budget),
      accepted_(std::move(accepted)) {}

void Listener::start() { wait(); }

void Listener::stop() {
    TimingWheel::cancel(*this);
    boost::system::error_code ignored;
    acceptor_.close(ignored);
}

void Listener::on_due() { wait(); }

void Listener::wait() {
    acceptor_.async_wait(Acceptor::wait_read, [this](const boost::system::error_code& failure) {
        if (!failure) accept_all();
    });
}

void Listener::accept_all() {
    for (std::size_t count = 0; count < shard_.limits().accepts_per_turn; ++count) {
        if (!accept_one()) return;
    }
    wait();
}

bool Listener::accept_one() {
    if (!budget_.take()) {
        shard_.set_deadline(*this, shard_.limits().accept_pause);
        return false;
    }
    Endpoint peer;
    auto size = static_cast<socklen_t>(peer.capacity());
    const int descriptor =
        ::accept4(acceptor_.native_handle(), peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) {
        budget_.give_back();
        if (errno == ECONNABORTED || errno == EINTR) return true;
        if (errno == EAGAIN) {
            wait();
        } else {
            log::warning("can't accept for now", {{"error", static_cast<std::int64_t>(errno)}});
            shard_.set_deadline(*this, shard_.limits().accept_pause);
        }
        return false;
    }
    set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, shard_.limits().unsent_bytes_low);
    boost::system::error_code failure;
    Socket socket(shard_.executor());
    socket.assign(peer.protocol(), descriptor, failure);
    if (failure) {
        ::close(descriptor);
        budget_.give_back();
        return true;
    }
    accepted_(std::move(socket), peer);
    return true;
}

}  // namespace banter::net
