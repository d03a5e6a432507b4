// What clients send over the socket: JSON text -> values that can't be wrong in form. Pure.
#pragma once

#include "base/result.hpp"
#include "model/message.hpp"
#include "model/presence.hpp"
#include "model/thread.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace banter::api::wire {

struct Connect {
    std::string token;
};

struct AuthRefresh {
    std::string token;
};

struct JoinThread {
    model::ThreadId thread;
    std::optional<model::Rev> since;
    std::optional<std::string> epoch;
};

struct LeaveThread {
    model::ThreadId thread;
};

struct DeleteMessage {
    model::MessageId message;
};

struct React {
    model::MessageId message;
    std::string emoji;
    bool add = true;
};

struct TypingNotice {
    model::ThreadId thread;
    bool typing = false;
};

struct MarkRead {
    model::ThreadId thread;
    model::Seq seq = 0;
};

struct SetPresence {
    model::Presence presence = model::Presence::online;
};

struct WatchPresence {
    std::vector<model::UserId> users;
};

struct Ping {};

using Command = std::variant<
    Connect,
    AuthRefresh,
    JoinThread,
    LeaveThread,
    model::SendMessage,
    model::EditMessage,
    DeleteMessage,
    React,
    TypingNotice,
    MarkRead,
    SetPresence,
    WatchPresence,
    Ping>;

/// A text frame, read. `id` is the client's, to be answered as `re`, if it could be read at all.
struct Request {
    std::optional<std::string> id;
    /// Or why not: bad_request, unknown_field, too_large.
    Result<Command> command;
    /// No JSON object, or no known `type`: ten in a row close the connection.
    bool malformed = false;
};

/// At most limits of depth 32; numbers for seq and rev are integers from 0 to 2^53; duplicate
/// members are bad_request.
[[nodiscard]] Request parse_request(std::string_view text);

/// Every `type` that is known, such as "message:send".
[[nodiscard]] std::span<const std::string_view> command_types();

}  // namespace banter::api::wire
