// The log in SQL. Writes are scripts for the database's writer; the newest page of a thread is kept
// encoded at its rev, so that a first join costs the read of the thread's row and the caller's
// membership.
#pragma once

#include "storage/cache.hpp"
#include "storage/message_store.hpp"
#include "storage/shared_cache.hpp"
#include "storage/sql/database.hpp"
#include "storage/sql/one_reader.hpp"

#include <optional>

namespace banter::sql {

class SqlMessageStore final : public storage::MessageStore {
public:
    /// cache: of the loop that uses this store. shared: behind it, null if there is none.
    SqlMessageStore(
        Database& database,
        storage::Cache& cache,
        storage::SharedCache* shared = nullptr
    )
        : database_(database), cache_(cache), shared_(shared) {}

    [[nodiscard]] Task<Result<model::Message>> append(
        storage::NewMessage message,
        storage::ThreadRule rule
    ) override;
    [[nodiscard]] Task<Result<model::MessageChange>> edit(
        storage::MessageEdit edit,
        storage::MessageRule rule
    ) override;
    [[nodiscard]] Task<Result<model::MessageChange>> remove(
        model::MessageId message,
        model::UserId caller,
        Timestamp now,
        storage::MessageRule rule
    ) override;
    [[nodiscard]] Task<Result<model::MessageChange>> react(
        storage::ReactionEdit edit,
        storage::MessageRule rule
    ) override;
    [[nodiscard]] Task<std::optional<storage::FoundMessage>> find(
        model::MessageId message,
        model::UserId viewer
    ) override;
    [[nodiscard]] Task<std::optional<storage::FoundReactions>> reactions(
        model::MessageId message,
        model::UserId viewer,
        std::string emoji,
        model::PageRequest page
    ) override;
    /// For AtTime the times of a thread are taken to rise with seq, as they do but for the few
    /// milliseconds by which sends overtake each other.
    [[nodiscard]] Task<Result<storage::History>> history(
        storage::HistoryRequest request,
        storage::ThreadRule rule
    ) override;
    [[nodiscard]] Task<Result<storage::History>> changes(
        model::ThreadId thread,
        model::UserId viewer,
        model::Rev since,
        std::size_t bytes_max,
        storage::ThreadRule rule
    ) override;
    [[nodiscard]] Task<std::size_t> refresh_reply_summaries(Timestamp now, std::size_t count_max)
        override;
    [[nodiscard]] Task<std::vector<model::Message>> changed_between(
        model::ThreadId thread,
        model::Rev after,
        model::Rev up_to
    ) override;

private:
    [[nodiscard]] Task<Result<storage::History>> read(
        storage::HistoryRequest request,
        storage::ThreadRule rule,
        std::optional<storage::CacheEntry> cached
    );

    Database& database_;
    storage::Cache& cache_;
    storage::SharedCache* shared_;
    /// Of newest pages that are not cached.
    OneReader<model::ThreadId> page_readers_;
};

}  // namespace banter::sql
