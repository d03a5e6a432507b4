#include "storage/sqlite/append.hpp"

#include "storage/sql/file_rows.hpp"
#include "storage/sql/message_codec.hpp"
#include "storage/sql/message_rows.hpp"
#include "storage/sql/new_message.hpp"
#include "storage/sql/used_day.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace banter::sqlite {

namespace {

// messages_by_id alone.
constexpr const char* find_place = "SELECT place FROM messages WHERE id = $1";

// The primary key of members.
constexpr const char* find_member = "SELECT 1 FROM members WHERE thread = $1 AND user_id = $2";

// messages_by_nonce, then the primary keys of messages and threads.
constexpr const char* find_by_nonce =
    "SELECT n.place, n.request_hash, t.id FROM messages n JOIN threads t ON t.number = n.place >> "
    "32 "
    "WHERE n.author_id = $1 AND n.nonce = $2";

constexpr const char* insert_message =
    "INSERT INTO messages (place, rev, first_rev, id, author_id, nonce, request_hash, content, "
    "mentions, mentions_all, reply_to, created_at, attachments) "
    "VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

// The primary key.
constexpr const char* advance_thread = "UPDATE threads SET seq = $2, rev = $3 WHERE number = $1";

// The primary key.
constexpr const char* advance_reader =
    "UPDATE members SET read_seq = $3, used_day = $4 WHERE thread = $1 AND user_id = $2";

constexpr const char* add_mention = "INSERT INTO mentions (user_id, place) VALUES ($1, $2)";

std::string_view bytes_of(const model::RequestHash& hash) {
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

void tell(sql::Outbox& outbox, const model::Message& message) {
    model::Event event{message.thread, message.rev, model::MessageNew{message}};
    outbox.events.push_back(std::make_shared<const model::Event>(std::move(event)));
}

}  // namespace

Result<model::Message> Appender::append(
    storage::NewMessage wanted,
    const storage::ThreadRule& rule,
    sql::Outbox& outbox,
    Appended& appended
) {
    sql::Parameters asked;
    asked.reserve(2);
    asked.push_back(sql::to_value(wanted.thread));
    asked.push_back(sql::to_value(wanted.author));
    sql::Rows rows = connection_.execute(sql::thread_row_for_change.text, asked);
    if (rows.empty()) return sql::no_such_thread();
    const sql::ThreadRow row = sql::thread_row_from(rows[0]);
    if (auto refused = rule(row.view)) return std::move(*refused);

    const model::Thread& thread = row.view.thread;
    if (wanted.reply_to && !is_in_thread(*wanted.reply_to, row.number)) {
        if (auto repeat = find_repeat(wanted)) return std::move(*repeat);
        return sql::no_message_to_reply_to();
    }
    auto files = find_files(wanted);
    if (!files) {
        if (auto repeat = find_repeat(wanted)) return std::move(*repeat);
        return std::move(files).error();
    }
    const auto may_be_mentioned = [&](const model::UserId& user) {
        return is_member(user, row.access_number);
    };
    auto message = sql::new_message(wanted, row, *std::move(files), may_be_mentioned);

    const std::int64_t place = sql::place_of(row.number, message.seq);
    // A repeat is rare, so it is not looked for: the unique index finds it, before anything is
    // written.
    if (!insert(message, place, wanted.request_hash)) {
        if (auto repeat = find_repeat(wanted)) return std::move(*repeat);
        throw sql::ConstraintViolation("the id of a new message is not new");
    }
    appended.wrote = true;
    advance(message, row.number, row.view.membership.has_value());
    add_mentions(message, place);
    link_files(message, place);
    tell(outbox, message);
    if (thread.parent) appended.reply_thread = row;
    return message;
}

bool Appender::is_in_thread(const model::MessageId& message, std::int64_t thread_number) {
    Cursor cursor(handle_, find_place);
    cursor.bind(1, message.uuid);
    return cursor.step() && sql::thread_number_of(cursor.integer(0)) == thread_number;
}

bool Appender::is_member(const model::UserId& user, std::int64_t thread_number) {
    Cursor cursor(handle_, find_member);
    cursor.bind(1, thread_number);
    cursor.bind(2, user.uuid);
    return cursor.step();
}

Result<std::vector<model::File>> Appender::find_files(const storage::NewMessage& wanted) {
    std::vector<model::File> files;
    for (const auto& id : wanted.attachments) {
        sql::Parameters owned;
        owned.push_back(sql::to_value(id));
        owned.push_back(sql::to_value(wanted.author));
        sql::Rows rows = connection_.execute(sql::file_to_link.text, owned);
        if (rows.empty()) return sql::no_such_file();
        sql::Row row = rows[0];
        files.push_back(sql::file_from(row));
    }
    return files;
}

void Appender::link_files(const model::Message& message, std::int64_t place) {
    for (const auto& file : message.attachments) {
        Cursor cursor(handle_, sql::link_file.text);
        cursor.bind(1, file.id.uuid);
        cursor.bind(2, place);
        cursor.run();
    }
}

std::optional<Result<model::Message>> Appender::find_repeat(const storage::NewMessage& wanted) {
    sql::Parameters by_nonce;
    by_nonce.push_back(sql::to_value(wanted.author));
    by_nonce.push_back(sql::to_value(wanted.nonce));
    sql::Rows rows = connection_.execute(find_by_nonce, by_nonce);
    if (rows.empty()) return std::nullopt;
    sql::Row row = rows[0];
    const std::int64_t place = row.integer();
    if (row.hash<32>() != wanted.request_hash) return sql::nonce_reused();
    const auto thread = row.id<model::ThreadId>();

    const sql::Parameters by_place(1, sql::to_value(place));
    auto found =
        sql::messages_from(connection_.execute(sql::message_by_place.text, by_place), thread);
    sql::Parameters mine(3, sql::to_value(place));
    mine.front() = sql::to_value(wanted.author);
    sql::mark_mine(found, connection_.execute(sql::reactions_of_user.text, mine));
    return std::move(found.front());
}

bool Appender::insert(
    const model::Message& message,
    std::int64_t place,
    const model::RequestHash& request_hash
) {
    const std::string mentions = sql::encode_users(message.mentions);
    Cursor cursor(handle_, insert_message);
    cursor.bind(1, place);
    cursor.bind(2, static_cast<std::int64_t>(message.rev));
    cursor.bind(3, message.id.uuid);
    cursor.bind(4, message.author.uuid);
    cursor.bind(5, message.nonce.uuid);
    cursor.bind_bytes(6, bytes_of(request_hash));
    cursor.bind(7, std::string_view(message.content));
    if (!mentions.empty()) cursor.bind_bytes(8, mentions);
    cursor.bind(9, std::int64_t{message.mentions_all});
    if (message.reply_to) cursor.bind(10, message.reply_to->uuid);
    cursor.bind(11, std::int64_t{message.created_at.time_since_epoch().count()});
    const std::string attachments = sql::encode_files(message.attachments);
    if (!attachments.empty()) cursor.bind_bytes(12, attachments);
    return cursor.try_run();
}

void Appender::advance(
    const model::Message& message,
    std::int64_t thread_number,
    bool author_is_member
) {
    Cursor thread(handle_, advance_thread);
    thread.bind(1, thread_number);
    thread.bind(2, static_cast<std::int64_t>(message.seq));
    thread.bind(3, static_cast<std::int64_t>(message.rev));
    thread.run();
    if (!author_is_member) return;
    Cursor reader(handle_, advance_reader);
    reader.bind(1, thread_number);
    reader.bind(2, message.author.uuid);
    reader.bind(3, static_cast<std::int64_t>(message.seq));
    reader.bind(4, sql::used_day(message.created_at));
    reader.run();
}

void Appender::add_mentions(const model::Message& message, std::int64_t place) {
    const auto add = [&](const model::UserId& user) {
        Cursor cursor(handle_, add_mention);
        cursor.bind(1, user.uuid);
        cursor.bind(2, place);
        cursor.run();
    };
    for (const auto& user : message.mentions) add(user);
    if (message.mentions_all) add(sql::everyone);
}

}  // namespace banter::sqlite
