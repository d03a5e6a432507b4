// Once a day, on one node: everybody who has been here by way of Clerk is asked for there, page by
// page, so that what lost hooks would have told is found.
#pragma once

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/task.hpp"
#include "service/clerk_questions.hpp"
#include "service/sweep_claim.hpp"
#include "storage/identity_check_store.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace banter::service {

class ClerkSweep {
public:
    ClerkSweep(ClerkQuestions& questions, const ClerkDirectoryParts& parts);

    [[nodiscard]] bool is_due() const { return claim_.is_due(); }

    /// Asks one question at most. False: nothing is to be done for a moment.
    [[nodiscard]] Task<bool> go_on();
    /// Something failed: whoever has the next look begins where the database says.
    void drop() { claim_.drop(); }

private:
    /// Of a sweep that this node has claimed.
    struct State {
        /// That was asked for last.
        std::vector<storage::KnownIdentity> page;
        /// Those of it who are to be asked for by themselves.
        std::vector<storage::KnownIdentity> alone;
        std::size_t looked_at = 0;
    };

    [[nodiscard]] Task<bool> begin_page();
    [[nodiscard]] Task<bool> ask_alone();
    [[nodiscard]] Task<> take(storage::KnownIdentity known, const ClerkAnswer& answer);
    [[nodiscard]] Task<bool> end_page();
    [[nodiscard]] Task<> end();

    ClerkQuestions& questions_;
    storage::IdentityCheckStore& checks_;
    const Clock& clock_;
    metrics::Counter& ended_;
    SweepClaim claim_;
    State state_;
};

}  // namespace banter::service
