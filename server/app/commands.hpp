// The commands of the program, each a function that returns the exit status.
#pragma once

#include "app/config.hpp"

namespace banter::app {

/// Prints what is wrong with the invocation, or does what it asks for. 0: done; 1: failed; 2: wrong
/// usage.
[[nodiscard]] int run(const Invocation& invocation);

}  // namespace banter::app
