// Once a day, on one node: who is a member of which organization is asked at Clerk, page by page,
// so that what lost hooks would have told is found: who has left has no session there any more, but
// perhaps a personal access token here.
#pragma once

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/task.hpp"
#include "service/clerk_questions.hpp"
#include "service/sweep_claim.hpp"
#include "storage/identity_check_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace banter::service {

class ClerkMemberSweep {
public:
    ClerkMemberSweep(ClerkQuestions& questions, const ClerkDirectoryParts& parts);

    [[nodiscard]] bool is_due() const { return claim_.is_due(); }

    /// Asks one question at most. False: nothing is to be done for a moment.
    [[nodiscard]] Task<bool> go_on();
    /// Something failed: whoever has the next look begins where the database says.
    void drop() { claim_.drop(); }

private:
    /// Where a walk that this node has claimed is. To the others it says which organization was
    /// the last that it was through with.
    struct Place {
        storage::KnownOrganization there;
        /// The last subject that was asked for.
        std::string after;
        /// Those of its page who are to be asked for by themselves.
        std::vector<storage::KnownMember> alone;
    };

    [[nodiscard]] Task<bool> begin_organization();
    [[nodiscard]] Task<bool> ask_page();
    [[nodiscard]] Task<bool> ask_alone();
    [[nodiscard]] Task<bool> end_organization();
    [[nodiscard]] Task<bool> leave();

    ClerkQuestions& questions_;
    storage::IdentityCheckStore& checks_;
    const Clock& clock_;
    metrics::Counter& ended_;
    SweepClaim claim_;
    std::optional<Place> place_;
};

}  // namespace banter::service
