#include "api/ws/known_revocations.hpp"

namespace banter::api::ws {

bool KnownRevocations::add(const model::Revocation& revocation) {
    if (revocation.number <= newest_) return false;
    newest_ = revocation.number;
    kept_.push_back(revocation);
    if (kept_.size() > kept_max) {
        forgotten_ = kept_.front().number;
        kept_.pop_front();
    }
    return true;
}

std::optional<model::RevocationReason> KnownRevocations::end_of(const service::Caller& caller
) const {
    // Nobody knows what was missed: to sign in again is always right.
    if (caller.newest_revocation < forgotten_) return model::RevocationReason::signed_out;
    for (auto at = kept_.rbegin(); at != kept_.rend(); ++at) {
        if (at->number <= caller.newest_revocation) break;
        if (service::is_ended_by(caller, *at)) return at->reason;
    }
    return std::nullopt;
}

}  // namespace banter::api::ws
