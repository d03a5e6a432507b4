#include "service/permissions.hpp"

#include "service/refusals.hpp"

namespace banter::service::permissions {

namespace {

Error forbidden(std::string detail) { return {Errc::forbidden, std::move(detail)}; }

Error archived() { return {Errc::conflict, "the thread is archived"}; }

/// What a thread is to its reader. A reply thread has nothing of its own: its parent decides.
struct Access {
    model::ThreadKind kind;
    model::Visibility visibility;
    std::optional<model::ThreadRole> role;
    bool archived;
};

Access access_of(const model::ThreadView& view) {
    if (view.parent) {
        const model::ParentAccess& parent = *view.parent;
        return {parent.kind, parent.visibility, parent.role, parent.archived};
    }
    std::optional<model::ThreadRole> role;
    if (view.membership) role = view.membership->role;
    const model::Thread& thread = view.thread;
    return {thread.kind, thread.visibility, role, thread.archived_at.has_value()};
}

bool sees(const Caller& caller, const model::ThreadView& view) {
    if (view.thread.workspace != caller.workspace) return false;
    const Access access = access_of(view);
    if (access.role) return true;
    return caller.role != model::WorkspaceRole::guest &&
           access.kind == model::ThreadKind::channel &&
           access.visibility == model::Visibility::public_;
}

bool owns(const model::ThreadView& view) {
    return access_of(view).role == model::ThreadRole::owner;
}

/// Why the caller may not decide about the thread and its members.
std::optional<Error> may_manage(const Caller& caller, const model::ThreadView& view) {
    if (!sees(caller, view)) return no_such_thread();
    if (view.thread.kind == model::ThreadKind::direct)
        return forbidden("a direct thread never changes");
    if (view.thread.kind == model::ThreadKind::reply)
        return forbidden("a reply thread is what the thread of its message is");
    if (!owns(view) && !is_admin(caller))
        return forbidden("only an owner of the thread or an admin may do this");
    return std::nullopt;
}

}  // namespace

bool is_admin(const Caller& caller) {
    return caller.role == model::WorkspaceRole::owner || caller.role == model::WorkspaceRole::admin;
}

std::optional<Error> may_read(const Caller& caller, const model::ThreadView& view) {
    if (!sees(caller, view)) return no_such_thread();
    return std::nullopt;
}

std::optional<Error> may_join(const Caller& caller, const model::ThreadView& view) {
    if (!sees(caller, view)) return no_such_thread();
    if (view.membership) return std::nullopt;
    if (auto refused = out_of_scope(caller, model::Scope::threads)) return refused;
    const Access access = access_of(view);
    if (view.parent && !access.role)
        return forbidden("only members of the thread may follow the replies in it");
    if (access.archived) return archived();
    return std::nullopt;
}

std::optional<Error> may_write(const Caller& caller, const model::ThreadView& view) {
    if (!sees(caller, view)) return no_such_thread();
    const Access access = access_of(view);
    if (!access.role) return forbidden("only members of the thread may do this");
    if (access.archived) return archived();
    return std::nullopt;
}

std::optional<Error> may_mark_read(const Caller& caller, const model::ThreadView& view) {
    if (!sees(caller, view)) return no_such_thread();
    if (!view.membership) return forbidden("only members of the thread may do this");
    return std::nullopt;
}

std::optional<Error> may_edit(
    const Caller& caller,
    const model::ThreadView& view,
    const model::Message& message
) {
    if (!sees(caller, view)) return no_such_message();
    const Access access = access_of(view);
    if (!access.role || message.author != caller.user) {
        return forbidden("only its author may edit a message, as a member of the thread");
    }
    if (access.archived) return archived();
    return std::nullopt;
}

std::optional<Error> may_delete(
    const Caller& caller,
    const model::ThreadView& view,
    const model::Message& message
) {
    if (!sees(caller, view)) return no_such_message();
    if (message.author != caller.user && !owns(view) && !is_admin(caller)) {
        return forbidden("only its author, an owner of the thread or an admin may delete a message"
        );
    }
    if (access_of(view).archived) return archived();
    return std::nullopt;
}

std::optional<Error> may_invite_to(const Caller& caller, const model::ThreadView& view) {
    return may_set_member(caller, view, std::nullopt, model::ThreadRole::member);
}

std::optional<Error> may_create_thread(const Caller& caller) {
    if (caller.role == model::WorkspaceRole::guest) return forbidden("guests don't create threads");
    return std::nullopt;
}

std::optional<Error> may_change(
    const Caller& caller,
    const model::ThreadView& view,
    const model::ChangeThread& change
) {
    if (auto refused = may_manage(caller, view)) return refused;
    if (change.visibility && view.thread.kind != model::ThreadKind::channel)
        return Error{Errc::bad_request, "visibility: only that of a channel can be chosen"};
    // Taking it out of the archive comes first, also within one request.
    const bool revives = change.archived == false;
    const bool archives_only =
        change.archived && !change.name && !change.topic && !change.visibility;
    if (view.thread.archived_at && !revives && !archives_only) return archived();
    return std::nullopt;
}

std::optional<Error> may_set_member(
    const Caller& caller,
    const model::ThreadView& view,
    std::optional<model::ThreadRole> current,
    model::ThreadRole wanted
) {
    const bool adds_to_group = view.thread.kind == model::ThreadKind::group && view.membership &&
                               !current && wanted == model::ThreadRole::member;
    auto refused = adds_to_group ? may_read(caller, view) : may_manage(caller, view);
    if (refused) return refused;
    if (view.thread.archived_at) return archived();
    return std::nullopt;
}

std::optional<Error> may_remove_member(
    const Caller& caller,
    const model::ThreadView& view,
    model::UserId member
) {
    if (!sees(caller, view)) return no_such_thread();
    const bool leaves = member == caller.user && view.thread.kind != model::ThreadKind::direct;
    if (leaves) return std::nullopt;
    return may_manage(caller, view);
}

std::optional<Error> may_set_preferences(const Caller& caller, const model::ThreadView& view) {
    return may_mark_read(caller, view);
}

bool may_mention_all(const Caller& caller, const model::ThreadView& view) {
    return is_admin(caller) || owns(view);
}

}  // namespace banter::service::permissions
