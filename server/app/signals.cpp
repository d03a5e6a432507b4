#include "app/signals.hpp"

#include <csignal>
#include <ctime>

namespace banter::app {

namespace {

sigset_t stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return set;
}

}  // namespace

StopSignals::StopSignals() {
    const sigset_t set = stop_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    // Where it is ignored, as whoever started us may have left it, how a child ended is forgotten.
    std::signal(SIGCHLD, SIG_DFL);
}

void StopSignals::wait() const {
    const sigset_t set = stop_signals();
    int signal = 0;
    sigwait(&set, &signal);
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

bool StopSignals::arrived() const {
    const sigset_t set = stop_signals();
    const timespec no_time{};
    return sigtimedwait(&set, nullptr, &no_time) > 0;
}

}  // namespace banter::app
