// What nodes call the channels that they tell each other things on, and the keys of what they
// share.
#pragma once

#include "model/event.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace banter::nodes {

/// Installations that share a server do not hear each other: their channels begin with the epoch.
class Channels {
public:
    explicit Channels(std::string_view epoch) : prefix_("banter:" + std::string(epoch) + ":") {}

    /// What concerns those who have to do with the thread.
    [[nodiscard]] std::string of_thread(model::ThreadId thread) const {
        return prefix_ + "t:" + thread.text();
    }
    /// What may concern somebody on any node.
    [[nodiscard]] std::string of_everybody() const { return prefix_ + "all"; }
    /// What nodes know of their own sessions: presence, rates.
    [[nodiscard]] std::string state() const { return prefix_ + "state"; }

    /// What the keys of shared copies begin with.
    [[nodiscard]] std::string cache() const { return prefix_ + "cache:"; }

    /// One like those that are used, for whoever asks whether they may be.
    [[nodiscard]] static std::string_view example() { return "banter:start:all"; }

    /// Empty: no other node needs it.
    [[nodiscard]] std::string of(const model::Event& event) const;

private:
    std::string prefix_;
};

}  // namespace banter::nodes
