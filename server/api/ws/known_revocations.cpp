#include "api/ws/known_revocations.hpp"

#include <algorithm>

namespace banter::api::ws {

bool KnownRevocations::add(const model::Revocation& revocation) {
    // Which of these were acted on is not known any more: once more is right, and missing is not.
    if (revocation.number <= forgotten_) return revocation.number > all_up_to_;
    const auto place =
        std::ranges::lower_bound(kept_, revocation.number, {}, &model::Revocation::number);
    if (place != kept_.end() && place->number == revocation.number) return false;
    kept_.insert(place, revocation);
    if (kept_.size() > kept_max) {
        forgotten_ = kept_.front().number;
        kept_.pop_front();
    }
    return true;
}

void KnownRevocations::note_all_up_to(std::uint64_t number) {
    all_up_to_ = std::max(all_up_to_, number);
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
