// The filter of system calls of a child (seccomp, kernel documentation "Seccomp BPF"). Written by
// hand: libseccomp would be opened at every start of the server for these few instructions.
#pragma once

#include <cstdint>

namespace banter::vips {

/// What stays possible; each includes those before.
enum class Calls : std::uint8_t {
    /// Memory, threads of execution, and descriptors that are open.
    decoding,
    /// Opening files, which a fence has to bound (fence.hpp), and looking at them.
    reading,
    /// Running a program, and mapping its code.
    running,
};

/// For all threads of execution of this process, those to come too. See lock_down().
[[nodiscard]] bool filter_system_calls(Calls calls);

}  // namespace banter::vips
