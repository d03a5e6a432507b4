// Who was seen lately, in bounded memory: forgotten after half an hour to an hour, or sooner if
// there are very many.
#pragma once

#include "base/clock.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace banter::service {

class Lately {
public:
    static constexpr std::chrono::minutes remembered_for{30};
    /// Of each half.
    static constexpr std::size_t names_max = 5'000;

    /// Remembers the name. False: it was seen lately.
    [[nodiscard]] bool add(std::string_view name, SteadyTime now) {
        if (now - turned_at_ >= remembered_for || young_.size() >= names_max) turn(now);
        std::string known(name);
        if (young_.contains(known) || old_.contains(known)) return false;
        young_.insert(std::move(known));
        return true;
    }

    void forget(const std::string& name) {
        young_.erase(name);
        old_.erase(name);
    }

private:
    void turn(SteadyTime now) {
        const bool all_are_old = now - turned_at_ >= 2 * remembered_for;
        old_ = std::exchange(young_, {});
        if (all_are_old) old_.clear();
        turned_at_ = now;
    }

    boost::unordered_flat_set<std::string> young_, old_;
    SteadyTime turned_at_{};
};

}  // namespace banter::service
