#include "service/caller.hpp"

#include <string>

namespace banter::service {

bool is_ended_by(const Caller& caller, const model::Revocation& revocation) {
    if (revocation.thread || revocation.user != caller.user) return false;
    // Whoever was let in after it was let in with what it had left.
    if (revocation.number <= caller.newest_revocation) return false;
    if (revocation.others) {
        return caller.sign_in && !caller.by_access_token && caller.sign_in != revocation.sign_in;
    }
    return !revocation.sign_in || revocation.sign_in == caller.sign_in;
}

std::optional<Error> out_of_scope(const Caller& caller, model::Scope scope) {
    if (!caller.scopes || caller.scopes->has(scope)) return std::nullopt;
    const std::string name(model::wire_name(scope));
    return Error{Errc::forbidden, "the token lacks the scope \"" + name + "\""};
}

}  // namespace banter::service
