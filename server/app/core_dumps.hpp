// Whether what is in memory may leave the process: tokens, passwords and keys are.
#pragma once

namespace banter::app {

/// From now on a crash leaves no core file, wherever the system would have it go, and no process of
/// the same user that may do no more than we may trace this one or read its memory. What it starts
/// is as usual.
void refuse_core_dumps();

/// As the system does it, within the limit that the process was given.
void allow_core_dumps();

}  // namespace banter::app
