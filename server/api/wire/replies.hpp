// Answers to what a client sent over the socket. Pure; `re` is the request's `id`, absent if it had
// none.
#pragma once

#include "api/wire/entities.hpp"
#include "base/result.hpp"
#include "model/presence.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::api::wire {

using Re = std::optional<std::string>;

struct ConnectedFacts {
    const service::SignedIn& signed_in;
    std::string_view epoch;
    /// Of this connection, for logs and support.
    std::string session_id;
    Timestamp server_time;
};

[[nodiscard]] std::string connected(const Re& re, const ConnectedFacts& facts);
/// A token that never expires is told as null.
[[nodiscard]] std::string auth_refreshed(const Re& re, Timestamp token_expires_at);
[[nodiscard]] std::string thread_joined(
    const Re& re,
    const service::Joined& joined,
    const service::FileLinks& links
);
[[nodiscard]] std::string thread_left(const Re& re, model::ThreadId thread);
/// type: message:sent, message:edited, message:deleted, reaction:added, reaction:removed.
[[nodiscard]] std::string message_answer(
    std::string_view type,
    const Re& re,
    const model::Message& message,
    const service::FileLinks& links
);
[[nodiscard]] std::string read_marked(const Re& re, const service::ReadState& state);
[[nodiscard]] std::string presence_changed(const Re& re, model::Presence presence);
[[nodiscard]] std::string presence_watching(
    const Re& re,
    const std::vector<model::UserPresence>& presences
);
[[nodiscard]] std::string pong(const Re& re, Timestamp server_time);
[[nodiscard]] std::string error(const Re& re, const Error& error);

/// `"threadId":…,"seq":…,"unread":…,"mentions":…`, as it stands in `read:marked` and in the answer
/// over HTTP.
void append_read_state(std::string& out, const service::ReadState& state);

}  // namespace banter::api::wire
