// What the Backend API of Clerk answers when it is asked for users.
#pragma once

#include "service/clerk_event.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace banter::service {

struct ClerkAnswer {
    enum class Kind {
        users,    // those it has of whom it was asked for
        gone,     // it was asked for one, and says that it has nobody of this id
        useless,  // it can't be used, and would be the same again
        limited,  // it was asked too much
        away      // it can't answer now
    };

    Kind kind = Kind::away;
    std::vector<ClerkUser> users;
    /// Of `limited`: as long as it wants to be left alone; zero: it doesn't say.
    std::chrono::milliseconds retry_after{0};
    /// Unless it is `users`: for the operator's log; never the key.
    std::string why;
};

inline constexpr std::size_t clerk_answer_kinds =
    static_cast<std::size_t>(ClerkAnswer::Kind::away) + 1;

}  // namespace banter::service
