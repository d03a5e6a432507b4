// What failed lately and is left alone for a while, so that what comes after it goes on.
#pragma once

#include "base/backoff.hpp"
#include "base/clock.hpp"

#include <chrono>
#include <cstddef>
#include <map>

namespace banter::service {

/// In memory only: after a restart everything is tried at once.
template <typename Key>
class Setbacks {
public:
    explicit Setbacks(const Clock& clock) : clock_(clock) {}

    /// Whether it failed, and is not to be tried yet.
    [[nodiscard]] bool waits(const Key& key) const {
        const auto found = setbacks_.find(key);
        return found != setbacks_.end() && !found->second.is_due(clock_.steady());
    }

    /// It is tried again after 1 s, then 2, 4, … up to an hour.
    void failed(const Key& key) {
        // Beyond that nobody remembers, and all are tried again.
        if (setbacks_.size() >= count_max) setbacks_.clear();
        setbacks_.try_emplace(key, pause_max).first->second.failed(clock_.steady());
    }

    void succeeded(const Key& key) { setbacks_.erase(key); }

    [[nodiscard]] std::size_t size() const { return setbacks_.size(); }

private:
    static constexpr std::chrono::seconds pause_max{3600};
    static constexpr std::size_t count_max = 1'000;

    const Clock& clock_;
    std::map<Key, Backoff> setbacks_;
};

}  // namespace banter::service
