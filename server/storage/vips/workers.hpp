// Gives jobs to children, a few at a time, and sees each to its end.
#pragma once

#include "base/offload.hpp"
#include "base/task.hpp"
#include "storage/vips/child.hpp"
#include "storage/vips/job.hpp"
#include "storage/vips/turns.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace banter::vips {

struct WorkerOptions {
    /// The program and its first arguments; those of the job follow.
    std::vector<std::string> command;
    /// Children at a time, and jobs that wait for one; one more is refused.
    unsigned at_a_time = 2;
    unsigned waiting_max = 16;
    WorkerLimits limits;
    /// A child is killed after so long, whatever it does. Far above its limit on the processor's
    /// time: a busy machine is no picture's fault.
    std::chrono::milliseconds wall_time{60'000};
};

/// One serves all loops.
class Workers {
public:
    Workers(WorkerOptions options, Offload& offload);

    /// Does `job` with `files`, which stay as they are until this returns. A caller that is
    /// cancelled takes its child with it.
    ///
    /// Returns  nothing: the child crashed, reached its limits or answers nonsense
    /// Throws   StorageFailure: busy, also if it took longer than a child may; storage_unavailable:
    ///          none could be started, or somebody killed it
    [[nodiscard]] Task<std::optional<Answer>> run(Job job, ChildFiles files);

    /// Sees any program to its end as run() does. Throws as run(), but where it was killed says so.
    [[nodiscard]] Task<Ended> see_to_end(std::vector<std::string> command, ChildFiles files);

    /// As run(), but doesn't wait for its turn. False: there is no library.
    /// Throws StorageFailure if that could not be found out, for whatever reason.
    [[nodiscard]] Task<bool> probe();

private:
    [[nodiscard]] Task<std::optional<Ended>> watch(
        std::vector<std::string> command,
        ChildFiles files
    );
    [[nodiscard]] std::vector<std::string> command_for(Job job) const;

    WorkerOptions options_;
    Offload& offload_;
    Turns turns_;
};

}  // namespace banter::vips
