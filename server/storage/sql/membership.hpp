// Who is in a thread: coming, going, roles and preferences. Scripts over one transaction, and the
// steps that scripts elsewhere take too.
#pragma once

#include "base/result.hpp"
#include "model/page.hpp"
#include "model/thread.hpp"
#include "storage/sql/database.hpp"
#include "storage/sql/thread_rows.hpp"
#include "storage/thread_store.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace banter::sql {

struct NewMember {
    model::ThreadId thread;
    std::int64_t thread_number = 0;
    model::UserId user;
    model::ThreadRole role = model::ThreadRole::member;
    model::Seq read_seq = 0;
    Timestamp joined_at;
    /// The thread's, this one included.
    std::uint64_t member_count = 0;
};

/// Adds a row, counts it, and tells it. The user must not be a member.
[[nodiscard]] Task<> add_member(Connection& connection, Outbox& outbox, NewMember member);

/// What becomes of the user's memberships of the replies in a thread that the user leaves. To find
/// them, all memberships of the user are looked at.
enum class Replies { go_too, are_left_to_the_caller };

/// Ends the membership of `user`, who is one with this role, and whatever hangs on it; keeps the
/// thread an owner.
[[nodiscard]] Task<> drop_membership(
    Connection& connection,
    Outbox& outbox,
    ThreadRow thread,
    model::UserId user,
    model::ThreadRole role,
    Replies replies = Replies::go_too
);

/// The role of a user in a thread. The primary key of members.
[[nodiscard]] Task<std::optional<model::ThreadRole>> role_in(
    Connection& connection,
    std::int64_t thread_number,
    model::UserId user
);

/// Tells a membership as it is now: `view` is the thread as `user` sees it.
void tell_membership(Outbox& outbox, const model::ThreadView& view, model::UserId user);

/// Whether somebody of the workspace has this id and can sign in.
[[nodiscard]] Task<bool> is_active_user(
    Connection& connection,
    model::WorkspaceId workspace,
    model::UserId user
);

[[nodiscard]] Task<Result<model::Member>> set_member(
    Connection& connection,
    Outbox& outbox,
    storage::MemberChange change,
    storage::MemberRule rule
);

[[nodiscard]] Task<Result<model::ThreadView>> remove_member(
    Connection& connection,
    Outbox& outbox,
    storage::MemberChange change,
    storage::MemberRule rule
);

[[nodiscard]] Task<Result<model::Page<model::Member>>> list_members(
    Connection& connection,
    model::ThreadId thread,
    model::UserId viewer,
    model::PageRequest page,
    storage::ThreadRule rule
);

[[nodiscard]] Task<Result<model::ThreadView>> write_preferences(
    Connection& connection,
    Outbox& outbox,
    storage::Preferences preferences,
    storage::ThreadRule rule
);

[[nodiscard]] Task<Result<model::ThreadView>> hide_thread(
    Connection& connection,
    Outbox& outbox,
    model::ThreadId thread,
    model::UserId user,
    storage::ThreadRule rule
);

/// Shows a hidden thread to its member again.
[[nodiscard]] Task<> unhide_thread(
    Connection& connection,
    Outbox& outbox,
    model::ThreadId thread,
    model::UserId user
);

[[nodiscard]] Task<std::vector<model::ThreadId>> watched_threads(
    Connection& connection,
    model::UserId user,
    storage::Watch watch
);

}  // namespace banter::sql
