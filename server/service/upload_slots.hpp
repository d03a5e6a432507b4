// How many uploads may run at once: each takes up memory and a place at the store for as long as
// its client likes.
#pragma once

#include "base/result.hpp"
#include "model/id.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>

namespace banter::service {

/// For one loop, and so for a part of a user's connections.
class UploadSlots {
public:
    /// The slot of one upload, while it lives; empty if there was none to be had.
    class Slot {
    public:
        Slot() = default;
        Slot(UploadSlots& slots, model::UserId user) : slots_(&slots), user_(user) {}
        ~Slot() {
            if (slots_ != nullptr) slots_->leave(user_);
        }
        Slot(const Slot&) = delete;
        Slot& operator=(const Slot&) = delete;
        Slot(Slot&&) = delete;
        Slot& operator=(Slot&&) = delete;

        [[nodiscard]] explicit operator bool() const { return slots_ != nullptr; }

    private:
        UploadSlots* slots_ = nullptr;
        model::UserId user_;
    };

    /// user_max  of one user; 0: no limit
    explicit UploadSlots(std::size_t user_max) : user_max_(user_max) {}

    [[nodiscard]] Slot take(model::UserId user);
    /// What who got no slot is told: rate_limited.
    [[nodiscard]] static Error refusal();

private:
    void leave(model::UserId user);

    std::size_t user_max_;
    std::size_t taken_ = 0;
    boost::unordered_flat_map<model::UserId, std::size_t> by_user_;
};

}  // namespace banter::service
