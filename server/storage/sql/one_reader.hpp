// Of those who want the same at once, one reads and the others wait for what it found.
#pragma once

#include "base/task.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <memory>

namespace banter::sql {

/// For one loop.
template <typename Key>
class OneReader {
public:
    /// While it lives others wait.
    class Turn {
    public:
        Turn(OneReader& readers, const Key& key, const Executor& loop)
            : readers_(readers),
              key_(key),
              ended_(std::make_shared<Timer>(loop, Timer::time_point::max())) {
            readers_.reading_.emplace(key_, ended_);
        }
        ~Turn() {
            readers_.reading_.erase(key_);
            ended_->cancel();
        }
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

    private:
        OneReader& readers_;
        Key key_;
        std::shared_ptr<Timer> ended_;
    };

    /// Returns when the one who reads this has ended; false, and at once, if nobody does.
    [[nodiscard]] Task<bool> wait(Key key) {
        const auto found = reading_.find(key);
        if (found == reading_.end()) co_return false;
        const std::shared_ptr<Timer> ended = found->second;
        boost::system::error_code woken;
        co_await ended->async_wait(asio::redirect_error(use_task, woken));
        co_return true;
    }

private:
    boost::unordered_flat_map<Key, std::shared_ptr<Timer>> reading_;
};

}  // namespace banter::sql
