// Whose picture is taken in next: a few of each user at a time, so that one who sends many waits
// for their own and not everybody for them.
#pragma once

#include "base/task.hpp"
#include "model/id.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <list>
#include <utility>

namespace banter::service {

/// For one loop, and so for a part of a user's connections. It outlives its turns.
class PictureTurns {
public:
    /// A turn, until it goes.
    class Turn {
    public:
        Turn(PictureTurns& turns, model::UserId user) : turns_(&turns), user_(user) {}
        ~Turn() {
            if (turns_ != nullptr) turns_->leave(user_);
        }
        Turn(Turn&& other) noexcept
            : turns_(std::exchange(other.turns_, nullptr)), user_(other.user_) {}
        Turn& operator=(Turn&&) = delete;

    private:
        PictureTurns* turns_;
        model::UserId user_;
    };

    /// at_a_time  of one user, at least 1
    explicit PictureTurns(std::size_t at_a_time) : at_a_time_(at_a_time) {}

    /// Waits until the user has fewer turns than they may have; who waits longest is next. How many
    /// may wait is for others to bound.
    [[nodiscard]] Task<Turn> take(model::UserId user);

private:
    struct Waiting;

    /// Of one user.
    struct Line {
        std::size_t turns = 0;
        std::list<Waiting*> waiting;
    };

    void leave(model::UserId user);

    std::size_t at_a_time_;
    boost::unordered_flat_map<model::UserId, Line> lines_;
};

}  // namespace banter::service
