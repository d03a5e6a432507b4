#include "storage/postgres/append_facts.hpp"

#include "base/check.hpp"
#include "storage/sql/file_rows.hpp"

namespace banter::postgres {

namespace {

// threads_by_id, then the primary key. Whoever locks more than one thread at a time, and not in
// this order, may have to begin anew.
constexpr const char* lock_threads =
    "SELECT number FROM threads WHERE number IN ("
    "SELECT t.number FROM threads t WHERE t.id = ANY ($1) UNION "
    "SELECT p.number FROM threads t JOIN threads p ON p.id = t.parent_thread_id "
    "WHERE t.id = ANY ($1)) ORDER BY number FOR NO KEY UPDATE";

// threads_by_id, then the primary key of members, of which a join might use only the first half.
constexpr const char* find_threads =
    "SELECT a.thread_id, a.user_id, " BANTER_THREAD_COLUMNS
    "0 FROM unnest($1, $2) AS a (thread_id, user_id) JOIN threads t ON t.id = a.thread_id "
    "LEFT JOIN LATERAL (SELECT * FROM members m WHERE m.thread = t.number "
    "AND m.user_id = a.user_id LIMIT 1) AS m ON true "
    "LEFT JOIN threads p ON p.id = t.parent_thread_id "
    "LEFT JOIN LATERAL (SELECT * FROM members pm WHERE pm.thread = p.number "
    "AND pm.user_id = a.user_id LIMIT 1) AS pm ON true";

// messages_by_nonce, then the primary keys of messages and threads.
constexpr const char* find_earlier =
    "SELECT n.author_id, n.nonce, n.place, n.request_hash, t.id "
    "FROM unnest($1, $2) AS a (author_id, nonce) "
    "JOIN messages n ON n.author_id = a.author_id AND n.nonce = a.nonce "
    "JOIN threads t ON t.number = n.place >> 32";

// messages_by_id.
constexpr const char* find_places = "SELECT id, place FROM messages WHERE id = ANY ($1)";

// threads_by_id, then the primary key of members.
constexpr const char* find_members =
    "SELECT a.thread_id, a.user_id FROM unnest($1, $2) AS a (thread_id, user_id) "
    "JOIN threads t ON t.id = a.thread_id LEFT JOIN threads p ON p.id = t.parent_thread_id "
    "JOIN members m ON m.thread = coalesce(p.number, t.number) AND m.user_id = a.user_id";

// The primary key. Locked, so that what is read is what the message takes.
constexpr const char* lock_files =
    "SELECT uploader_id, " BANTER_FILE_COLUMNS
    "FROM files WHERE id = ANY ($1) AND place IS NULL AND dropped_at IS NULL "
    "ORDER BY id FOR NO KEY UPDATE";

template <typename Id>
std::optional<std::string> element_of(const Id& id) {
    return bytes_of(id.uuid);
}

template <typename Ids>
Parameter encode_ids(const Ids& ids) {
    std::vector<std::optional<std::string>> list;
    for (const auto& id : ids) list.push_back(element_of(id));
    return encode_list_of_bytes(list);
}

/// The first of each as one list, the second of each as another.
template <typename Pairs>
void add_pairs(Query& query, const Pairs& pairs) {
    std::vector<std::optional<std::string>> first;
    std::vector<std::optional<std::string>> second;
    for (const auto& [one, other] : pairs) {
        first.push_back(element_of(one));
        second.push_back(element_of(other));
    }
    query.parameters.push_back(encode_list_of_bytes(first));
    query.parameters.push_back(encode_list_of_bytes(second));
}

template <typename Ids>
Query query_of_ids(const char* text, const Ids& ids) {
    Query query{text, {}};
    query.parameters.push_back(encode_ids(ids));
    return query;
}

template <typename Pairs>
Query query_of_pairs(const char* text, const Pairs& pairs) {
    Query query{text, {}};
    add_pairs(query, pairs);
    return query;
}

template <typename Map, typename Key>
const typename Map::mapped_type* find_in(const Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

/// Each once.
struct Asked {
    std::set<model::ThreadId> threads;
    std::set<std::pair<model::ThreadId, model::UserId>> views;
    std::set<std::pair<model::UserId, model::Nonce>> nonces;
    std::set<model::MessageId> messages;
    std::set<std::pair<model::ThreadId, model::UserId>> mentioned;
    std::set<model::FileId> files;
};

Asked asked_by(std::span<Append* const> batch) {
    Asked asked;
    for (const Append* append : batch) {
        const storage::NewMessage& message = append->message;
        asked.threads.insert(message.thread);
        asked.views.emplace(message.thread, message.author);
        asked.nonces.emplace(message.author, message.nonce);
        if (message.reply_to) asked.messages.insert(*message.reply_to);
        for (const auto& user : message.mentions.users) {
            asked.mentioned.emplace(message.thread, user);
        }
        asked.files.insert(message.attachments.begin(), message.attachments.end());
    }
    return asked;
}

}  // namespace

void AppendFacts::ask(std::vector<Query>& queries, Query query, Reader reader) {
    queries.push_back(std::move(query));
    readers_.push_back(reader);
}

std::vector<Query> AppendFacts::queries(std::span<Append* const> batch) {
    CHECK(readers_.empty());
    const Asked asked = asked_by(batch);
    std::vector<Query> all;
    ask(all, query_of_ids(lock_threads, asked.threads), &AppendFacts::read_lock);
    ask(all, query_of_pairs(find_threads, asked.views), &AppendFacts::read_thread);
    ask(all, query_of_pairs(find_earlier, asked.nonces), &AppendFacts::read_earlier);
    if (!asked.messages.empty()) {
        ask(all, query_of_ids(find_places, asked.messages), &AppendFacts::read_place);
    }
    if (!asked.mentioned.empty()) {
        ask(all, query_of_pairs(find_members, asked.mentioned), &AppendFacts::read_member);
    }
    if (!asked.files.empty()) {
        ask(all, query_of_ids(lock_files, asked.files), &AppendFacts::read_file);
    }
    return all;
}

void AppendFacts::take(std::span<sql::Rows> answers) {
    CHECK(answers.size() == readers_.size());
    for (std::size_t i = 0; i < answers.size(); ++i) {
        for (std::size_t row = 0; row < answers[i].size(); ++row) {
            (this->*readers_[i])(answers[i][row]);
        }
    }
}

void AppendFacts::read_thread(sql::Row row) {
    const auto thread = row.id<model::ThreadId>();
    const auto author = row.id<model::UserId>();
    threads_.emplace(std::pair(thread, author), sql::thread_row_from(row));
}

void AppendFacts::read_earlier(sql::Row row) {
    const auto author = row.id<model::UserId>();
    const auto nonce = row.id<model::Nonce>();
    EarlierMessage& earlier = earlier_[{author, nonce}];
    earlier.place = row.integer();
    earlier.request_hash = row.hash<std::tuple_size_v<model::RequestHash>>();
    earlier.thread = row.id<model::ThreadId>();
}

void AppendFacts::read_place(sql::Row row) {
    const auto message = row.id<model::MessageId>();
    places_.emplace(message, row.integer());
}

void AppendFacts::read_member(sql::Row row) {
    const auto thread = row.id<model::ThreadId>();
    members_.emplace(thread, row.id<model::UserId>());
}

void AppendFacts::read_file(sql::Row row) {
    const auto uploader = row.id<model::UserId>();
    model::File file = sql::file_from(row);
    const model::FileId id = file.id;
    files_.emplace(id, OwnedFile{uploader, std::move(file)});
}

void AppendFacts::remember_in(AppendMemory& memory) const {
    for (const auto& [key, row] : threads_) memory.keep(key.second, row);
}

const sql::ThreadRow* AppendFacts::thread(model::ThreadId thread, model::UserId author) const {
    return find_in(threads_, std::pair(thread, author));
}

const EarlierMessage* AppendFacts::earlier(model::UserId author, model::Nonce nonce) const {
    return find_in(earlier_, std::pair(author, nonce));
}

bool AppendFacts::is_in_thread(model::MessageId message, std::int64_t thread_number) const {
    const sql::Place* place = find_in(places_, message);
    return place != nullptr && sql::thread_number_of(*place) == thread_number;
}

bool AppendFacts::is_member(model::ThreadId thread, model::UserId user) const {
    return members_.contains({thread, user});
}

const model::File* AppendFacts::file(model::FileId file, model::UserId author) const {
    const OwnedFile* found = find_in(files_, file);
    return found != nullptr && found->uploader == author ? &found->file : nullptr;
}

}  // namespace banter::postgres
