// The filter of system calls of a child (seccomp, kernel documentation "Seccomp BPF"). Written by
// hand: libseccomp would be opened at every start of the server for these few instructions.
#pragma once

namespace banter::vips {

/// For all threads of execution of this process, those to come too. See lock_down().
[[nodiscard]] bool filter_system_calls();

}  // namespace banter::vips
