// Questions to the Backend API of Clerk: how many, when, and what follows from the answers here.
// All of it on one loop.
#pragma once

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/random.hpp"
#include "base/sharded.hpp"
#include "model/id.hpp"
#include "service/clerk_answer.hpp"
#include "storage/hook_store.hpp"
#include "storage/identity_check_store.hpp"
#include "storage/rate_limiter.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace banter::service {

struct ClerkDirectoryRules {
    /// Of the instance's tokens.
    std::string issuer;
    model::WorkspaceId workspace;
    /// Of questions to Clerk, from all nodes together.
    storage::Rate rate;
};

/// All outlive who asks; but for the loops and the clock they are used on the first loop only.
struct ClerkDirectoryParts {
    const Loops& loops;
    storage::HookStore& hooks;
    storage::IdentityCheckStore& checks;
    storage::RateLimiter& rates;
    const Clock& clock;
    Random& random;
    model::IdMaker& ids;
    metrics::Registry& registry;
};

class ClerkQuestions {
public:
    /// Asks for one user, or for several in a list, page_max at most. Ends by itself, and at once
    /// if it is cancelled.
    using Ask = std::function<Task<ClerkAnswer>(ClerkQuestion question)>;

    /// Whoever was asked for is not asked for again so long.
    static constexpr std::chrono::hours fresh_for{24};
    /// The most that Clerk takes in one question.
    static constexpr std::size_t page_max = 100;
    /// What is so new may not be known everywhere at Clerk.
    static constexpr std::chrono::minutes settled_within{5};
    /// Between two questions while Clerk doesn't answer, and after one that it found too many.
    static constexpr std::chrono::seconds pause_max{60};
    static constexpr std::chrono::minutes limited_max{10};

    ClerkQuestions(ClerkDirectoryRules rules, const ClerkDirectoryParts& parts, Ask ask);

    [[nodiscard]] const ClerkDirectoryRules& rules() const { return rules_; }
    /// Whether anything may be asked now.
    [[nodiscard]] bool is_open() const;
    /// Whether the last answer was none.
    [[nodiscard]] bool away() const { return away_; }
    /// Whether Clerk has named anybody yet who has been here. With the key of another instance it
    /// never does: until then nobody is believed to be gone.
    [[nodiscard]] bool proven() const { return proven_; }

    /// Takes one from the rate. False: there is none, and is_open() says when to try again.
    [[nodiscard]] Task<bool> permit();
    /// Is permitted.
    [[nodiscard]] Task<ClerkAnswer> ask(ClerkQuestion question);

    /// Has what the answer says of one who was asked for follow here, if it is new. The end of a
    /// user is for good, and whoever has just come may not be known everywhere at Clerk: nobody is
    /// gone of whom that was not `asked_before`.
    [[nodiscard]] Task<> take(
        storage::KnownIdentity known,
        const ClerkAnswer& answer,
        bool asked_before
    );

    /// The same of a member of an organization. Whoever is none any more left when that was asked
    /// at the latest; of whom something was said shortly before, that may not be known everywhere
    /// at Clerk.
    [[nodiscard]] Task<> take_member(
        storage::KnownOrganization there,
        storage::KnownMember known,
        const ClerkAnswer& answer,
        Timestamp asked_at
    );

private:
    /// What was answered is taken as a hook that says so would be.
    [[nodiscard]] storage::Hook about(model::WorkspaceId workspace, std::string subject) const;
    void note(const ClerkAnswer& answer, SteadyTime asked_at);
    void note_proof(const ClerkAnswer& answer, const ClerkQuestion& question);

    const ClerkDirectoryRules rules_;
    storage::HookStore& hooks_;
    storage::RateLimiter& rates_;
    const Clock& clock_;
    model::IdMaker& ids_;
    Ask ask_;
    /// By ClerkAnswer::Kind.
    std::array<metrics::Counter*, clerk_answer_kinds> asked_;
    metrics::Counter& taken_;

    SteadyTime open_at_{};
    Backoff backoff_{pause_max};
    SteadyTime failed_at_ = SteadyTime::min();
    bool away_ = false;
    bool proven_ = false;
};

/// Whom the answer names as `subject`, or null.
[[nodiscard]] const ClerkUser* find_user(const ClerkAnswer& answer, std::string_view subject);
[[nodiscard]] const ClerkMember* find_member(const ClerkAnswer& answer, std::string_view subject);

/// Whether the answer settles what was asked.
[[nodiscard]] inline bool is_final(const ClerkAnswer& answer) {
    return answer.kind != ClerkAnswer::Kind::limited && answer.kind != ClerkAnswer::Kind::away;
}

/// Whether it is an id as Clerk makes them, which is part of a URL as it is: what begins with a
/// sign, or has a point, would be read as something else there.
[[nodiscard]] bool is_clerk_id(std::string_view subject);

}  // namespace banter::service
