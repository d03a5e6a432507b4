// Threads and who is in them. Nothing here decides who may: rules are handed in by the service
// layer and are applied inside the transaction that writes.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "model/page.hpp"
#include "model/thread.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace banter::storage {

struct NewThread {
    model::ThreadId id;
    model::WorkspaceId workspace;
    model::ThreadKind kind = model::ThreadKind::channel;
    model::Visibility visibility = model::Visibility::public_;
    std::string name;
    model::UserId created_by;
    Timestamp created_at;
};

/// A pure function of the thread as the asking user sees it: why not, or nothing.
/// It runs on the writer's own thread of execution, so it must hold values only.
using ThreadRule = std::function<std::optional<Error>(const model::ThreadView&)>;

struct ReadMark {
    model::ThreadId thread;
    model::UserId user;
    model::Seq seq = 0;
    /// "Mark unread": the marker may go back.
    bool may_go_back = false;
    /// The Membership::read_turn that the mark was made at. If it is another by now, the mark is
    /// dropped: it may have waited, on another loop or node, while the marker was set back. Not of
    /// one that may go back.
    std::uint64_t turn = 0;
};

class ThreadStore {
public:
    virtual ~ThreadStore() = default;

    /// Makes the thread with its creator as its owner and only member.
    /// Returns conflict: the workspace has a public channel of that name.
    [[nodiscard]] virtual Task<Result<model::ThreadView>> create(NewThread thread) = 0;

    /// By primary keys alone. Whether `viewer` may see it is for the caller to decide.
    [[nodiscard]] virtual Task<std::optional<model::ThreadView>> find(
        model::ThreadId thread,
        model::UserId viewer
    ) = 0;

    /// The threads that the user is a member of, by the time of joining, newest first.
    [[nodiscard]] virtual Task<model::Page<model::ThreadView>> list(
        model::UserId member,
        model::PageRequest page
    ) = 0;

    /// Public, unarchived channels of the workspace whose name contains `query` (any case), by
    /// name.
    [[nodiscard]] virtual Task<model::Page<model::ThreadView>> discover(
        model::WorkspaceId workspace,
        model::UserId viewer,
        std::string query,
        model::PageRequest page
    ) = 0;

    /// Makes `user` a member, all read, unless the rule refuses. Being one already is no error and
    /// changes nothing. Returns not_found, or what the rule says.
    [[nodiscard]] virtual Task<Result<model::ThreadView>> join(
        model::ThreadId thread,
        model::UserId user,
        Timestamp now,
        ThreadRule rule
    ) = 0;

    /// Moves read markers; a mark of one who is no member is dropped; a mark above the thread's seq
    /// is taken as the seq.
    virtual Task<> mark_read(std::vector<ReadMark> marks) = 0;

    /// How many messages after `above` mention the user, at most limits::mention_count_max.
    [[nodiscard]] virtual Task<std::uint32_t> count_mentions(
        model::ThreadId thread,
        model::UserId user,
        model::Seq above
    ) = 0;
};

}  // namespace banter::storage
