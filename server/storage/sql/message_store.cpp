#include "storage/sql/message_store.hpp"

#include "model/limits.hpp"
#include "storage/sql/cursor.hpp"
#include "storage/sql/history.hpp"
#include "storage/sql/message_changes.hpp"
#include "storage/sql/message_rows.hpp"
#include "storage/sql/reply_threads.hpp"

#include <memory>
#include <utility>
#include <variant>

namespace banter::sql {

namespace {

// A range of the primary key of reactions.
constexpr Statement reactions_after{
    "SELECT rev, user_id FROM reactions WHERE place = $1 AND emoji = $2 AND rev > $3 "
    "ORDER BY rev LIMIT $4"};

Task<std::optional<storage::FoundMessage>> find_message(
    Connection& connection,
    model::MessageId message,
    model::UserId viewer
) {
    const auto place = co_await find_place(connection, message);
    if (!place) co_return std::nullopt;
    auto thread = co_await find_thread_of_place(connection, *place, viewer);
    CHECK(thread.has_value());
    auto found =
        messages_from(co_await connection.query(message_by_place, *place), thread->view.thread.id);
    found = co_await with_mine(connection, std::move(found), thread->number, viewer);
    CHECK(found.size() == 1);
    co_return storage::FoundMessage{std::move(thread->view), std::move(found.front())};
}

std::uint64_t count_of(const model::Message& message, const std::string& emoji) {
    for (const model::Reaction& reaction : message.reactions) {
        if (reaction.emoji == emoji) return reaction.count;
    }
    return 0;
}

/// One more row than the page holds tells whether there is a next one.
model::Page<model::UserId> users_from(Rows rows, std::size_t limit) {
    model::Page<model::UserId> page;
    Cursor last;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i == limit) {
            page.next = encode_cursor(last);
            break;
        }
        Row row = rows[i];
        last.number = row.integer();
        page.items.push_back(row.id<model::UserId>());
    }
    return page;
}

Task<std::optional<storage::FoundReactions>> find_reactions(
    Connection& connection,
    model::MessageId id,
    model::UserId viewer,
    std::string emoji,
    model::PageRequest page
) {
    auto found = co_await find_message(connection, id, viewer);
    if (!found) co_return std::nullopt;
    storage::FoundReactions reactions;
    reactions.view = std::move(found->view);
    reactions.count = count_of(found->message, emoji);
    const auto start = page.cursor ? decode_cursor(*page.cursor) : Cursor{};
    if (!start || reactions.count == 0) co_return reactions;
    const auto place = co_await find_place(connection, id);
    Rows rows =
        co_await connection.query(reactions_after, *place, emoji, start->number, page.limit + 1);
    reactions.users = users_from(std::move(rows), page.limit);
    co_return reactions;
}

/// The key of a thread's newest page.
std::string page_key(const model::ThreadId& thread) {
    std::string key(1, 'p');
    key.append(thread.uuid.bytes.begin(), thread.uuid.bytes.end());
    return key;
}

}  // namespace

Task<Result<model::Message>> SqlMessageStore::append(
    storage::NewMessage message,
    storage::ThreadRule rule
) {
    return database_.append(std::move(message), std::move(rule));
}

Task<Result<model::MessageChange>> SqlMessageStore::edit(
    storage::MessageEdit edit,
    storage::MessageRule rule
) {
    return database_.write_beside(edit_message, std::move(edit), std::move(rule));
}

Task<Result<model::MessageChange>> SqlMessageStore::remove(
    model::MessageId message,
    model::UserId caller,
    Timestamp now,
    storage::MessageRule rule
) {
    return database_.write_beside(remove_message, message, caller, now, std::move(rule));
}

Task<Result<model::MessageChange>> SqlMessageStore::react(
    storage::ReactionEdit edit,
    storage::MessageRule rule
) {
    return database_.write_beside(react_to_message, std::move(edit), std::move(rule));
}

Task<std::optional<storage::FoundMessage>> SqlMessageStore::find(
    model::MessageId message,
    model::UserId viewer
) {
    return database_.read(find_message, message, viewer);
}

Task<std::optional<storage::FoundReactions>> SqlMessageStore::reactions(
    model::MessageId message,
    model::UserId viewer,
    std::string emoji,
    model::PageRequest page
) {
    return database_.read(find_reactions, message, viewer, std::move(emoji), std::move(page));
}

Task<Result<storage::History>> SqlMessageStore::history(
    storage::HistoryRequest request,
    storage::ThreadRule rule
) {
    if (!is_cacheable(request)) {
        co_return co_await read(std::move(request), std::move(rule), std::nullopt);
    }
    const model::ThreadId thread = request.thread;
    auto cached = cache_.find(page_key(thread));
    // After a restart a thousand may join one thread at once.
    for (bool waited = true; !cached && waited;) {
        waited = co_await page_readers_.wait(thread);
        cached = cache_.find(page_key(thread));
    }
    std::optional<OneReader<model::ThreadId>::Turn> turn;
    const Executor loop = co_await asio::this_coro::executor;
    if (!cached) {
        turn.emplace(page_readers_, thread, loop);
        if (shared_ != nullptr) cached = co_await shared_->find(page_key(thread));
    }
    co_return co_await read(std::move(request), std::move(rule), std::move(cached));
}

Task<Result<storage::History>> SqlMessageStore::read(
    storage::HistoryRequest request,
    storage::ThreadRule rule,
    std::optional<storage::CacheEntry> cached
) {
    const model::ThreadId thread = request.thread;
    auto page = co_await database_.read(
        read_history, std::move(request), std::move(rule), std::move(cached)
    );
    if (!page) co_return page.error();
    if (page->newest) {
        storage::CacheEntry entry;
        entry.rev = page->history.view.thread.rev;
        entry.bytes = std::make_shared<const std::string>(std::move(*page->newest));
        if (shared_ != nullptr) shared_->put(page_key(thread), entry);
        cache_.put(page_key(thread), std::move(entry));
    }
    co_return std::move(page->history);
}

Task<Result<storage::History>> SqlMessageStore::changes(
    model::ThreadId thread,
    model::UserId viewer,
    model::Rev since,
    std::size_t bytes_max,
    storage::ThreadRule rule
) {
    return database_.read(read_changes, thread, viewer, since, bytes_max, std::move(rule));
}

Task<std::size_t> SqlMessageStore::refresh_reply_summaries(Timestamp now, std::size_t count_max) {
    // Mostly nothing is due, and looking needs no turn of the writer.
    const bool due = co_await database_.read(is_summary_due, now);
    std::size_t refreshed = 0;
    if (due) refreshed = co_await database_.write(refresh_summaries, now, count_max);
    co_return refreshed;
}

Task<std::vector<model::Message>> SqlMessageStore::changed_between(
    model::ThreadId thread,
    model::Rev after,
    model::Rev up_to
) {
    return database_.read(read_changed_between, thread, after, up_to);
}

}  // namespace banter::sql
