#include "storage/postgres/append_at_once.hpp"

#include "base/check.hpp"
#include "storage/sql/new_message.hpp"
#include "storage/sql/used_day.hpp"

namespace banter::postgres {

namespace {

// The primary key, in its order.
constexpr const char* lock_threads =
    "SELECT number FROM threads WHERE number = ANY ($1) ORDER BY number FOR NO KEY UPDATE";

// The primary keys of threads and members, messages_by_nonce. All its parts see the threads as they
// were locked, whichever runs first. Whatever is compared is looked up by itself, so that no plan
// can walk through a table for it.
constexpr const char* append_messages =
    "WITH heads AS MATERIALIZED ("
    "SELECT * FROM unnest($1, $2, $3) AS h (number, access_rev, count)), "
    "authors AS MATERIALIZED ("
    "SELECT * FROM unnest($4, $5, $6, $7, $8) AS a (thread, user_id, role, nth, used_day)), "
    "items AS MATERIALIZED ("
    "SELECT * FROM unnest($9, $10, $11, $12, $13, $14, $15, $16) "
    "AS i (thread, nth, id, author_id, nonce, request_hash, content, created_at)), "
    "facts AS MATERIALIZED (SELECT NOT EXISTS (SELECT 1 FROM heads h WHERE h.access_rev "
    "IS DISTINCT FROM (SELECT t.access_rev FROM threads t WHERE t.number = h.number)) "
    "AND NOT EXISTS (SELECT 1 FROM authors a WHERE a.role IS DISTINCT FROM "
    "(SELECT m.role FROM members m WHERE m.thread = a.thread AND m.user_id = a.user_id)) "
    "AND NOT EXISTS (SELECT 1 FROM items i WHERE (SELECT n.place FROM messages n "
    "WHERE n.author_id = i.author_id AND n.nonce = i.nonce) IS NOT NULL) AS hold), "
    "advanced AS (UPDATE threads t SET seq = t.seq + h.count, rev = t.rev + h.count FROM heads h "
    "WHERE t.number = h.number AND (SELECT hold FROM facts) "
    "RETURNING t.number, t.seq - h.count AS seq, t.rev - h.count AS rev), "
    "marked AS (UPDATE members m SET read_seq = t.seq + a.nth, used_day = a.used_day "
    "FROM authors a JOIN threads t ON t.number = a.thread "
    "WHERE m.thread = a.thread AND m.user_id = a.user_id AND (SELECT hold FROM facts)), "
    "written AS (INSERT INTO messages (place, rev, first_rev, id, author_id, nonce, request_hash, "
    "content, mentions_all, created_at) SELECT (i.thread << 32) + t.seq + i.nth, t.rev + i.nth, "
    "t.rev + i.nth, i.id, i.author_id, i.nonce, i.request_hash, i.content, 0, i.created_at "
    "FROM items i JOIN threads t ON t.number = i.thread WHERE (SELECT hold FROM facts)) "
    "SELECT number, seq, rev FROM advanced";

using Bytes = std::vector<std::optional<std::string>>;
using Numbers = std::vector<std::int64_t>;

bool is_plain(const storage::NewMessage& message) {
    return message.attachments.empty() && !message.reply_to && message.mentions.users.empty() &&
           !message.mentions.all;
}

/// Whoever has the facts looked up answers, also if the rule fails.
bool allows(const storage::ThreadRule& rule, const model::ThreadView& view) {
    try {
        return !rule(view);
    } catch (...) {
        return false;
    }
}

void add_numbers(Query& query, std::initializer_list<const Numbers*> columns) {
    for (const Numbers* column : columns) query.parameters.push_back(encode_integers(*column));
}

}  // namespace

std::optional<AppendAtOnce> AppendAtOnce::plan(
    AppendMemory& memory,
    std::span<Append* const> batch
) {
    AppendAtOnce plan;
    for (Append* append : batch) {
        const storage::NewMessage& wanted = append->message;
        if (!is_plain(wanted)) return std::nullopt;
        const sql::ThreadRow* row = memory.find(wanted.thread, wanted.author);
        if (row == nullptr || !plan.add(*append, *row)) return std::nullopt;
    }
    return plan;
}

bool AppendAtOnce::add(Append& append, const sql::ThreadRow& row) {
    const storage::NewMessage& wanted = append.message;
    CHECK(row.view.membership.has_value());
    if (!nonces_.emplace(wanted.author, wanted.nonce).second) return false;
    if (!allows(append.rule, row.view)) return false;
    // Two of its authors may be remembered from before and after a change.
    const auto [head, fresh] = heads_.try_emplace(row.number, Head{row.view.thread.access_rev, 0});
    if (head->second.access_rev != row.view.thread.access_rev) return false;
    Item& item = items_.emplace_back();
    item.append = &append;
    item.thread_number = row.number;
    item.nth = ++head->second.count;
    const auto is_member = [](const model::UserId&) { return false; };
    item.message = sql::new_message(wanted, row, {}, is_member);
    authors_[{row.number, wanted.author}] = {
        row.view.membership->role, item.nth, sql::used_day(item.message.created_at)};
    return true;
}

std::vector<Query> AppendAtOnce::queries() const {
    std::vector<Query> queries;
    queries.push_back(locking());
    queries.push_back(writing());
    return queries;
}

Query AppendAtOnce::locking() const {
    Numbers numbers;
    for (const auto& [number, head] : heads_) numbers.push_back(number);
    Query query{lock_threads, {}};
    query.parameters.push_back(encode_integers(numbers));
    return query;
}

Query AppendAtOnce::writing() const {
    Query query{append_messages, {}};
    add_heads(query);
    add_authors(query);
    add_items(query);
    return query;
}

void AppendAtOnce::add_heads(Query& query) const {
    Numbers numbers, access_revs, counts;
    for (const auto& [number, head] : heads_) {
        numbers.push_back(number);
        access_revs.push_back(static_cast<std::int64_t>(head.access_rev));
        counts.push_back(head.count);
    }
    add_numbers(query, {&numbers, &access_revs, &counts});
}

void AppendAtOnce::add_authors(Query& query) const {
    Numbers threads, roles, nths, used_days;
    Bytes users;
    for (const auto& [key, author] : authors_) {
        threads.push_back(key.first);
        users.push_back(bytes_of(key.second.uuid));
        roles.push_back(static_cast<std::int64_t>(author.role));
        nths.push_back(author.nth);
        used_days.push_back(author.used_day);
    }
    query.parameters.push_back(encode_integers(threads));
    query.parameters.push_back(encode_list_of_bytes(users));
    add_numbers(query, {&roles, &nths, &used_days});
}

void AppendAtOnce::add_items(Query& query) const {
    Numbers threads, nths, times;
    Bytes ids, authors, nonces, hashes;
    std::vector<std::string> contents;
    for (const Item& item : items_) {
        const model::Message& message = item.message;
        const auto& hash = item.append->message.request_hash;
        threads.push_back(item.thread_number);
        nths.push_back(item.nth);
        ids.push_back(bytes_of(message.id.uuid));
        authors.push_back(bytes_of(message.author.uuid));
        nonces.push_back(bytes_of(message.nonce.uuid));
        hashes.emplace_back(std::string(hash.begin(), hash.end()));
        contents.push_back(message.content);
        times.push_back(message.created_at.time_since_epoch().count());
    }
    add_numbers(query, {&threads, &nths});
    for (const Bytes* column : {&ids, &authors, &nonces, &hashes}) {
        query.parameters.push_back(encode_list_of_bytes(*column));
    }
    query.parameters.push_back(encode_texts(contents));
    query.parameters.push_back(encode_integers(times));
}

bool AppendAtOnce::take(std::span<sql::Rows> answers) {
    struct Found {
        model::Seq seq = 0;
        model::Rev rev = 0;
    };
    sql::Rows& rows = answers.back();
    if (rows.empty()) return false;
    CHECK(rows.size() == heads_.size());
    std::map<std::int64_t, Found> found;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        sql::Row row = rows[i];
        Found& head = found[row.integer()];
        head.seq = row.number();
        head.rev = row.number();
    }
    for (Item& item : items_) {
        const Found& head = found.at(item.thread_number);
        item.message.seq = head.seq + static_cast<model::Seq>(item.nth);
        item.message.rev = head.rev + static_cast<model::Rev>(item.nth);
    }
    return true;
}

}  // namespace banter::postgres
