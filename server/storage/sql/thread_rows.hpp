// Threads as they stand in rows: the columns, and the statements that more than one store uses.
#pragma once

#include "base/result.hpp"
#include "model/thread.hpp"
#include "storage/sql/connection.hpp"

#include <cstdint>
#include <optional>

namespace banter::sql {

/// Where a message stands in the log: the number of its thread, then its seq.
using Place = std::int64_t;

inline constexpr int seq_bits = 32;

[[nodiscard]] inline Place place_of(std::int64_t thread_number, model::Seq seq) {
    CHECK(seq < (model::Seq{1} << seq_bits));
    return (thread_number << seq_bits) | static_cast<std::int64_t>(seq);
}

[[nodiscard]] inline std::int64_t thread_number_of(Place place) { return place >> seq_bits; }

[[nodiscard]] inline model::Seq seq_of(Place place) {
    return static_cast<model::Seq>(place) & ((model::Seq{1} << seq_bits) - 1);
}

/// Stands for everybody in the table of mentions.
inline constexpr model::UserId everyone{};

/// A thread as a user sees it, with what the stores alone need.
struct ThreadRow {
    model::ThreadView view;
    std::int64_t number = 0;
    /// Of the thread whose members may read this one: its own, or a reply thread's parent's.
    std::int64_t access_number = 0;
};

/// The columns of a ThreadRow, in the order of thread_row_from; then comes the count of mentions.
#define BANTER_THREAD_COLUMNS                                                                      \
    "t.number, t.member_count, t.id, t.workspace_id, t.kind, t.visibility, t.name, t.topic, "      \
    "t.parent_thread_id, t.parent_message_id, t.people, t.seq, t.rev, t.access_rev, t.first_seq, " \
    "t.created_by, t.created_at, t.archived_at, p.number, p.kind, p.visibility, "                  \
    "p.archived_at, pm.role, m.role, m.read_seq, m.read_turn, m.level, m.muted_until, "

/// What the columns of user $2 come from, beside `threads t` (and, where a list begins with them,
/// `members m`): the primary key of members; for a reply thread the parent, by threads_by_id.
/// The user is compared by way of the thread, whose number is never 0: PostgreSQL might otherwise
/// look for the thread among all memberships of the user.
#define BANTER_MEMBER_JOIN                                                                \
    "LEFT JOIN members m ON m.thread = t.number AND m.user_id = CASE WHEN t.number <> 0 " \
    "THEN $2 END "
#define BANTER_PARENT_JOIN                                                                   \
    "LEFT JOIN threads p ON p.id = t.parent_thread_id "                                      \
    "LEFT JOIN members pm ON pm.thread = p.number AND pm.user_id = CASE WHEN p.number <> 0 " \
    "THEN $2 END "

/// How many mentions of user $2 ($3: of everyone) thread t has above a seq, no more than anybody
/// reads. Two ranges of the primary key of mentions, each with its own limit: a planner that may
/// join the two tables sometimes walks all mentions of the user.
#define BANTER_MENTIONS_ABOVE(SEQ)                                            \
    "(SELECT count(*) FROM ("                                                 \
    "SELECT place FROM (SELECT place FROM mentions WHERE user_id = $2"        \
    " AND place > (t.number << 32) + " SEQ                                    \
    " AND place < (t.number + 1) << 32"                                       \
    " ORDER BY place LIMIT 100) AS own_mentions"                              \
    " UNION SELECT place FROM (SELECT place FROM mentions WHERE user_id = $3" \
    " AND place > (t.number << 32) + " SEQ                                    \
    " AND place < (t.number + 1) << 32"                                       \
    " ORDER BY place LIMIT 100) AS common_mentions) AS unread_mentions) "

/// None is looked for when everything is read.
#define BANTER_MENTION_COUNT \
    "CASE WHEN m.read_seq < t.seq THEN " BANTER_MENTIONS_ABOVE("m.read_seq") "ELSE 0 END "

[[nodiscard]] ThreadRow thread_row_from(Row row);

/// By threads_by_id or the number, and the primary key of members. Without mentions: for rules.
[[nodiscard]] Task<std::optional<ThreadRow>> thread_for_change(
    Connection& connection,
    model::ThreadId thread,
    model::UserId viewer
);
[[nodiscard]] Task<std::optional<ThreadRow>> thread_of_place_for_change(
    Connection& connection,
    Place place,
    model::UserId viewer
);
/// With mentions.
[[nodiscard]] Task<std::optional<ThreadRow>> find_thread(
    Connection& connection,
    model::ThreadId thread,
    model::UserId viewer
);
[[nodiscard]] Task<std::optional<ThreadRow>> find_thread_of_place(
    Connection& connection,
    Place place,
    model::UserId viewer
);

/// $1 the thread's id, $2 the viewer.
extern const Statement thread_row_for_change;

[[nodiscard]] Error no_such_thread();

}  // namespace banter::sql
