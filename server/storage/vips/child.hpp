// A process that does one job, as the server sees it.
#pragma once

#include "base/descriptor.hpp"

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace banter::vips {

/// What a child gets; the descriptors stay the caller's. -1: nothing.
struct ChildFiles {
    int source = -1;
    int target = -1;
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

    /// Kills it if it runs, and blocks until it is gone, which takes no longer than giving back its
    /// memory. Returns what it answered; nothing unless it ended in peace.
    [[nodiscard]] std::string finish();

private:
    Child(Descriptor process, Descriptor answer)
        : process_(std::move(process)), answer_(std::move(answer)) {}

    Descriptor process_;
    Descriptor answer_;
};

}  // namespace banter::vips
