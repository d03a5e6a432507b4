// Runs scripts on a thread of execution of the driver's own.
#pragma once

#include "base/task.hpp"

namespace banter::sqlite {

/// Scripts are coroutines, and this is where they run. Nothing in them suspends, so nothing is ever
/// waited for.
class Scripts {
public:
    /// Runs the script to its end; throws what it threw.
    void run(Task<> script);

private:
    asio::io_context loop_{1};
};

}  // namespace banter::sqlite
