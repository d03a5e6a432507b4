#include "service/permissions.hpp"

#include "service/refusals.hpp"

namespace banter::service::permissions {

namespace {

Error forbidden(std::string detail) { return {Errc::forbidden, std::move(detail)}; }

Error archived() { return {Errc::conflict, "the thread is archived"}; }

bool is_admin(const Caller& caller) {
    return caller.role == model::WorkspaceRole::owner || caller.role == model::WorkspaceRole::admin;
}

bool is_public_channel(const model::Thread& thread) {
    return thread.kind == model::ThreadKind::channel &&
           thread.visibility == model::Visibility::public_;
}

bool sees(const Caller& caller, const model::ThreadView& view) {
    if (view.thread.workspace != caller.workspace) return false;
    // Membership of a reply thread gives nothing: its parent decides, and this view doesn't show
    // it.
    if (view.thread.kind == model::ThreadKind::reply) return false;
    if (view.membership) return true;
    return caller.role != model::WorkspaceRole::guest && is_public_channel(view.thread);
}

}  // namespace

std::optional<Error> may_read(const Caller& caller, const model::ThreadView& view) {
    if (!sees(caller, view)) return no_such_thread();
    return std::nullopt;
}

std::optional<Error> may_join(const Caller& caller, const model::ThreadView& view) {
    if (!sees(caller, view)) return no_such_thread();
    if (!view.membership && view.thread.archived_at) return archived();
    return std::nullopt;
}

std::optional<Error> may_write(const Caller& caller, const model::ThreadView& view) {
    if (auto refused = may_mark_read(caller, view)) return refused;
    if (view.thread.archived_at) return archived();
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
    if (!view.membership || message.author != caller.user) {
        return forbidden("only its author may edit a message, as a member of the thread");
    }
    if (view.thread.archived_at) return archived();
    return std::nullopt;
}

std::optional<Error> may_delete(
    const Caller& caller,
    const model::ThreadView& view,
    const model::Message& message
) {
    if (!sees(caller, view)) return no_such_message();
    const bool owns_thread = view.membership && view.membership->role == model::ThreadRole::owner;
    if (message.author != caller.user && !owns_thread && !is_admin(caller)) {
        return forbidden("only its author, an owner of the thread or an admin may delete a message"
        );
    }
    if (view.thread.archived_at) return archived();
    return std::nullopt;
}

std::optional<Error> may_create_thread(const Caller& caller) {
    if (caller.role == model::WorkspaceRole::guest) return forbidden("guests don't create threads");
    return std::nullopt;
}

bool may_mention_all(const Caller& caller, const model::ThreadView& view) {
    return is_admin(caller) ||
           (view.membership && view.membership->role == model::ThreadRole::owner);
}

}  // namespace banter::service::permissions
