#include "storage/postgres/transaction.hpp"

#include "base/check.hpp"
#include "storage/postgres/advisory_locks.hpp"

#include <exception>
#include <utility>

namespace banter::postgres {

namespace {

constexpr const char* begin_reading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
constexpr const char* begin_writing = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
// The lock is let go after what was committed can be seen.
constexpr const char* wait_to_be_alone = "SELECT 1 FROM pg_advisory_xact_lock" BANTER_ALONE;
constexpr const char* commit_it = "COMMIT";
constexpr const char* roll_it_back = "ROLLBACK";

}  // namespace

std::vector<Query> Transaction::beginning() {
    std::vector<Query> queries;
    if (std::exchange(begun_, true)) return queries;
    queries.push_back({access_ == Access::read ? begin_reading : begin_writing, {}});
    if (access_ == Access::write_alone) queries.push_back({wait_to_be_alone, {}});
    return queries;
}

Task<sql::Rows> Transaction::run(const sql::Statement& statement, sql::Parameters parameters) {
    std::vector<Query> queries = beginning();
    if (statement.lock != nullptr && access_ != Access::read) {
        CHECK(!parameters.empty());
        Query& lock = queries.emplace_back();
        lock.text = statement.lock;
        lock.parameters.push_back(encode(parameters.front()));
    }
    Query& query = queries.emplace_back();
    query.text = statement.text;
    for (const sql::Value& value : parameters) query.parameters.push_back(encode(value));
    auto answers = co_await link_.exchange(std::move(queries));
    co_return std::move(answers.back());
}

Task<> Transaction::commit() {
    std::vector<Query> nothing;
    if (begun_) co_await commit_with(std::move(nothing));
}

Task<> Transaction::commit_with(std::vector<Query> queries) {
    CHECK(begun_);
    queries.push_back({commit_it, {}});
    try {
        (void)co_await link_.exchange(std::move(queries));
    } catch (const LinkLost& lost) {
        if (access_ == Access::read) throw;
        throw StorageFailure(Errc::outcome_unknown, lost.what());
    }
}

Task<> Transaction::roll_back() {
    if (!begun_ || !link_.is_open()) co_return;
    std::vector<Query> queries;
    queries.push_back({roll_it_back, {}});
    try {
        (void)co_await link_.exchange(std::move(queries));
    } catch (const std::exception&) {
        // The server rolls back what a link leaves behind.
        link_.close();
    }
}

Task<> run_writing(Link& link, Access access, sql::Work& work, sql::Outbox& outbox) {
    Transaction transaction(link, access);
    std::exception_ptr failure;
    bool written = false;
    try {
        co_await work.run(transaction, outbox);
        if (!work.refused()) {
            co_await transaction.commit();
            written = true;
        }
    } catch (...) {
        failure = std::current_exception();
    }
    if (written) co_return;
    outbox.events.clear();
    co_await transaction.roll_back();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace banter::postgres
