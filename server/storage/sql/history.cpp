#include "storage/sql/history.hpp"

#include "model/limits.hpp"
#include "storage/sql/changed_runs.hpp"
#include "storage/sql/message_codec.hpp"
#include "storage/sql/message_rows.hpp"
#include "storage/sql/page_cut.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

namespace banter::sql {

namespace {

// A range of the primary key.
constexpr Statement messages_in_range{
    "SELECT " BANTER_MESSAGE_COLUMNS
    "FROM messages WHERE place >= $1 AND place <= $2 ORDER BY place"};

// A range of the primary key: messages that are as they came, whose rev rises with their place.
constexpr Statement new_since{
    "SELECT " BANTER_MESSAGE_COLUMNS
    "FROM messages WHERE place >= $1 AND place <= $2 AND rev = first_rev ORDER BY place LIMIT $3"};

// messages_changed: a range of revs in one thread.
constexpr Statement changed_since{
    "SELECT " BANTER_MESSAGE_COLUMNS
    "FROM messages WHERE place >> 32 = $1 AND rev <> first_rev AND rev > $2 AND rev <= $3 "
    "ORDER BY rev LIMIT $4"};

/// The last seq of ($2, $3] of the thread whose places begin at $1 for which COLUMN, which rises
/// with the seq, is AT_MOST ("<= $4", say), or $2. The primary key, once for each halving and once
/// for the range that is left, whose messages lie in few pages.
#define BANTER_LAST_SEQ(COLUMN, AT_MOST)                                             \
    "WITH RECURSIVE halving (low, high) AS ("                                        \
    "SELECT CAST($2 AS BIGINT), CAST($3 AS BIGINT) UNION ALL SELECT "                \
    "CASE WHEN m." COLUMN " " AT_MOST                                                \
    " THEN (low + high + 1) / 2 ELSE low END, "                                      \
    "CASE WHEN m." COLUMN " " AT_MOST                                                \
    " THEN high ELSE (low + high + 1) / 2 - 1 END "                                  \
    "FROM halving LEFT JOIN messages m ON m.place = $1 + (low + high + 1) / 2 "      \
    "WHERE high - low > 16) "                                                        \
    "SELECT coalesce((SELECT n.place - $1 FROM messages n WHERE n.place > $1 + low " \
    "AND n.place <= $1 + high AND n." COLUMN " " AT_MOST                             \
    " ORDER BY n.place DESC LIMIT 1), low) "                                         \
    "FROM halving WHERE high - low <= 16"

constexpr Statement last_known{BANTER_LAST_SEQ("first_rev", "<= $4")};
constexpr Statement last_older{BANTER_LAST_SEQ("created_at", "< $4")};

/// Messages of a resumed answer that are read at once: about a tenth of the longest.
constexpr std::size_t changes_chunk = 64;

Task<model::Seq> first_seq_from(Connection& connection, ThreadRow thread, Timestamp time) {
    const model::Thread& about = thread.view.thread;
    Rows rows = co_await connection.query(
        last_older, place_of(thread.number, 0), about.first_seq - 1, about.seq, time
    );
    co_return rows[0].number() + 1;
}

Task<std::vector<model::Message>> read_range(
    Connection& connection,
    ThreadRow thread,
    SeqRange range
) {
    if (range.last < range.first) co_return std::vector<model::Message>{};
    co_return messages_from(
        co_await connection.query(
            messages_in_range,
            place_of(thread.number, range.first),
            place_of(thread.number, range.last)
        ),
        thread.view.thread.id
    );
}

Task<std::vector<model::Message>> read_page(
    Connection& connection,
    ThreadRow thread,
    storage::HistoryRequest request
) {
    model::Seq at_time = 0;
    if (const auto* at = std::get_if<storage::AtTime>(&request.place)) {
        at_time = co_await first_seq_from(connection, thread, at->time);
    }
    const SeqRange range = range_of(request.place, request.count_max, thread.view.thread, at_time);
    auto messages = co_await read_range(connection, std::move(thread), range);
    co_return cut_to_bytes(std::move(messages), request.place, request.bytes_max);
}

/// As much as any first join may ask for.
Task<std::vector<model::Message>> read_newest(Connection& connection, ThreadRow thread) {
    storage::HistoryRequest widest;
    widest.thread = thread.view.thread.id;
    widest.count_max = model::limits::join_messages_max;
    widest.bytes_max = model::limits::answer_bytes_max;
    co_return co_await read_page(connection, std::move(thread), std::move(widest));
}

/// Whether there is more on either side of a page; an empty one lies where it was asked for.
void set_more(storage::History& history, const storage::HistoryPlace& place) {
    const model::Thread& thread = history.view.thread;
    if (thread.seq < thread.first_seq) return;
    if (!history.messages.empty()) {
        history.more_before = history.messages.front().seq > thread.first_seq;
        history.more_after = history.messages.back().seq < thread.seq;
        return;
    }
    const bool at_start = std::holds_alternative<storage::Before>(place);
    history.more_after = at_start;
    history.more_before = !at_start;
}

/// What changed in one thread, by rev, taken from two ordered sources: messages that are as they
/// came, by their place, and those that were changed later, by their rev.
class Changes {
public:
    Changes(Connection& connection, ThreadRow thread, model::Rev after, model::Rev up_to)
        : connection_(connection), thread_(std::move(thread)), at_(after), up_to_(up_to) {}

    /// The next at most changes_chunk messages; fewer: these were the last.
    [[nodiscard]] Task<std::vector<model::Message>> next() {
        auto changed = messages_from(
            co_await connection_.query(changed_since, thread_.number, at_, up_to_, changes_chunk),
            thread_.view.thread.id
        );
        const model::Rev end = changed.size() < changes_chunk ? up_to_ : changed.back().rev;
        const model::Seq known = co_await last_seq_at(at_);
        const model::Seq last = co_await last_seq_at(end);
        auto fresh = co_await read_fresh(known, last);
        auto found = merged(std::move(fresh), std::move(changed));
        if (!found.empty()) at_ = found.back().rev;
        co_return found;
    }

private:
    /// The first at most changes_chunk messages with a seq in (after, last] that are as they came.
    Task<std::vector<model::Message>> read_fresh(model::Seq after, model::Seq last) {
        std::vector<model::Message> fresh;
        if (last <= after) co_return fresh;
        const PlaceRange within{
            place_of(thread_.number, after + 1), place_of(thread_.number, last)};
        const auto ranges = co_await ranges_around_runs(connection_, within, changes_chunk);
        for (const PlaceRange& range : ranges) {
            const std::size_t wanted = changes_chunk - fresh.size();
            if (wanted == 0) break;
            auto found = messages_from(
                co_await connection_.query(new_since, range.first, range.last, wanted),
                thread_.view.thread.id
            );
            std::move(found.begin(), found.end(), std::back_inserter(fresh));
        }
        co_return fresh;
    }

    /// The thread's seq when its rev was `rev`.
    Task<model::Seq> last_seq_at(model::Rev rev) {
        const model::Thread& thread = thread_.view.thread;
        if (rev >= thread.rev) co_return thread.seq;
        // Each message that came since took a rev of its own, and each before took one.
        const model::Rev behind = thread.rev - rev;
        const model::Seq low = thread.seq - std::min<model::Seq>(behind, thread.seq);
        const model::Seq high = std::max(low, std::min<model::Seq>(thread.seq, rev));
        Rows rows =
            co_await connection_.query(last_known, place_of(thread_.number, 0), low, high, rev);
        co_return rows[0].number();
    }

    static std::vector<model::Message> merged(
        std::vector<model::Message> fresh,
        std::vector<model::Message> changed
    ) {
        std::vector<model::Message> out;
        out.reserve(fresh.size() + changed.size());
        std::merge(
            std::make_move_iterator(fresh.begin()),
            std::make_move_iterator(fresh.end()),
            std::make_move_iterator(changed.begin()),
            std::make_move_iterator(changed.end()),
            std::back_inserter(out),
            [](const model::Message& one, const model::Message& other) {
                return one.rev < other.rev;
            }
        );
        if (out.size() > changes_chunk) out.resize(changes_chunk);
        return out;
    }

    Connection& connection_;
    ThreadRow thread_;
    model::Rev at_;
    model::Rev up_to_;
};

}  // namespace

bool is_cacheable(const storage::HistoryRequest& request) {
    return std::holds_alternative<storage::Newest>(request.place) &&
           request.count_max <= model::limits::join_messages_max &&
           request.bytes_max <= model::limits::answer_bytes_max;
}

Task<Result<HistoryPage>> read_history(
    Connection& connection,
    storage::HistoryRequest request,
    storage::ThreadRule rule,
    std::optional<storage::CacheEntry> cached
) {
    auto thread = co_await find_thread(connection, request.thread, request.viewer);
    if (!thread) co_return no_such_thread();
    if (auto refused = rule(thread->view)) co_return std::move(*refused);

    HistoryPage page;
    page.history.view = thread->view;
    std::vector<model::Message>& messages = page.history.messages;
    if (!is_cacheable(request)) {
        messages = co_await read_page(connection, *thread, request);
    } else if (cached && cached->rev == thread->view.thread.rev) {
        messages = decode_messages(*cached->bytes, request.thread);
    } else {
        messages = co_await read_newest(connection, *thread);
        page.newest = encode_messages(messages);
    }
    if (messages.size() > request.count_max) {
        const auto excess = static_cast<std::ptrdiff_t>(messages.size() - request.count_max);
        messages.erase(messages.begin(), messages.begin() + excess);
    }
    messages = cut_to_bytes(std::move(messages), request.place, request.bytes_max);
    set_more(page.history, request.place);
    messages = co_await with_mine(connection, std::move(messages), thread->number, request.viewer);
    co_return std::move(page);
}

Task<Result<storage::History>> read_changes(
    Connection& connection,
    model::ThreadId id,
    model::UserId viewer,
    model::Rev since,
    std::size_t bytes_max,
    storage::ThreadRule rule
) {
    auto thread = co_await find_thread(connection, id, viewer);
    if (!thread) co_return no_such_thread();
    if (auto refused = rule(thread->view)) co_return std::move(*refused);

    storage::History history;
    history.view = thread->view;
    std::size_t bytes = 0;
    Changes changes(connection, *thread, since, thread->view.thread.rev);
    for (bool more = true; more && !history.more_after;) {
        auto chunk = co_await changes.next();
        more = chunk.size() == changes_chunk;
        for (auto& message : chunk) {
            bytes += model::wire_size_bound(message);
            const bool full = history.messages.size() == model::limits::resume_messages_max;
            if (full || (bytes > bytes_max && !history.messages.empty())) {
                history.more_after = true;
                break;
            }
            history.messages.push_back(std::move(message));
        }
    }
    history.messages =
        co_await with_mine(connection, std::move(history.messages), thread->number, viewer);
    co_return std::move(history);
}

Task<std::vector<model::Message>> read_changed_between(
    Connection& connection,
    model::ThreadId id,
    model::Rev after,
    model::Rev up_to
) {
    std::vector<model::Message> messages;
    auto thread = co_await find_thread(connection, id, everyone);
    if (!thread) co_return messages;
    Changes changes(connection, *thread, after, up_to);
    for (bool more = true; more;) {
        auto chunk = co_await changes.next();
        more = chunk.size() == changes_chunk;
        std::move(chunk.begin(), chunk.end(), std::back_inserter(messages));
    }
    co_return messages;
}

}  // namespace banter::sql
