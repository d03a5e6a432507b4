// The users of an instance of Clerk as its Backend API has them: whoever signs in is asked for once
// a day, and once a day everybody who has been here, and who is in which organization, so that no
// hook that was lost is missed.
//
// All of it lives on the first loop and works in the background: nobody waits for Clerk.
#pragma once

#include "base/sharded.hpp"
#include "base/task_group.hpp"
#include "service/clerk_member_sweep.hpp"
#include "service/clerk_questions.hpp"
#include "service/clerk_sweep.hpp"
#include "service/lately.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace banter::service {

class ClerkDirectory {
public:
    /// Who is asked for is left alone by other nodes, unless that takes longer.
    static constexpr std::chrono::minutes claimed_for{5};
    /// Whom Clerk doesn't have when it is asked for the first time is asked for again after this.
    static constexpr std::chrono::minutes doubted_for{5};
    static constexpr std::size_t at_once_max = 8;
    /// Who comes when so many wait is asked for at a later sign-in.
    static constexpr std::size_t waiting_max = 10'000;
    /// Whoever was asked for so often without an answer is, too.
    static constexpr int attempts_max = 5;

    ClerkDirectory(
        ClerkDirectoryRules rules,
        const ClerkDirectoryParts& parts,
        ClerkQuestions::Ask ask
    );
    ~ClerkDirectory();
    ClerkDirectory(const ClerkDirectory&) = delete;
    ClerkDirectory& operator=(const ClerkDirectory&) = delete;

    /// A token of this user has counted, on the loop of this index.
    void see(std::size_t loop, std::string_view subject);

    /// On the first loop, several times a second: begins what is due.
    void go_on();

    /// On the first loop: returns when nothing that was begun is under way.
    [[nodiscard]] Task<> settle() { return tasks_.wait(); }

    /// On the first loop: ends everything, also what Clerk has not answered yet.
    [[nodiscard]] Task<> stop();

private:
    struct Waiting {
        std::string subject;
        /// Where it is remembered that they were seen.
        std::size_t loop = 0;
        int attempts = 0;
        bool claimed = false;
        /// Before this claim.
        bool asked_before = false;
    };
    class UnderWay;

    void add(Waiting waiting);
    /// The next sign-in on that loop asks again.
    void forget(const Waiting& waiting);
    [[nodiscard]] std::optional<Waiting> next();
    [[nodiscard]] Task<> work();
    [[nodiscard]] Task<> look_up(Waiting asked);
    [[nodiscard]] Task<> sweep();

    storage::IdentityCheckStore& checks_;
    const Clock& clock_;
    const Loops loops_;
    metrics::Gauge& waiting_count_;
    metrics::Counter& dropped_;
    Sharded<Lately> seen_;

    // Of the first loop:
    ClerkQuestions questions_;
    ClerkSweep sweep_;
    ClerkMemberSweep member_sweep_;
    bool sweeping_ = false;
    std::deque<Waiting> waiting_;
    /// Those who wait, and those who are under way.
    boost::unordered_flat_set<std::string> asked_for_;
    std::size_t working_ = 0;
    /// Of those, who have not begun yet.
    std::size_t starting_ = 0;
    bool stopping_ = false;
    TaskGroup tasks_;
};

}  // namespace banter::service
