// MessageStore::append on PostgreSQL in one round trip: for a batch of plain messages to threads
// that were written to lately.
//
// The rules are asked about what the writer remembers. The statement that writes compares it first
// with what is there, on a snapshot that is newer than the locks of the threads: whether access has
// changed, what the author is in the thread, whether the nonce is new. If anything is otherwise it
// writes nothing, and who asked has to look (append_batch). The messages are numbered there from
// the locked rows, so what others have said meanwhile is no difference.
#pragma once

#include "storage/postgres/append_facts.hpp"
#include "storage/postgres/append_memory.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace banter::postgres {

class AppendAtOnce {
public:
    /// Nothing, if one of the batch needs more than this (mentions, files, an answer to a message,
    /// a reply thread, a nonce that is twice in it), isn't remembered, or is refused by its rule.
    [[nodiscard]] static std::optional<AppendAtOnce> plan(
        AppendMemory& memory,
        std::span<Append* const> batch
    );

    /// Locks the threads, in the order in which everybody does, and then writes. To be sent
    /// together, as one implicit transaction.
    [[nodiscard]] std::vector<Query> queries() const;

    /// Their answers. False: nothing was written. Otherwise the messages are numbered.
    [[nodiscard]] bool take(std::span<sql::Rows> answers);

    struct Item {
        Append* append = nullptr;
        model::Message message;
        std::int64_t thread_number = 0;
        /// Of this batch's messages to the thread, from 1.
        std::int64_t nth = 0;
    };

    [[nodiscard]] std::vector<Item>& items() { return items_; }

private:
    struct Head {
        std::uint64_t access_rev = 0;
        std::int64_t count = 0;
    };
    struct Author {
        model::ThreadRole role{};
        /// The author's last message in the thread, and its day.
        std::int64_t nth = 0;
        std::int64_t used_day = 0;
    };

    [[nodiscard]] bool add(Append& append, const sql::ThreadRow& row);
    [[nodiscard]] Query locking() const;
    [[nodiscard]] Query writing() const;
    void add_heads(Query& query) const;
    void add_authors(Query& query) const;
    void add_items(Query& query) const;

    std::map<std::int64_t, Head> heads_;
    std::map<std::pair<std::int64_t, model::UserId>, Author> authors_;
    std::set<std::pair<model::UserId, model::Nonce>> nonces_;
    std::vector<Item> items_;
};

}  // namespace banter::postgres
