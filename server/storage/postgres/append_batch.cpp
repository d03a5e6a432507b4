#include "storage/postgres/append_batch.hpp"

#include "base/check.hpp"
#include "storage/postgres/append_at_once.hpp"
#include "storage/sql/message_codec.hpp"
#include "storage/sql/message_rows.hpp"
#include "storage/sql/reply_threads.hpp"
#include "storage/sql/tell.hpp"
#include "storage/sql/used_day.hpp"

#include <exception>
#include <utility>

namespace banter::postgres {

namespace {

constexpr const char* insert_messages =
    "INSERT INTO messages (place, rev, first_rev, id, author_id, nonce, request_hash, content, "
    "mentions, mentions_all, reply_to, created_at, attachments) "
    "SELECT a.place, a.rev, a.rev, a.id, a.author_id, a.nonce, a.request_hash, a.content, "
    "a.mentions, a.mentions_all, a.reply_to, a.created_at, a.attachments "
    "FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
    "AS a (place, rev, id, author_id, nonce, request_hash, content, mentions, mentions_all, "
    "reply_to, created_at, attachments)";

// The primary key.
constexpr const char* advance_threads =
    "UPDATE threads t SET seq = a.seq, rev = a.rev FROM unnest($1, $2, $3) AS a (number, seq, rev) "
    "WHERE t.number = a.number";

// The primary key.
constexpr const char* advance_readers =
    "UPDATE members m SET read_seq = a.seq, used_day = a.used_day "
    "FROM unnest($1, $2, $3, $4) AS a (thread, user_id, seq, used_day) "
    "WHERE m.thread = a.thread AND m.user_id = a.user_id";

constexpr const char* add_mentions =
    "INSERT INTO mentions (user_id, place) SELECT a.user_id, a.place "
    "FROM unnest($1, $2) AS a (user_id, place)";

// The primary key.
constexpr const char* link_files =
    "UPDATE files f SET place = a.place FROM unnest($1, $2) AS a (id, place) WHERE f.id = a.id";

using Column = std::vector<std::optional<std::string>>;
using Numbers = std::vector<std::int64_t>;

std::optional<std::string> unless_empty(std::string bytes) {
    if (bytes.empty()) return std::nullopt;
    return bytes;
}

sql::Place place_of(const NewRow& row) { return sql::place_of(row.thread_number, row.message.seq); }

Query insertion_of(const std::vector<NewRow>& rows) {
    Numbers places, revs, all, times;
    Column ids, authors, nonces, hashes, mentions, replied_to, attachments;
    std::vector<std::string> contents;
    for (const NewRow& row : rows) {
        const model::Message& message = row.message;
        const auto& hash = row.append->message.request_hash;
        places.push_back(place_of(row));
        revs.push_back(static_cast<std::int64_t>(message.rev));
        ids.push_back(bytes_of(message.id.uuid));
        authors.push_back(bytes_of(message.author.uuid));
        nonces.push_back(bytes_of(message.nonce.uuid));
        hashes.emplace_back(std::string(hash.begin(), hash.end()));
        contents.push_back(message.content);
        mentions.push_back(unless_empty(sql::encode_users(message.mentions)));
        all.push_back(message.mentions_all ? 1 : 0);
        std::optional<std::string> reply_to;
        if (message.reply_to) reply_to = bytes_of(message.reply_to->uuid);
        replied_to.push_back(std::move(reply_to));
        times.push_back(message.created_at.time_since_epoch().count());
        attachments.push_back(unless_empty(sql::encode_files(message.attachments)));
    }
    Query query{insert_messages, {}};
    query.parameters.push_back(encode_integers(places));
    query.parameters.push_back(encode_integers(revs));
    for (const Column* column : {&ids, &authors, &nonces, &hashes}) {
        query.parameters.push_back(encode_list_of_bytes(*column));
    }
    query.parameters.push_back(encode_texts(contents));
    query.parameters.push_back(encode_list_of_bytes(mentions));
    query.parameters.push_back(encode_integers(all));
    query.parameters.push_back(encode_list_of_bytes(replied_to));
    query.parameters.push_back(encode_integers(times));
    query.parameters.push_back(encode_list_of_bytes(attachments));
    return query;
}

Query advance_of(const AppendPlan& plan) {
    Numbers numbers, seqs, revs;
    for (const auto& [thread, head] : plan.heads) {
        numbers.push_back(head.number);
        seqs.push_back(static_cast<std::int64_t>(head.seq));
        revs.push_back(static_cast<std::int64_t>(head.rev));
    }
    Query query{advance_threads, {}};
    for (const Numbers* column : {&numbers, &seqs, &revs}) {
        query.parameters.push_back(encode_integers(*column));
    }
    return query;
}

void add_marks(const AppendPlan& plan, std::vector<Query>& queries) {
    std::map<std::pair<std::int64_t, model::UserId>, const model::Message*> marks;
    for (const NewRow& row : plan.rows) {
        if (row.author_is_member) marks[{row.thread_number, row.message.author}] = &row.message;
    }
    if (marks.empty()) return;
    Numbers threads, seqs, used_days;
    Column users;
    for (const auto& [reader, message] : marks) {
        threads.push_back(reader.first);
        users.push_back(bytes_of(reader.second.uuid));
        seqs.push_back(static_cast<std::int64_t>(message->seq));
        used_days.push_back(sql::used_day(message->created_at));
    }
    Query& query = queries.emplace_back();
    query.text = advance_readers;
    query.parameters.push_back(encode_integers(threads));
    query.parameters.push_back(encode_list_of_bytes(users));
    query.parameters.push_back(encode_integers(seqs));
    query.parameters.push_back(encode_integers(used_days));
}

/// Ids of one kind, each with the place of its message.
struct IdsWithPlaces {
    Column ids;
    Numbers places;

    void add(const model::Uuid& id, sql::Place place) {
        ids.push_back(bytes_of(id));
        places.push_back(place);
    }
    void add_to(std::vector<Query>& queries, const char* text) const {
        if (ids.empty()) return;
        Query& query = queries.emplace_back();
        query.text = text;
        query.parameters.push_back(encode_list_of_bytes(ids));
        query.parameters.push_back(encode_integers(places));
    }
};

std::vector<Query> writes_of(const AppendPlan& plan) {
    std::vector<Query> queries;
    queries.push_back(insertion_of(plan.rows));
    queries.push_back(advance_of(plan));
    add_marks(plan, queries);
    IdsWithPlaces mentioned;
    IdsWithPlaces files;
    for (const NewRow& row : plan.rows) {
        const sql::Place place = place_of(row);
        for (const auto& user : row.message.mentions) mentioned.add(user.uuid, place);
        if (row.message.mentions_all) mentioned.add(sql::everyone.uuid, place);
        for (const auto& file : row.message.attachments) files.add(file.id.uuid, place);
    }
    mentioned.add_to(queries, add_mentions);
    files.add_to(queries, link_files);
    return queries;
}

Query with_values(const char* text, sql::Parameters values) {
    Query query{text, {}};
    for (const sql::Value& value : values) query.parameters.push_back(encode(value));
    return query;
}

/// Two queries for each: the message as it is now, and what its author reacted with.
std::vector<Query> questions_of(const std::vector<Repeat>& repeats) {
    std::vector<Query> queries;
    for (const Repeat& repeat : repeats) {
        const sql::Value place = sql::to_value(repeat.earlier.place);
        const sql::Parameters by_place(1, place);
        sql::Parameters mine(3, place);
        mine.front() = sql::to_value(repeat.append->message.author);
        queries.push_back(with_values(sql::message_by_place.text, by_place));
        queries.push_back(with_values(sql::reactions_of_user.text, mine));
    }
    return queries;
}

void answer_repeats(const std::vector<Repeat>& repeats, std::vector<sql::Rows> answers) {
    for (std::size_t i = 0; i < repeats.size(); ++i) {
        auto found = sql::messages_from(std::move(answers[2 * i]), repeats[i].earlier.thread);
        CHECK(found.size() == 1);
        sql::mark_mine(found, std::move(answers[2 * i + 1]));
        repeats[i].append->answer = std::move(found.front());
    }
}

/// A reply brings its author and those whom it mentions into its thread, and shows on its message.
Task<> follow_up(Transaction& transaction, sql::Outbox& outbox, NewRow row) {
    const model::Message& message = row.message;
    auto thread = co_await sql::thread_for_change(transaction, message.thread, message.author);
    CHECK(thread.has_value());
    co_await sql::after_reply(transaction, outbox, std::move(*thread), message);
}

/// In one round trip, unless there are replies.
Task<> write(Link& link, Transaction& transaction, const AppendPlan& plan, sql::Outbox& outbox) {
    std::vector<Query> writes = writes_of(plan);
    for (const NewRow& row : plan.rows) {
        const model::Message& message = row.message;
        sql::tell_change(outbox, message.thread, message.rev, model::MessageNew{message});
    }
    bool has_replies = false;
    for (const NewRow& row : plan.rows) has_replies = has_replies || row.is_reply;
    if (!has_replies) {
        co_await transaction.commit_with(std::move(writes));
        co_return;
    }
    (void)co_await link.exchange(std::move(writes));
    for (const NewRow& row : plan.rows) {
        if (row.is_reply) co_await follow_up(transaction, outbox, row);
    }
    co_await transaction.commit();
}

/// In one round trip. False: nothing was written.
Task<bool> append_remembered(
    Link& link,
    AppendMemory& memory,
    std::span<Append* const> batch,
    sql::Outbox& outbox
) {
    auto plan = AppendAtOnce::plan(memory, batch);
    if (!plan) co_return false;
    std::vector<Query> queries = plan->queries();
    std::vector<sql::Rows> answers;
    try {
        answers = co_await link.exchange(std::move(queries));
    } catch (const LinkLost& lost) {
        throw lost.in_commit();
    }
    if (!plan->take(answers)) co_return false;
    for (auto& item : plan->items()) {
        const model::Message& message = item.message;
        sql::tell_change(outbox, message.thread, message.rev, model::MessageNew{message});
        item.append->failure = nullptr;
        item.append->deferred = false;
        item.append->answer = std::move(item.message);
    }
    co_return true;
}

Task<> append_in(
    Link& link,
    Transaction& transaction,
    AppendMemory& memory,
    std::span<Append* const> batch,
    sql::Outbox& outbox
) {
    AppendFacts facts;
    std::vector<Query> queries = transaction.beginning();
    const std::size_t beginning = queries.size();
    auto questions = facts.queries(batch);
    std::move(questions.begin(), questions.end(), std::back_inserter(queries));
    auto answers = co_await link.exchange(std::move(queries));
    facts.take(std::span(answers).subspan(beginning));
    facts.remember_in(memory);

    AppendPlan plan(facts);
    plan.decide(batch);
    if (!plan.repeats.empty()) {
        auto asked = questions_of(plan.repeats);
        auto found = co_await link.exchange(std::move(asked));
        answer_repeats(plan.repeats, std::move(found));
    }
    if (plan.rows.empty()) {
        co_await transaction.roll_back();
        co_return;
    }
    co_await write(link, transaction, plan, outbox);
    for (const Echo& echo : plan.echoes) {
        echo.append->answer = plan.rows[echo.new_row].message;
    }
    for (NewRow& row : plan.rows) row.append->answer = std::move(row.message);
}

}  // namespace

Task<> append_batch(
    Link& link,
    AppendMemory& memory,
    std::span<Append* const> batch,
    sql::Outbox& outbox
) {
    const bool done = co_await append_remembered(link, memory, batch, outbox);
    if (done) co_return;
    Transaction transaction(link, Access::write);
    std::exception_ptr failure;
    try {
        co_await append_in(link, transaction, memory, batch, outbox);
    } catch (...) {
        failure = std::current_exception();
    }
    if (!failure) co_return;
    outbox.events.clear();
    co_await transaction.roll_back();
    std::rethrow_exception(failure);
}

}  // namespace banter::postgres
