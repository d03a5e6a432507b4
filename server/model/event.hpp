// Everything that clients are told without having asked.
#pragma once

#include "model/message.hpp"
#include "model/thread.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <variant>

namespace banter::model {

/// A message that wasn't there before.
struct MessageNew {
    Message message;
};

/// An edit, a deletion, or a reaction.
struct MessageUpdate {
    Message message;
    std::optional<ReactionChange> reaction;
};

/// Someone began or stopped to type; never stored, takes no rev.
struct TypingUpdate {
    ThreadId thread;
    UserId user;
    bool typing = false;
    std::chrono::milliseconds expires_in{0};
};

/// A user's own read marker, to that user's own sessions. Takes no rev.
struct ReadUpdate {
    ThreadId thread;
    UserId user;
    Seq seq = 0;
    std::uint64_t unread = 0;
    std::uint32_t mentions = 0;
};

using EventBody = std::variant<MessageNew, MessageUpdate, TypingUpdate, ReadUpdate>;

struct Event {
    ThreadId thread;
    /// 0: takes no rev, is not ordered and not repaired.
    Rev rev = 0;
    EventBody body;
};

using SharedEvent = std::shared_ptr<const Event>;

}  // namespace banter::model
