// What the services answer with, as plain values: api/wire encodes them and sees no I/O.
#pragma once

#include "model/message.hpp"
#include "model/thread.hpp"
#include "model/user.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace banter::service {

/// A read marker and what lies above it.
struct ReadState {
    model::ThreadId thread;
    model::Seq seq = 0;
    std::uint64_t unread = 0;
    std::uint32_t mentions = 0;
};

/// What a join answers with.
struct Joined {
    model::ThreadView view;
    /// Ascending by seq for a first join, ascending by rev for a resumed one.
    std::vector<model::Message> messages;
    std::vector<model::User> users;
    /// The point that this answer reaches.
    model::Rev rev = 0;
    bool complete = true;
    /// The client drops its copy: its epoch is another, or its rev is from a history that is gone.
    bool reset = false;
};

struct MessagesPage {
    std::vector<model::Message> messages;
    std::vector<model::User> users;
    bool more_before = false;
    bool more_after = false;
};

/// Who reacted to a message with one emoji: a page of them, in their order, and how many all are.
struct Reacted {
    std::vector<model::User> users;
    std::uint64_t count = 0;
    std::optional<std::string> next;
};

}  // namespace banter::service
