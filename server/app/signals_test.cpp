// What is left of the signals that whoever started us had set.
#include "app/signals.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace banter::app {
namespace {

TEST(StopSignals, how_children_end_is_not_forgotten) {
    ASSERT_NE(std::signal(SIGCHLD, SIG_IGN), SIG_ERR);
    sigset_t before;
    ASSERT_EQ(pthread_sigmask(SIG_BLOCK, nullptr, &before), 0);
    const StopSignals signals;
    EXPECT_EQ(std::signal(SIGCHLD, SIG_DFL), SIG_DFL);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace
}  // namespace banter::app
