// What the Backend API of Clerk is asked, and what it answers.
#pragma once

#include "service/clerk_event.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace banter::service {

struct ClerkQuestion {
    std::vector<std::string> subjects;
    /// Which of them are members of it. Nothing: what is known of them as users.
    std::optional<std::string> organization;
};

struct ClerkAnswer {
    enum class Kind {
        users,    // those it has of whom it was asked for
        members,  // those of whom it was asked for who are members
        gone,     // it has nobody of the one id, or no such organization
        useless,  // it can't be used, and would be the same again
        limited,  // it was asked too much
        away      // it can't answer now
    };

    Kind kind = Kind::away;
    std::vector<ClerkUser> users;
    std::vector<ClerkMember> members;
    /// Of `limited`: as long as it wants to be left alone; zero: it doesn't say.
    std::chrono::milliseconds retry_after{0};
    /// Unless it is `users` or `members`: for the operator's log; never the key.
    std::string why;
};

inline constexpr std::size_t clerk_answer_kinds =
    static_cast<std::size_t>(ClerkAnswer::Kind::away) + 1;

}  // namespace banter::service
