// Idle sessions.

#include "load/idle.hpp"

#include <poll.h>
#include <unistd.h>

#include <cstdio>

namespace banter::bench {

namespace {

bool input_ended() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (::poll(&input, 1, 0) <= 0) return false;
    char ignored[64];
    return ::read(STDIN_FILENO, ignored, sizeof ignored) <= 0;
}

}  // namespace

Idle::Idle(const Options& options) : options_(options), fleet_(options, *this) {}

bool Idle::run() {
    fleet_.open();
    std::puts("ready");
    std::fflush(stdout);
    while (!input_ended()) fleet_.turn(50);
    const std::size_t open = options_.sessions - fleet_.closed();
    std::printf(
        "{\"sessions\":%zu,\"open\":%zu,\"framesWhileIdle\":%llu}\n",
        options_.sessions,
        open,
        static_cast<unsigned long long>(frames_)
    );
    return fleet_.closed() == 0;
}

void Idle::received(Session&, Saying, const ServerFrame&) { ++frames_; }

}  // namespace banter::bench
