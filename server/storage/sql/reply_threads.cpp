#include "storage/sql/reply_threads.hpp"

#include "model/limits.hpp"
#include "storage/sql/changed_runs.hpp"
#include "storage/sql/membership.hpp"
#include "storage/sql/message_codec.hpp"
#include "storage/sql/message_rows.hpp"
#include "storage/sql/tell.hpp"

#include <algorithm>
#include <utility>

namespace banter::sql {

namespace {

namespace limits = model::limits;

// The primary key.
constexpr Statement take_rev{"UPDATE threads SET rev = $2 WHERE number = $1"};

// The primary key; messages_changed gets or moves its entry.
constexpr Statement write_summary{
    "UPDATE messages SET rev = $2, reply_thread = $3 WHERE place = $1"};

// The primary key of stale_reply_summaries.
constexpr Statement find_stale{"SELECT summary FROM stale_reply_summaries WHERE place = $1"};
constexpr Statement keep_stale{
    "INSERT INTO stale_reply_summaries (place, summary, due_at) VALUES ($1, $2, $3) "
    "ON CONFLICT (place) DO UPDATE SET summary = excluded.summary"};
constexpr Statement drop_stale{"DELETE FROM stale_reply_summaries WHERE place = $1"};

// stale_reply_summaries_by_due.
constexpr Statement due_summaries{
    "SELECT place FROM stale_reply_summaries WHERE due_at <= $1 ORDER BY due_at LIMIT $2"};

/// Who are to follow the thread from this reply on, and up to where they have read.
Task<> follow(Connection& connection, Outbox& outbox, ThreadRow thread, model::Message reply) {
    NewMember member;
    member.thread = reply.thread;
    member.thread_number = thread.number;
    member.joined_at = reply.created_at;
    member.member_count = thread.view.member_count;
    if (!thread.view.membership) {
        member.user = reply.author;
        member.read_seq = reply.seq;
        ++member.member_count;
        co_await add_member(connection, outbox, member);
    }
    member.read_seq = reply.seq - 1;
    for (const auto& user : reply.mentions) {
        const auto role = co_await role_in(connection, thread.number, user);
        if (role) continue;
        member.user = user;
        ++member.member_count;
        co_await add_member(connection, outbox, member);
    }
}

model::ReplySummary with(model::ReplySummary summary, const model::Message& reply) {
    summary.thread = reply.thread;
    summary.count = reply.seq;
    summary.last_reply_at = reply.created_at;
    const bool named =
        std::find(summary.users.begin(), summary.users.end(), reply.author) != summary.users.end();
    if (!named && summary.users.size() < limits::reply_users_named_max)
        summary.users.push_back(reply.author);
    return summary;
}

/// The message's thread, locked: what is shown and kept of its replies changes under this lock.
Task<ThreadRow> lock_thread_of(Connection& connection, Place place) {
    auto thread = co_await thread_of_place_for_change(connection, place, everyone);
    CHECK(thread.has_value());
    co_return std::move(*thread);
}

/// The message takes a rev and shows the summary from now on.
Task<> show(
    Connection& connection,
    Outbox& outbox,
    ThreadRow thread,
    Place place,
    model::ReplySummary summary
) {
    const model::ThreadId id = thread.view.thread.id;
    const model::Rev rev = thread.view.thread.rev + 1;
    Bytes shown;
    shown.data = encode_reply_summary(summary);
    co_await connection.query(write_summary, place, rev, std::move(shown));
    co_await connection.query(take_rev, thread.number, rev);
    co_await note_changed(connection, place);
    auto messages = messages_from(co_await connection.query(message_by_place, place), id);
    model::MessageUpdate update{std::move(messages.front()), std::nullopt};
    tell_change(outbox, id, rev, std::move(update));
}

Task<> summarize(Connection& connection, Outbox& outbox, Place place, model::Message reply) {
    auto thread = co_await lock_thread_of(connection, place);
    auto messages =
        messages_from(co_await connection.query(message_by_place, place), model::ThreadId());
    const auto& shown = messages.front().reply_thread;
    const bool may_change =
        !shown || shown->changed_at + limits::reply_summary_interval <= reply.created_at;
    Rows stale = co_await connection.query(find_stale, place);
    model::ReplySummary summary = shown.value_or(model::ReplySummary{});
    if (!stale.empty()) summary = decode_reply_summary(stale[0].bytes());
    summary = with(std::move(summary), reply);
    if (may_change) {
        co_await connection.query(drop_stale, place);
        summary.changed_at = reply.created_at;
        co_await show(connection, outbox, std::move(thread), place, std::move(summary));
        co_return;
    }
    const Timestamp due = shown->changed_at + limits::reply_summary_interval;
    Bytes kept;
    kept.data = encode_reply_summary(summary);
    co_await connection.query(keep_stale, place, std::move(kept), due);
}

}  // namespace

Task<> after_reply(Connection& connection, Outbox& outbox, ThreadRow thread, model::Message reply) {
    CHECK(thread.view.thread.parent.has_value());
    const auto place = co_await find_place(connection, thread.view.thread.parent->message);
    CHECK(place.has_value());
    co_await follow(connection, outbox, std::move(thread), reply);
    co_await summarize(connection, outbox, *place, std::move(reply));
}

Task<bool> is_summary_due(Connection& connection, Timestamp now) {
    const Rows due = co_await connection.query(due_summaries, now, 1);
    co_return !due.empty();
}

Task<std::size_t> refresh_summaries(
    Connection& connection,
    Outbox& outbox,
    Timestamp now,
    std::size_t count_max
) {
    Rows due = co_await connection.query(due_summaries, now, count_max);
    for (std::size_t i = 0; i < due.size(); ++i) {
        const Place place = due[i].integer();
        auto thread = co_await lock_thread_of(connection, place);
        Rows stale = co_await connection.query(find_stale, place);
        if (stale.empty()) continue;
        auto summary = decode_reply_summary(stale[0].bytes());
        summary.changed_at = now;
        co_await connection.query(drop_stale, place);
        co_await show(connection, outbox, std::move(thread), place, std::move(summary));
    }
    co_return due.size();
}

}  // namespace banter::sql
