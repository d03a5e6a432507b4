// A process that does one job, as the server sees it.
#pragma once

#include "base/descriptor.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace banter::vips {

/// What a child gets; the descriptors stay the caller's. -1: nothing.
struct ChildFiles {
    int source = -1;
    int target = -1;
};

/// How a child came to its end.
enum class End : std::uint8_t {
    /// By itself, and well.
    peaceful,
    /// It gave up, crashed, or reached a limit of its own: whatever it had to do is to blame.
    failed,
    /// Somebody else ended it, such as a system out of memory, an operator or finish(); or nobody
    /// can say.
    killed,
};

struct Ended {
    End end = End::killed;
    /// What it said, if its end was peaceful.
    std::string answer;
};

/// Never left behind: dropped while it runs, it is killed, and waited for.
class Child {
public:
    /// Starts `command`, a file and its arguments. Throws StorageFailure storage_unavailable.
    static Child start(const std::vector<std::string>& command, ChildFiles files);

    ~Child() { static_cast<void>(finish()); }
    Child(Child&&) noexcept = default;
    Child& operator=(Child&&) = delete;

    /// Becomes readable when it has ended.
    [[nodiscard]] int end() const { return *process_; }

    /// Blocks until it has ended, at most so long. False: it runs.
    [[nodiscard]] bool wait(std::chrono::milliseconds timeout) const;

    /// Kills it if it runs. Doesn't wait.
    void kill() const;
    /// Kills it if it runs, and blocks until it is gone, which takes no longer than giving back its
    /// memory. Only once.
    [[nodiscard]] Ended finish();

private:
    Child(Descriptor process, Descriptor answer)
        : process_(std::move(process)), answer_(std::move(answer)) {}

    Descriptor process_;
    Descriptor answer_;
};

}  // namespace banter::vips
