// Messages as they stand in rows: the columns, and what more than one script of the log uses.
#pragma once

#include "model/message.hpp"
#include "storage/message_store.hpp"
#include "storage/sql/connection.hpp"
#include "storage/sql/thread_rows.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace banter::sql {

/// The columns of a message, in the order of message_from.
#define BANTER_MESSAGE_COLUMNS                                                      \
    "place, rev, id, author_id, nonce, content, mentions, mentions_all, reply_to, " \
    "reactions, reply_thread, attachments, created_at, edited_at, deleted_at "

/// $1 a place. The primary key.
extern const Statement message_by_place;
/// $1 the viewer, $2 and $3 the first and the last place: place, emoji. reactions_by_user.
extern const Statement reactions_of_user;

[[nodiscard]] model::Message message_from(Row row, model::ThreadId thread);
[[nodiscard]] std::vector<model::Message> messages_from(Rows rows, model::ThreadId thread);

/// messages_by_id, which holds the place.
[[nodiscard]] Task<std::optional<Place>> find_place(
    Connection& connection,
    model::MessageId message
);

/// What reactions_of_user gave for these messages becomes their `mine`.
void mark_mine(std::span<model::Message> messages, Rows rows);

/// Sets `mine` in the messages of one thread. Asks the database only about those with reactions, in
/// runs of neighbours.
[[nodiscard]] Task<std::vector<model::Message>> with_mine(
    Connection& connection,
    std::vector<model::Message> messages,
    std::int64_t thread_number,
    model::UserId viewer
);

/// Whom a message mentions, of those it names.
struct Mentioned {
    std::vector<model::UserId> users;
    bool all = false;
};

/// Everybody may be mentioned in threads of at most so many members, whoever asks.
inline constexpr std::uint64_t members_to_mention_all_max = 50;

/// Each once, in their order. For lists of at most limits::mentions_max.
[[nodiscard]] std::vector<model::UserId> distinct(std::vector<model::UserId> users);

/// An owner of the thread may mention all in it, whatever its size.
[[nodiscard]] bool owns_thread(const model::ThreadView& view);

/// The members among the candidates. The primary key of members, once for each.
[[nodiscard]] Task<Mentioned> mentioned_members(
    Connection& connection,
    storage::MentionCandidates candidates,
    bool may_mention_all,
    std::int64_t thread_number,
    std::uint64_t member_count
);

/// Null for none.
[[nodiscard]] std::optional<Bytes> users_column(std::span<const model::UserId> users);
[[nodiscard]] std::optional<Bytes> reactions_column(std::span<const model::Reaction> reactions);

}  // namespace banter::sql
