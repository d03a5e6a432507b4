#pragma once
// What a process has cost so far, from outside of it.

#include <sys/types.h>

#include <cstdint>

namespace banter::bench {

/// User and system time of all threads of `pid`, also of those that ended, in seconds.
/// The kernel rounds it to its clock tick (10 ms). Throws std::runtime_error if there is none.
double cpu_seconds(pid_t pid);

/// Nanoseconds of a clock that never steps.
std::uint64_t now_ns();

}  // namespace banter::bench
