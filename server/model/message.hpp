// A chat message, and what a client asks for to make or change one.
#pragma once

#include "base/clock.hpp"
#include "model/file.hpp"
#include "model/id.hpp"
#include "model/thread.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace banter::model {

struct Reaction {
    std::string emoji;
    std::uint32_t count = 0;
    /// The first limits::reaction_users_named_max who reacted so, in their order.
    std::vector<UserId> users;
    /// Whether the asking user did; false in what is broadcast.
    bool mine = false;
};

/// The replies to a message, as the message shows them: brought up to date at the first reply, and
/// then at most once in limits::reply_summary_interval.
struct ReplySummary {
    ThreadId thread;
    std::uint64_t count = 0;
    Timestamp last_reply_at;
    /// When the message was last changed for it.
    Timestamp changed_at;
    /// Who replied first, at most limits::reply_users_named_max.
    std::vector<UserId> users;

    friend bool operator==(const ReplySummary&, const ReplySummary&) = default;
};

/// A deleted message stays as a tombstone: no content, files, mentions or reactions, `deleted_at`
/// set.
struct Message {
    MessageId id;
    ThreadId thread;
    Seq seq = 0;
    /// The change of the thread that last touched this message.
    Rev rev = 0;
    UserId author;
    Nonce nonce;
    /// Markdown, as sent.
    std::string content;
    std::vector<File> attachments;
    std::vector<UserId> mentions;
    bool mentions_all = false;
    std::optional<MessageId> reply_to;
    std::vector<Reaction> reactions;
    std::optional<ReplySummary> reply_thread;
    Timestamp created_at;
    std::optional<Timestamp> edited_at;
    std::optional<Timestamp> deleted_at;
};

/// At least as many bytes as the message takes as JSON on the wire, its user list aside.
[[nodiscard]] std::size_t wire_size_bound(const Message& message);

/// SHA-256 over what the client asked for, so that a repeated nonce can be told from a reused one.
using RequestHash = std::array<std::uint8_t, 32>;

struct SendMessage {
    ThreadId thread;
    Nonce nonce;
    /// 1 to limits::content_bytes_max bytes, storable text; with attachments it may be empty.
    std::string content;
    /// At most limits::attachments_max, each once: files of the sender's that are in no message.
    std::vector<FileId> attachments;
    std::optional<MessageId> reply_to;
};

struct EditMessage {
    MessageId message;
    std::string content;
    /// The change is refused as conflict if the message's rev is another by now.
    std::optional<Rev> if_rev;
};

/// A message as one user gets it back, and whether the request changed anything.
struct MessageChange {
    Message message;
    bool changed = false;
};

struct ReactionChange {
    std::string emoji;
    UserId user;
    bool added = false;
};

}  // namespace banter::model
