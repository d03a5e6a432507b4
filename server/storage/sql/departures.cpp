#include "storage/sql/departures.hpp"

#include "storage/sql/membership.hpp"
#include "storage/sql/message_changes.hpp"
#include "storage/sql/thread_rows.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace banter::sql {

namespace {

constexpr Statement add_departure{
    "INSERT INTO departures (user_id, erase, looked_at, found) VALUES ($1, $2, $3, 0)"};

// The beginning of the primary key.
constexpr Statement first_departure{
    "SELECT user_id, erase, looked_at, found FROM departures ORDER BY user_id LIMIT 1"};

// The primary key.
constexpr Statement note_progress{
    "UPDATE departures SET looked_at = $2, found = $3 WHERE user_id = $1"};
constexpr Statement drop_departure{"DELETE FROM departures WHERE user_id = $1"};

// members_by_user from the newest on, then the primary key of threads. Nobody leaves a direct
// thread: those stay.
constexpr Statement threads_to_leave{
    "SELECT t.id FROM members m JOIN threads t ON t.number = m.thread AND t.kind <> 1 "
    "WHERE m.user_id = $1 ORDER BY m.joined_at DESC, m.thread DESC LIMIT $2"};

static_assert(static_cast<int>(model::ThreadKind::direct) == 1, "threads_to_leave counts on it");

// messages_by_nonce from the nonce on; the primary key. The one of that nonce is a tombstone by
// then, unless it is the very first, of zeros.
constexpr Statement own_messages{
    "SELECT nonce, place, deleted_at FROM messages WHERE author_id = $1 AND nonce >= $2 "
    "ORDER BY nonce LIMIT $3"};

struct Departure {
    model::UserId user;
    bool erase = false;
    /// The nonce of the own message that was looked at last, in this round.
    model::Nonce looked_at;
    /// Whether this round found something to erase: then there is another one, for what was under
    /// way when it began.
    bool found = false;
};

Task<std::optional<Departure>> find_first(Connection& connection) {
    Rows rows = co_await connection.query(first_departure);
    if (rows.empty()) co_return std::nullopt;
    Row row = rows[0];
    Departure departure;
    departure.user = row.id<model::UserId>();
    departure.erase = row.flag();
    departure.looked_at = row.id<model::Nonce>();
    departure.found = row.flag();
    co_return departure;
}

/// False: there is none left.
Task<bool> leave_some(
    Connection& connection,
    Outbox& outbox,
    model::UserId user,
    std::size_t count_max
) {
    Rows rows = co_await connection.query(threads_to_leave, user, count_max);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto thread = co_await thread_for_change(connection, rows[i].id<model::ThreadId>(), user);
        CHECK(thread.has_value());
        // Somebody else has just ended it.
        if (!thread->view.membership) continue;
        const auto role = thread->view.membership->role;
        // Its replies are threads to leave as well.
        const auto replies = Replies::are_left_to_the_caller;
        co_await drop_membership(connection, outbox, std::move(*thread), user, role, replies);
    }
    co_return !rows.empty();
}

/// False: all that the user ever said is a tombstone.
Task<bool> erase_some(
    Connection& connection,
    Outbox& outbox,
    Departure departure,
    storage::DepartureStep step
) {
    Rows rows = co_await connection.query(
        own_messages, departure.user, departure.looked_at, step.messages_max
    );
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Row row = rows[i];
        departure.looked_at = row.id<model::Nonce>();
        const Place place = row.integer();
        if (!row.next_is_null()) continue;
        departure.found = true;
        co_await erase_message(connection, outbox, place, step.now);
    }
    const bool round_ends = rows.size() < step.messages_max;
    if (round_ends && !departure.found) co_return false;
    if (round_ends) {
        departure.looked_at = {};
        departure.found = false;
    }
    co_await connection.query(note_progress, departure.user, departure.looked_at, departure.found);
    co_return true;
}

Task<bool> make_step(Connection& connection, Outbox& outbox, storage::DepartureStep step) {
    const auto departure = co_await find_first(connection);
    if (!departure) co_return false;
    const bool left = co_await leave_some(connection, outbox, departure->user, step.threads_max);
    if (left) co_return true;
    if (departure->erase) {
        const bool erased = co_await erase_some(connection, outbox, *departure, step);
        if (erased) co_return true;
    }
    co_await connection.query(drop_departure, departure->user);
    co_return true;
}

Task<bool> find_any(Connection& connection) {
    const auto departure = co_await find_first(connection);
    co_return departure.has_value();
}

}  // namespace

Task<> begin_departure(Connection& connection, model::UserId user, bool erase) {
    co_await connection.query(add_departure, user, erase, model::Nonce());
}

Task<bool> SqlDepartureStore::has_any() { return database_.read(find_any); }

Task<bool> SqlDepartureStore::go_on(storage::DepartureStep step) {
    return database_.write(make_step, step);
}

}  // namespace banter::sql
