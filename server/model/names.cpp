// The wire's names of roles, kinds, levels and scopes.
#include "model/presence.hpp"
#include "model/scope.hpp"
#include "model/thread.hpp"
#include "model/user.hpp"

namespace banter::model {

std::string_view wire_name(WorkspaceRole role) {
    switch (role) {
        case WorkspaceRole::owner: return "owner";
        case WorkspaceRole::admin: return "admin";
        case WorkspaceRole::member: return "member";
        case WorkspaceRole::guest: break;
    }
    return "guest";
}

std::string_view wire_name(ThreadKind kind) {
    switch (kind) {
        case ThreadKind::channel: return "channel";
        case ThreadKind::direct: return "direct";
        case ThreadKind::group: return "group";
        case ThreadKind::reply: break;
    }
    return "reply";
}

std::string_view wire_name(Visibility visibility) {
    return visibility == Visibility::public_ ? "public" : "private";
}

std::string_view wire_name(ThreadRole role) {
    return role == ThreadRole::owner ? "owner" : "member";
}

std::string_view wire_name(Level level) {
    switch (level) {
        case Level::all: return "all";
        case Level::mentions: return "mentions";
        case Level::none: break;
    }
    return "none";
}

std::string_view wire_name(Scope scope) {
    switch (scope) {
        case Scope::read: return "read";
        case Scope::write: return "write";
        case Scope::threads: return "threads";
        case Scope::profile: return "profile";
        case Scope::admin: break;
    }
    return "admin";
}

std::optional<Scope> parse_scope(std::string_view name) {
    for (const auto scope : all_scopes) {
        if (wire_name(scope) == name) return scope;
    }
    return std::nullopt;
}

std::optional<ThreadKind> parse_thread_kind(std::string_view name) {
    for (const auto kind :
         {ThreadKind::channel, ThreadKind::direct, ThreadKind::group, ThreadKind::reply}) {
        if (wire_name(kind) == name) return kind;
    }
    return std::nullopt;
}

std::optional<Visibility> parse_visibility(std::string_view name) {
    for (const auto visibility : {Visibility::public_, Visibility::private_}) {
        if (wire_name(visibility) == name) return visibility;
    }
    return std::nullopt;
}

std::optional<ThreadRole> parse_thread_role(std::string_view name) {
    for (const auto role : {ThreadRole::owner, ThreadRole::member}) {
        if (wire_name(role) == name) return role;
    }
    return std::nullopt;
}

std::optional<WorkspaceRole> parse_workspace_role(std::string_view name) {
    using enum WorkspaceRole;
    for (const auto role : {owner, admin, member, guest}) {
        if (wire_name(role) == name) return role;
    }
    return std::nullopt;
}

std::optional<Level> parse_level(std::string_view name) {
    for (const auto level : {Level::all, Level::mentions, Level::none}) {
        if (wire_name(level) == name) return level;
    }
    return std::nullopt;
}

std::string_view wire_name(SignUp who) {
    switch (who) {
        case SignUp::open: return "open";
        case SignUp::invite: return "invite";
        case SignUp::closed: break;
    }
    return "closed";
}

std::optional<SignUp> parse_sign_up(std::string_view name) {
    for (const auto who : {SignUp::open, SignUp::invite, SignUp::closed}) {
        if (wire_name(who) == name) return who;
    }
    return std::nullopt;
}

std::string_view wire_name(Presence presence) {
    switch (presence) {
        case Presence::online: return "online";
        case Presence::away: return "away";
        case Presence::dnd: return "dnd";
        case Presence::offline: break;
    }
    return "offline";
}

std::optional<Presence> parse_presence(std::string_view name) {
    for (const auto presence : {Presence::online, Presence::away, Presence::dnd}) {
        if (wire_name(presence) == name) return presence;
    }
    return std::nullopt;
}

}  // namespace banter::model
