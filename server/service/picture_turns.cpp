#include "service/picture_turns.hpp"

#include "base/check.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

namespace banter::service {

/// Someone in a line, who leaves it when they are called or go.
struct PictureTurns::Waiting {
    Waiting(PictureTurns& turns, model::UserId whose, Executor loop)
        : owner(turns), user(whose), called(loop, Timer::time_point::max()) {
        owner.lines_[whose].waiting.push_back(this);
    }
    ~Waiting() {
        if (!has_turn) owner.lines_[user].waiting.remove(this);
    }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

    PictureTurns& owner;
    model::UserId user;
    Timer called;
    bool has_turn = false;
};

Task<PictureTurns::Turn> PictureTurns::take(model::UserId user) {
    if (lines_[user].turns < at_a_time_) {
        ++lines_[user].turns;
        co_return Turn(*this, user);
    }
    const Executor loop = co_await asio::this_coro::executor;
    Waiting waiting(*this, user, loop);
    boost::system::error_code woken;
    co_await waiting.called.async_wait(asio::redirect_error(use_task, woken));
    if (!waiting.has_turn) throw boost::system::system_error(asio::error::operation_aborted);
    co_return Turn(*this, user);
}

void PictureTurns::leave(model::UserId user) {
    const auto found = lines_.find(user);
    CHECK(found != lines_.end() && found->second.turns > 0);
    Line& line = found->second;
    if (line.waiting.empty()) {
        if (--line.turns == 0) lines_.erase(found);
        return;
    }
    // The turn goes to the next one, so that nobody comes between.
    Waiting* next = line.waiting.front();
    line.waiting.pop_front();
    next->has_turn = true;
    next->called.cancel();
}

}  // namespace banter::service
