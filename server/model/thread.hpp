// A thread is any conversation: a channel, a direct talk, a group, the replies to a message.
#pragma once

#include "base/clock.hpp"
#include "model/id.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::model {

/// Position of a message in its thread: 1, 2, 3 … without gaps.
using Seq = std::uint64_t;
/// Number of a change in a thread: 1, 2, 3 … without gaps.
using Rev = std::uint64_t;

enum class ThreadKind : std::uint8_t { channel, direct, group, reply };
enum class Visibility : std::uint8_t { public_, private_ };
enum class ThreadRole : std::uint8_t { owner, member };
/// What a member wants to be told of.
enum class Level : std::uint8_t { all, mentions, none };

[[nodiscard]] std::string_view wire_name(ThreadKind kind);
[[nodiscard]] std::string_view wire_name(Visibility visibility);
[[nodiscard]] std::string_view wire_name(ThreadRole role);
[[nodiscard]] std::string_view wire_name(Level level);
[[nodiscard]] std::optional<ThreadKind> parse_thread_kind(std::string_view name);
[[nodiscard]] std::optional<Visibility> parse_visibility(std::string_view name);
[[nodiscard]] std::optional<ThreadRole> parse_thread_role(std::string_view name);
[[nodiscard]] std::optional<Level> parse_level(std::string_view name);

struct ParentMessage {
    ThreadId thread;
    MessageId message;
};

struct Thread {
    ThreadId id;
    WorkspaceId workspace;
    ThreadKind kind = ThreadKind::channel;
    Visibility visibility = Visibility::public_;
    std::string name;
    std::string topic;
    std::optional<ParentMessage> parent;
    /// Of a direct thread: who it is between, in the order of their ids. They never change.
    std::vector<UserId> people;
    Seq seq = 0;
    Rev rev = 0;
    /// Rises with every loss or change of access.
    std::uint64_t access_rev = 0;
    /// The oldest message that is kept.
    Seq first_seq = 1;
    UserId created_by;
    Timestamp created_at;
    std::optional<Timestamp> archived_at;
};

struct Membership {
    ThreadRole role = ThreadRole::member;
    Seq read_seq = 0;
    /// seq - read_seq
    std::uint64_t unread = 0;
    /// At most limits::mention_count_max.
    std::uint32_t mentions = 0;
    Level level = Level::all;
    std::optional<Timestamp> muted_until;
    /// Rises whenever the marker is set back; a mark from before that counts no more.
    std::uint64_t read_turn = 0;
};

/// What decides about a reply thread: the thread of the message that it hangs off, as the same user
/// sees it.
struct ParentAccess {
    ThreadKind kind = ThreadKind::channel;
    Visibility visibility = Visibility::public_;
    /// Of the user in the parent; nothing: no member.
    std::optional<ThreadRole> role;
    bool archived = false;
};

/// A thread as one user sees it.
struct ThreadView {
    Thread thread;
    std::optional<Membership> membership;
    /// Of a reply thread only.
    std::optional<ParentAccess> parent;
    std::uint64_t member_count = 0;
};

/// What a client asks to be changed of a thread; what is absent stays as it is.
struct ChangeThread {
    ThreadId thread;
    std::optional<std::string> name;
    std::optional<std::string> topic;
    std::optional<Visibility> visibility;
    std::optional<bool> archived;
};

/// One row of a thread's list of members.
struct Member {
    UserId user;
    ThreadRole role = ThreadRole::member;
    Timestamp joined_at;
};

}  // namespace banter::model
