#include "storage/postgres/writer.hpp"

#include "base/check.hpp"
#include "base/elapsed.hpp"
#include "storage/postgres/line.hpp"
#include "storage/postgres/publish.hpp"
#include "storage/sql/answers.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <exception>
#include <iterator>

namespace banter::postgres {

namespace {

using SteadyClock = std::chrono::steady_clock;

/// The server is full, away, or didn't get a lock in time: smaller batches would fare no better.
bool fails_every_batch(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const StorageFailure&) {
        return true;
    } catch (...) {
        return false;
    }
}

bool was_lost_in_commit(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const LinkLost& lost) {
        return lost.may_be_written();
    } catch (...) {
        return false;
    }
}

/// However a later attempt ended, nobody knows what became of an earlier one.
std::exception_ptr outcome_unknown(const std::exception_ptr& failure) {
    std::string why = "the link to PostgreSQL was lost";
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& known) {
        why = known.what();
    } catch (...) {}
    return std::make_exception_ptr(StorageFailure(Errc::outcome_unknown, why));
}

}  // namespace

Writer::Writer(Executor executor, const Parts& parts)
    : executor_(executor), parts_(parts), link_(executor, parts.link), tasks_(executor) {}

void Writer::submit(std::unique_ptr<AppendItem> item) {
    if (!closed_.empty()) return refuse(std::move(item), Errc::storage_unavailable, closed_);
    if (waiting_.size() >= parts_.link.options.waiting_max) {
        return refuse(std::move(item), Errc::busy, "too many writes wait");
    }
    waiting_.push_back(std::move(item));
    parts_.queue_items.set(static_cast<std::int64_t>(waiting_.size()));
    if (std::exchange(serving_, true)) return;
    tasks_.spawn("appending to PostgreSQL", serve());
}

void Writer::refuse(std::unique_ptr<AppendItem> item, Errc code, const std::string& why) {
    item->failure = std::make_exception_ptr(StorageFailure(code, why));
    AppendItems one;
    one.push_back(std::move(item));
    answer(std::move(one));
}

/// They have waited for a server that is away.
void Writer::refuse_waiting() {
    for (auto& item : std::exchange(waiting_, {})) {
        refuse(std::move(item), Errc::busy, "PostgreSQL is away");
    }
}

void Writer::answer(AppendItems batch) {
    std::vector<AppendItems> returns(parts_.loops.size());
    for (auto& item : batch) returns[item->loop()].push_back(std::move(item));
    for (std::size_t loop = 0; loop < returns.size(); ++loop) {
        if (returns[loop].empty()) continue;
        sql::Answers<AppendItem> answers{parts_.loops[loop], std::move(returns[loop])};
        asio::post(parts_.loops[loop], std::move(answers));
    }
}

Task<> Writer::serve() {
    while (!waiting_.empty()) {
        auto batch = take_batch();
        if (!batch.empty()) co_await write(std::move(batch));
        if (!link_.is_open()) refuse_waiting();
    }
    serving_ = false;
}

AppendItems Writer::take_batch() {
    AppendItems batch;
    const auto oldest = SteadyClock::now() - parts_.link.options.wait_at_most;
    while (!waiting_.empty() && batch.size() < parts_.link.options.batch_items_max) {
        auto item = std::move(waiting_.front());
        waiting_.pop_front();
        if (item->since < oldest) {
            refuse(std::move(item), Errc::busy, "the database is too slow");
        } else {
            batch.push_back(std::move(item));
        }
    }
    parts_.queue_items.set(static_cast<std::int64_t>(waiting_.size()));
    return batch;
}

Task<> Writer::write(AppendItems batch) {
    const auto since = SteadyClock::now();
    parts_.batch_items.observe(batch.size());
    std::vector<Append*> appends;
    for (const auto& item : batch) appends.push_back(item.get());
    sql::Outbox outbox;
    co_await write_some(appends, outbox);

    const auto deferred = std::stable_partition(batch.begin(), batch.end(), [](const auto& item) {
        return !item->deferred;
    });
    waiting_.insert(
        waiting_.begin(), std::make_move_iterator(deferred), std::make_move_iterator(batch.end())
    );
    batch.erase(deferred, batch.end());
    answer(std::move(batch));
    publish_in_turn(executor_, parts_.bus, std::move(outbox.events));
    parts_.batch_seconds.observe(microseconds_since(since));
}

Task<> Writer::write_some(std::span<Append* const> some, sql::Outbox& outbox) {
    const std::exception_ptr failure = co_await try_some(some, outbox);
    if (!failure) co_return;
    if (some.size() > 1 && !fails_every_batch(failure)) {
        const std::size_t half = some.size() / 2;
        co_await write_some(some.first(half), outbox);
        co_await write_some(some.subspan(half), outbox);
        co_return;
    }
    for (Append* append : some) {
        append->answer.reset();
        append->failure = failure;
        append->deferred = false;
    }
}

Task<std::exception_ptr> Writer::try_some(std::span<Append* const> some, sql::Outbox& outbox) {
    bool may_be_written = false;
    for (std::size_t attempt = 1;; ++attempt) {
        sql::Outbox told;
        std::exception_ptr failure;
        try {
            co_await link_.open();
            co_await append_batch(link_, memory_, some, told);
        } catch (...) {
            failure = std::current_exception();
        }
        if (!failure) {
            std::move(told.events.begin(), told.events.end(), std::back_inserter(outbox.events));
            co_return failure;
        }
        may_be_written = may_be_written || was_lost_in_commit(failure);
        failure = settle(failure, attempt, Errc::busy);
        if (failure && may_be_written) failure = outcome_unknown(failure);
        if (failure) co_return failure;
    }
}

}  // namespace banter::postgres
