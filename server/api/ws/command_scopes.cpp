#include "api/ws/command_scopes.hpp"

#include <variant>

namespace banter::api::ws {

namespace {

using model::Scope;

// One for each command, so that a new one has to say it.
struct ScopeOf {
    Scope operator()(const wire::Connect&) const { return Scope::read; }
    Scope operator()(const wire::AuthRefresh&) const { return Scope::read; }
    Scope operator()(const wire::Ping&) const { return Scope::read; }
    // Becoming a member by it is for permissions::may_join to allow.
    Scope operator()(const wire::JoinThread&) const { return Scope::read; }
    Scope operator()(const wire::LeaveThread&) const { return Scope::read; }
    Scope operator()(const wire::WatchPresence&) const { return Scope::read; }
    Scope operator()(const model::SendMessage&) const { return Scope::write; }
    Scope operator()(const model::EditMessage&) const { return Scope::write; }
    Scope operator()(const wire::DeleteMessage&) const { return Scope::write; }
    Scope operator()(const wire::React&) const { return Scope::write; }
    Scope operator()(const wire::TypingNotice&) const { return Scope::write; }
    Scope operator()(const wire::MarkRead&) const { return Scope::write; }
    Scope operator()(const wire::SetPresence&) const { return Scope::write; }
};

}  // namespace

model::Scope scope_of(const wire::Command& command) { return std::visit(ScopeOf{}, command); }

}  // namespace banter::api::ws
