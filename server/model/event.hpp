// Everything that clients are told without having asked.
#pragma once

#include "model/message.hpp"
#include "model/presence.hpp"
#include "model/thread.hpp"
#include "model/user.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
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

/// A read marker: to the user's own sessions with the counts, and in small private conversations
/// without them to the others. Takes no rev.
struct ReadUpdate {
    ThreadId thread;
    UserId user;
    Seq seq = 0;
    std::uint64_t unread = 0;
    std::uint32_t mentions = 0;
    /// Whether those of the others who have joined the thread are told; never of the counts.
    bool tells_others = false;
};

/// A rename, a topic, another visibility, an archiving.
struct ThreadUpdate {
    Thread thread;
};

/// Somebody came, got another role, or went; or changed what the thread may tell them.
struct MemberUpdate {
    ThreadId thread;
    UserId user;
    /// Nothing: no member any more.
    std::optional<ThreadRole> role;
    /// Of `user`, whose own sessions alone are told so.
    Level level = Level::all;
    std::optional<Timestamp> muted_until;
    /// After the change. The thread is told only up to limits::members_told_max.
    std::uint64_t member_count = 0;
};

/// The user can't see the thread any more: to the user's own sessions.
struct ThreadRemoved {
    ThreadId thread;
    UserId user;
};

/// There is something new in a thread that the session has not joined.
struct ThreadActivity {
    ThreadId thread;
    Seq seq = 0;
    std::vector<UserId> mentioned;
    bool mentioned_all = false;
};

/// Name, picture, status: to the user's own sessions and those that watch the user.
struct UserUpdate {
    User user;
};

/// To those that watch the user.
struct PresenceUpdate {
    UserId user;
    Presence presence = Presence::offline;
    Timestamp last_active_at;
};

/// Why a user may not stay connected.
enum class RevocationReason : std::uint8_t {
    signed_out,
    stolen,
    password_changed,
    token_revoked,
    role_changed,
    deactivated,
    deleted,
    /// A thread that was open to everybody became private; nobody's sign-in ends.
    thread_closed
};

/// Access that has ended. Nobody is told by it; every loop acts on it before it delivers anything
/// that was committed later.
struct Revocation {
    /// Where it stands among those of users, which are kept; 0: of a thread.
    std::uint64_t number = 0;
    /// Nothing: everybody who isn't a member of `thread`.
    std::optional<UserId> user;
    /// Ends what the user gets of this thread and of the replies to its messages.
    std::optional<ThreadId> thread;
    /// Ends this sign-in or personal access token. With neither, all of the user's.
    std::optional<SignInId> sign_in;
    /// Not `sign_in` but the user's other sign-ins end, and no access token.
    bool others = false;
    RevocationReason reason = RevocationReason::signed_out;
};

using EventBody = std::variant<
    MessageNew,
    MessageUpdate,
    TypingUpdate,
    ReadUpdate,
    ThreadUpdate,
    MemberUpdate,
    ThreadRemoved,
    ThreadActivity,
    UserUpdate,
    PresenceUpdate,
    Revocation>;

struct Event {
    /// Zeros for what concerns no thread.
    ThreadId thread;
    /// 0: takes no rev, is not ordered and not repaired.
    Rev rev = 0;
    EventBody body;
};

/// The hash of what the event has its home by: its thread, or else its user.
[[nodiscard]] std::size_t home_hash(const Event& event);

using SharedEvent = std::shared_ptr<const Event>;

}  // namespace banter::model
