#include "storage/sqlite/transaction.hpp"

#include "base/check.hpp"
#include "base/log.hpp"
#include "storage/sql/reply_threads.hpp"

#include <sqlite3.h>

#include <exception>
#include <utility>

namespace banter::sqlite {

void Transaction::begin() {
    CHECK(outbox_.events.empty());
    handle_.run("BEGIN IMMEDIATE");
}

void Transaction::commit() {
    try {
        handle_.run("COMMIT");
    } catch (const StorageFailure& failure) {
        // Refused before the commit's frame was written: nothing is stored. After any other failure
        // (of the sync, of the shared memory behind it) a crash may bring the batch back.
        if (failure.code() == Errc::storage_full && handle_.last_code() == SQLITE_FULL) throw;
        throw StorageFailure(Errc::outcome_unknown, failure.what());
    }
}

void Transaction::roll_back() noexcept {
    outbox_.events.clear();
    try {
        if (handle_.in_transaction()) handle_.run("ROLLBACK");
    } catch (const std::exception& failure) {
        log::error("rollback failed", {{"why", failure.what()}});
    }
}

Result<model::Message> Transaction::append(
    storage::NewMessage message,
    const storage::ThreadRule& rule
) {
    Appended appended;
    try {
        auto answer = appender_.append(std::move(message), rule, outbox_, appended);
        if (appended.reply_thread)
            scripts_.run(sql::after_reply(connection_, outbox_, *appended.reply_thread, *answer));
        return answer;
    } catch (const StorageFailure&) {
        throw;
    } catch (const std::exception& failure) {
        if (!appended.wrote) throw;
        // Half an item is written, and it has no savepoint.
        throw StorageFailure(Errc::storage_unavailable, failure.what());
    }
}

void Transaction::run(sql::Work& work) {
    const std::size_t told = outbox_.events.size();
    handle_.run("SAVEPOINT item");
    try {
        scripts_.run(work.run(connection_, outbox_));
    } catch (const StorageFailure&) {
        throw;
    } catch (...) {
        outbox_.events.resize(told);
        handle_.run("ROLLBACK TO item; RELEASE item");
        throw;
    }
    if (work.refused()) {
        outbox_.events.resize(told);
        handle_.run("ROLLBACK TO item");
    }
    handle_.run("RELEASE item");
}

std::vector<model::SharedEvent> Transaction::take_events() {
    return std::exchange(outbox_.events, {});
}

}  // namespace banter::sqlite
