// How a child gives up what it doesn't need, so that a picture that takes it over gains nothing:
// first what libraries can be opened without, then all but memory and the descriptors it has.
#pragma once

#include "storage/vips/fence.hpp"
#include "storage/vips/job.hpp"

namespace banter::vips {

/// Bounds time, files and dumps, dies with the parent, steps behind the server where both want the
/// processor or memory. No limit on processes: it would count the server's threads of execution.
/// False: the system refuses.
[[nodiscard]] bool give_up_powers(const WorkerLimits& limits);

/// From now on this process and all its threads of execution may use memory, within the limit, make
/// more threads, and read and write what is open. Everything else fails with EPERM; running a
/// program, making a process or a socket, and looking into another process kills. Nothing undoes
/// it. False: the system refuses.
[[nodiscard]] bool lock_down(const WorkerLimits& limits);

/// As lock_down(), but files below `readable` stay open to it for reading, to look up fonts. A
/// kernel that can't fence leaves none.
[[nodiscard]] bool lock_down_but_for(const WorkerLimits& limits, const Gates& gates);

/// As lock_down(), but it may run a program out of `gates`, which is bound by all this too: no
/// socket, no other process, no file but those. The memory that is its own now is the program's.
[[nodiscard]] bool lock_down_to_run(const WorkerLimits& limits, const Gates& gates);

}  // namespace banter::vips
