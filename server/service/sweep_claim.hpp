// Which node walks through all that is known of an issuer, and when: once a day, one at a time.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/task.hpp"
#include "storage/identity_check_store.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace banter::service {

class SweepClaim {
public:
    /// Between the end of one walk and the next; by chance up to so much more.
    static constexpr std::chrono::hours every{24};
    static constexpr std::chrono::minutes spread{30};
    /// A node that says nothing of it so long has left it to others.
    static constexpr std::chrono::minutes claimed_for{5};
    /// Between two looks at the database whether one is due; the first comes by chance in so much.
    static constexpr std::chrono::seconds look_every{30};
    static constexpr std::chrono::seconds first_look_within{2};

    /// name: of the walk, the same on all nodes. after: before that it doesn't look.
    SweepClaim(
        std::string name,
        storage::IdentityCheckStore& checks,
        const Clock& clock,
        Random& random,
        std::chrono::seconds after = {}
    );

    [[nodiscard]] bool is_due() const { return had_ || clock_.steady() >= look_at_; }
    [[nodiscard]] bool is_had() const { return had_.has_value(); }
    /// Of the claim that is had: where the walk has come.
    [[nodiscard]] const std::string& after() const { return had_->after; }

    /// False: it is not due, or another node has it.
    [[nodiscard]] Task<bool> take();
    /// The walk has come so far. False: it took too long, and another node has it.
    [[nodiscard]] Task<bool> keep(std::string after);
    /// The walk is through.
    [[nodiscard]] Task<> end();
    /// To be gone on with where it is, by whoever looks first.
    [[nodiscard]] Task<> leave();
    /// As if this node had died.
    void drop() { had_.reset(); }

private:
    const std::string name_;
    storage::IdentityCheckStore& checks_;
    const Clock& clock_;
    Random& random_;
    SteadyTime look_at_;
    std::optional<storage::IdentitySweep> had_;
};

}  // namespace banter::service
