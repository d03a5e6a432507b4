// What has changed lately, on whatever node: from this a node learns what no event told it.
#pragma once

#include "base/task.hpp"
#include "model/event.hpp"
#include "model/thread.hpp"

#include <cstdint>
#include <vector>

namespace banter::storage {

/// The database's own time, in steps of some seconds.
using Tick = std::int64_t;

struct ChangedThread {
    model::ThreadId thread;
    model::Rev rev = 0;
    std::uint64_t access_rev = 0;
    /// Whether access_rev is of this time too.
    bool access_changed = false;
};

struct RecentChanges {
    /// When it was read.
    Tick now = 0;
    std::vector<ChangedThread> threads;
    /// Those who have become members and are still, as they are told of it.
    std::vector<model::MemberUpdate> members;
};

/// One who can't read a thread any more.
struct LostReader {
    model::UserId user;
    /// The thread is out of sight, too.
    bool hidden = false;
};

struct ThreadAccess {
    std::uint64_t member_count = 0;
    /// Who is no member may read nothing of it, nor of the replies to its messages.
    bool members_only = false;
    /// Of those who were asked for.
    std::vector<LostReader> lost;
};

class ChangeStore {
public:
    virtual ~ChangeStore() = default;

    /// What transactions changed that began within `before` ticks of `since`, or later; since 0:
    /// of now.
    [[nodiscard]] virtual Task<RecentChanges> recent(Tick since, Tick before) = 0;

    /// Which of `users` are no members of the thread.
    [[nodiscard]] virtual Task<ThreadAccess> check_access(
        model::ThreadId thread,
        std::vector<model::UserId> users
    ) = 0;
};

}  // namespace banter::storage
