// Once a day, on one node: everybody who has been here by way of Clerk is asked for there, page by
// page, so that what lost hooks would have told is found.
#pragma once

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/random.hpp"
#include "base/task.hpp"
#include "service/clerk_questions.hpp"
#include "storage/identity_check_store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace banter::service {

class ClerkSweep {
public:
    /// Between the end of one and the next; by chance up to so much more.
    static constexpr std::chrono::hours every{24};
    static constexpr std::chrono::minutes spread{30};
    /// A node that says nothing of it so long has left it to others.
    static constexpr std::chrono::minutes claimed_for{5};
    /// Between two looks at the database whether one is due. The first comes within two seconds.
    static constexpr std::chrono::seconds look_every{30};

    ClerkSweep(ClerkQuestions& questions, const ClerkDirectoryParts& parts);

    [[nodiscard]] bool is_due() const { return had_ || clock_.steady() >= look_at_; }

    /// Asks one question at most. False: nothing is to be done for a moment.
    [[nodiscard]] Task<bool> go_on();
    /// Something failed: whoever has the next look begins where the database says.
    void drop() { had_.reset(); }

private:
    /// The sweep that this node has claimed.
    struct Had {
        storage::IdentitySweep claim;
        /// That was asked for last.
        std::vector<storage::KnownIdentity> page;
        /// Those of it who are to be asked for by themselves.
        std::vector<storage::KnownIdentity> alone;
        std::size_t looked_at = 0;
    };

    [[nodiscard]] Task<bool> begin();
    [[nodiscard]] Task<bool> begin_page();
    [[nodiscard]] Task<bool> ask_alone();
    [[nodiscard]] Task<> take(storage::KnownIdentity known, const ClerkAnswer& answer);
    [[nodiscard]] Task<bool> end_page();
    [[nodiscard]] Task<bool> end();
    /// To be gone on with where the last page ended.
    [[nodiscard]] Task<bool> leave();

    ClerkQuestions& questions_;
    storage::IdentityCheckStore& checks_;
    const Clock& clock_;
    Random& random_;
    metrics::Counter& ended_;
    SteadyTime look_at_;
    std::optional<Had> had_;
};

}  // namespace banter::service
