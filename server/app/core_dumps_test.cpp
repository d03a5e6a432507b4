// Whether the process may leave a core file, as the system has it.
#include "app/core_dumps.hpp"

#include <gtest/gtest.h>
#include <sys/prctl.h>

namespace banter::app {
namespace {

TEST(CoreDumps, are_refused_until_they_are_allowed) {
    const int before = ::prctl(PR_GET_DUMPABLE);
    refuse_core_dumps();
    EXPECT_EQ(::prctl(PR_GET_DUMPABLE), 0);
    allow_core_dumps();
    EXPECT_EQ(::prctl(PR_GET_DUMPABLE), 1);
    if (before == 0) refuse_core_dumps();
}

}  // namespace
}  // namespace banter::app
