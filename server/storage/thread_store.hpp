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
    /// Beside its creator. They have to be users of the workspace who can sign in.
    std::vector<model::UserId> members;
    Timestamp created_at;
};

/// The thread of the replies to `message`.
struct NewReplyThread {
    model::ThreadId id;
    model::ParentMessage parent;
    model::UserId created_by;
    Timestamp created_at;
};

/// A thread that was asked for: the one that was there, or a new one.
struct FoundOrMade {
    model::ThreadView view;
    bool made = false;
};

struct MemberChange {
    model::ThreadId thread;
    model::UserId caller;
    model::UserId member;
    /// Of one who is added, or from now on.
    model::ThreadRole role = model::ThreadRole::member;
    Timestamp now;
};

struct Preferences {
    model::ThreadId thread;
    model::UserId user;
    model::Level level = model::Level::all;
    std::optional<Timestamp> muted_until;
};

/// A pure function of the thread as the asking user sees it: why not, or nothing.
/// It runs on the writer's own thread of execution, so it must hold values only.
using ThreadRule = std::function<std::optional<Error>(const model::ThreadView&)>;

/// The same for a change of one member: `role` is what the member is now; nothing: no member.
using MemberRule = std::function<std::optional<
    Error>(const model::ThreadView& as_caller, std::optional<model::ThreadRole> role)>;

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

/// Which threads of a user are watched.
struct Watch {
    /// All, if there are no more.
    std::size_t all_max = 0;
    /// Else those that the user has used since that day: joined, written to, or read as far as a
    /// message from after it. At most so many, those used last.
    Timestamp used_since;
    std::size_t used_max = 0;
};

class ThreadStore {
public:
    virtual ~ThreadStore() = default;

    /// Makes a channel or a group, its creator being its owner. Each member is told.
    /// Returns conflict (the workspace has a public channel of that name), not_found (a member).
    [[nodiscard]] virtual Task<Result<model::ThreadView>> create(NewThread thread) = 0;

    /// The direct thread of exactly these people; two at once make one. One that was hidden by its
    /// finder is hidden no more. Returns not_found (a member).
    [[nodiscard]] virtual Task<Result<FoundOrMade>> find_or_make_direct(NewThread thread) = 0;

    /// The reply thread of a message; two at once make one. The rule is asked about the parent.
    /// Its first members are its creator and the author of the message, if they are members of the
    /// parent. Returns not_found, conflict (the message is deleted), bad_request (it is a reply
    /// itself), or what the rule says.
    [[nodiscard]] virtual Task<Result<FoundOrMade>> find_or_make_reply(
        NewReplyThread thread,
        ThreadRule rule
    ) = 0;

    /// Takes a rev, and tells everybody, if anything changes. Returns not_found, conflict (the name
    /// is taken), or what the rule says.
    [[nodiscard]] virtual Task<Result<model::ThreadView>> change(
        model::ChangeThread change,
        model::UserId caller,
        Timestamp now,
        ThreadRule rule
    ) = 0;

    /// Adds a member, all read, or changes a role; what is so already changes nothing.
    /// Returns not_found (thread, user), or what the rule says.
    [[nodiscard]] virtual Task<Result<model::Member>> set_member(
        MemberChange change,
        MemberRule rule
    ) = 0;

    /// Ends a membership, also in the replies to the thread's messages; `role` counts for nothing.
    /// If the last owner goes, the member who was registered first becomes one. The thread as the
    /// caller sees it then; it is no error if there was no such member and the rule doesn't mind.
    [[nodiscard]] virtual Task<Result<model::ThreadView>> remove_member(
        MemberChange change,
        MemberRule rule
    ) = 0;

    /// By user id. The rule is asked before any member is read.
    [[nodiscard]] virtual Task<Result<model::Page<model::Member>>> members(
        model::ThreadId thread,
        model::UserId viewer,
        model::PageRequest page,
        ThreadRule rule
    ) = 0;

    /// Returns not_found, or what the rule says, which lets only members pass.
    [[nodiscard]] virtual Task<Result<model::ThreadView>> set_preferences(
        Preferences preferences,
        ThreadRule rule
    ) = 0;

    /// Leaves a direct thread out of its member's list until something new is said in it.
    /// Returns not_found, or what the rule says, which lets only members pass.
    [[nodiscard]] virtual Task<Result<model::ThreadView>> hide(
        model::ThreadId thread,
        model::UserId user,
        ThreadRule rule
    ) = 0;

    /// Threads that the user is a member of, those joined last first.
    [[nodiscard]] virtual Task<std::vector<model::ThreadId>> watched(
        model::UserId user,
        Watch watch
    ) = 0;

    /// By primary keys alone. Whether `viewer` may see it is for the caller to decide.
    [[nodiscard]] virtual Task<std::optional<model::ThreadView>> find(
        model::ThreadId thread,
        model::UserId viewer
    ) = 0;

    /// The threads that the user is a member of, by the time of joining, newest first; hidden ones
    /// are left out.
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
