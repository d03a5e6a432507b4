#include "app/core_dumps.hpp"

#include "base/check.hpp"

#include <sys/prctl.h>

namespace banter::app {

namespace {

// A limit of 0 on the size of cores would not do: the system hands them to a program all the same
// if it was set up to.
void set_dumpable(unsigned long dumpable) {
    CHECK(::prctl(PR_SET_DUMPABLE, dumpable, 0, 0, 0) == 0);
}

}  // namespace

void refuse_core_dumps() { set_dumpable(0); }

void allow_core_dumps() { set_dumpable(1); }

}  // namespace banter::app
