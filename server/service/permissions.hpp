// Who may do what: pure functions of the caller's role and of the thread as the caller sees it.
// What a caller may not see answers not_found, as if it did not exist.
#pragma once

#include "base/result.hpp"
#include "model/message.hpp"
#include "model/thread.hpp"
#include "service/caller.hpp"

#include <optional>

namespace banter::service::permissions {

/// Owners and admins of the workspace.
[[nodiscard]] bool is_admin(const Caller& caller);

/// See the thread and read its messages: its members, and for a public channel members of the
/// workspace and up. Another workspace's thread does not exist.
[[nodiscard]] std::optional<Error> may_read(const Caller& caller, const model::ThreadView& view);
/// Become a member of it on one's own; of a reply thread, to follow it: members of its parent.
[[nodiscard]] std::optional<Error> may_join(const Caller& caller, const model::ThreadView& view);
/// Send, react, type: its members, unless it is archived; in a reply thread those of its parent.
[[nodiscard]] std::optional<Error> may_write(const Caller& caller, const model::ThreadView& view);
/// Move one's own read marker: its members, archived or not.
[[nodiscard]] std::optional<Error> may_mark_read(
    const Caller& caller,
    const model::ThreadView& view
);
[[nodiscard]] std::optional<Error> may_edit(
    const Caller& caller,
    const model::ThreadView& view,
    const model::Message& message
);
/// Its author, an owner of the thread, an admin who may read the thread.
[[nodiscard]] std::optional<Error> may_delete(
    const Caller& caller,
    const model::ThreadView& view,
    const model::Message& message
);
/// Have whoever comes by the invitation be a member of the thread: who may add members to it.
[[nodiscard]] std::optional<Error> may_invite_to(
    const Caller& caller,
    const model::ThreadView& view
);
[[nodiscard]] std::optional<Error> may_create_thread(const Caller& caller);
/// Rename, topic, visibility, archive: an owner of the thread, an admin who sees it.
[[nodiscard]] std::optional<Error> may_change(
    const Caller& caller,
    const model::ThreadView& view,
    const model::ChangeThread& change
);
/// Add members and give roles: as may_change; in a group every member may add. current: the role of
/// the one it is about; nothing: no member.
[[nodiscard]] std::optional<Error> may_set_member(
    const Caller& caller,
    const model::ThreadView& view,
    std::optional<model::ThreadRole> current,
    model::ThreadRole wanted
);
/// As may_change, and everyone for oneself, a direct thread excepted.
[[nodiscard]] std::optional<Error> may_remove_member(
    const Caller& caller,
    const model::ThreadView& view,
    model::UserId member
);
/// Its members, archived or not.
[[nodiscard]] std::optional<Error> may_set_preferences(
    const Caller& caller,
    const model::ThreadView& view
);
/// Whether the caller may mention all in a thread of any size. Of a view without a membership:
/// whether the role in the workspace alone allows it.
[[nodiscard]] bool may_mention_all(const Caller& caller, const model::ThreadView& view);

}  // namespace banter::service::permissions
