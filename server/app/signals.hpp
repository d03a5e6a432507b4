// SIGTERM and SIGINT, waited for instead of handled.
#pragma once

namespace banter::app {

/// Blocks the signals for this thread of execution and all that it makes later, ignores SIGPIPE,
/// and leaves SIGCHLD to the system.
class StopSignals {
public:
    StopSignals();

    /// Returns at the first; from then on a second one ends the process at once.
    void wait() const;
    /// Whether one has come; doesn't wait.
    [[nodiscard]] bool arrived() const;
};

}  // namespace banter::app
