// What nodes tell each other. A hint: it may be lost, late or twice, and nobody is told so.
#pragma once

#include "base/task.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace banter::storage {

/// On one loop.
class PubSub {
public:
    virtual ~PubSub() = default;

    /// Called for each thing told on a channel that is wanted, also by this node.
    using Receiver = std::function<void(std::string_view channel, std::string_view bytes)>;
    /// Called when all that is wanted is heard again after a loss: what was told meanwhile is
    /// missing.
    using Anew = std::function<void()>;
    /// Before the start.
    virtual void set_receiver(Receiver receiver, Anew anew) = 0;

    virtual void start() = 0;
    /// The last call.
    [[nodiscard]] virtual Task<> stop() = 0;

    /// Never waits, never fails.
    virtual void publish(std::string_view channel, std::string_view bytes) = 0;

    /// Each want needs an unwant. Never waits.
    virtual void want(std::string_view channel) = 0;
    virtual void unwant(std::string_view channel) = 0;

    /// Returns when the channel, which is wanted, is heard: what is told from now on comes. False:
    /// it is not, or not in time.
    [[nodiscard]] virtual Task<bool> confirmed(
        std::string channel,
        std::chrono::milliseconds within
    ) = 0;

    /// Whether what is published goes anywhere.
    [[nodiscard]] virtual bool is_up() const = 0;
};

}  // namespace banter::storage
