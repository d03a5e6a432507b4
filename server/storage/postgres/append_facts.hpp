// What has to be known to append a batch of messages, read under the locks of their threads.
#pragma once

#include "storage/message_store.hpp"
#include "storage/postgres/append_memory.hpp"
#include "storage/postgres/link.hpp"
#include "storage/sql/thread_rows.hpp"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace banter::postgres {

/// A message that waits to be appended, and what becomes of it.
struct Append {
    storage::NewMessage message;
    storage::ThreadRule rule;
    /// One of both, when it is done.
    std::optional<Result<model::Message>> answer;
    std::exception_ptr failure;
    /// The next batch is to take it.
    bool deferred = false;
};

/// A message that was stored before with the nonce of one that is to be appended.
struct EarlierMessage {
    sql::Place place = 0;
    model::RequestHash request_hash{};
    model::ThreadId thread;
};

class AppendFacts {
public:
    /// Asks for what is needed. The first query locks the rows of all threads, and of the threads
    /// that replies belong to, in one order for everybody; the others are newer than these locks.
    /// They share a round trip, behind the beginning of the transaction.
    [[nodiscard]] std::vector<Query> queries(std::span<Append* const> batch);
    /// Their answers, in their order.
    void take(std::span<sql::Rows> answers);

    /// The threads, as their authors see them.
    void remember_in(AppendMemory& memory) const;

    /// The thread as the author sees it; null: there is none.
    [[nodiscard]] const sql::ThreadRow* thread(model::ThreadId thread, model::UserId author) const;
    [[nodiscard]] const EarlierMessage* earlier(model::UserId author, model::Nonce nonce) const;
    [[nodiscard]] bool is_in_thread(model::MessageId message, std::int64_t thread_number) const;
    /// Whether the user is a member of the thread, or of the one that its replies belong to.
    [[nodiscard]] bool is_member(model::ThreadId thread, model::UserId user) const;
    /// A file of the author's that is in no message; null: there is none.
    [[nodiscard]] const model::File* file(model::FileId file, model::UserId author) const;

private:
    using Reader = void (AppendFacts::*)(sql::Row);

    void ask(std::vector<Query>& queries, Query query, Reader reader);
    void read_lock(sql::Row) {}
    void read_thread(sql::Row row);
    void read_earlier(sql::Row row);
    void read_place(sql::Row row);
    void read_member(sql::Row row);
    void read_file(sql::Row row);

    struct OwnedFile {
        model::UserId uploader;
        model::File file;
    };

    /// What reads each row of the answer to each query.
    std::vector<Reader> readers_;
    std::map<std::pair<model::ThreadId, model::UserId>, sql::ThreadRow> threads_;
    std::map<std::pair<model::UserId, model::Nonce>, EarlierMessage> earlier_;
    std::map<model::MessageId, sql::Place> places_;
    std::set<std::pair<model::ThreadId, model::UserId>> members_;
    std::map<model::FileId, OwnedFile> files_;
};

}  // namespace banter::postgres
