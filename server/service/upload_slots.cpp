#include "service/upload_slots.hpp"

#include "base/check.hpp"
#include "model/limits.hpp"

#include <chrono>

namespace banter::service {

UploadSlots::Slot UploadSlots::take(model::UserId user) {
    if (taken_ >= model::limits::uploads_at_once_max) return {};
    std::size_t& own = by_user_[user];
    if (user_max_ > 0 && own >= user_max_) return {};
    ++own;
    ++taken_;
    return {*this, user};
}

Error UploadSlots::refusal() {
    return {
        Errc::rate_limited,
        "too many uploads run at once; wait for one to end",
        std::chrono::seconds(1)};
}

void UploadSlots::leave(model::UserId user) {
    const auto own = by_user_.find(user);
    CHECK(own != by_user_.end() && taken_ > 0);
    --taken_;
    if (--own->second == 0) by_user_.erase(own);
}

}  // namespace banter::service
