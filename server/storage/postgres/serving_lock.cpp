#include "storage/postgres/serving_lock.hpp"

#include "storage/postgres/advisory_locks.hpp"

#include <stdexcept>
#include <utility>

namespace banter::postgres {

namespace {

constexpr const char* try_to_take =
    "SELECT CASE WHEN pg_try_advisory_lock" BANTER_SERVING " THEN 1 ELSE 0 END";
constexpr const char* pause = "SELECT 1 FROM pg_sleep(0.05)";

/// How long the server may take to notice that the process before has ended: 3 seconds.
constexpr int attempts = 60;

}  // namespace

void take_serving_lock(Session& session) {
    for (int attempt = 0; attempt < attempts; ++attempt) {
        if (session.query(try_to_take)[0].flag()) return;
        (void)session.query(pause);
    }
    throw std::runtime_error(
        "another Banter serves from the database " + session.database() +
        ": end it first, or give this one a database of its own"
    );
}

ServingLock::ServingLock(Executor executor, const Link::Parts& parts, Session session)
    : link_(executor, parts) {
    take_serving_lock(session);
    link_.adopt(session.take());
}

Task<bool> ServingLock::keep() {
    if (link_.is_open()) co_return true;
    std::vector<Query> queries;
    queries.push_back({try_to_take, {}});
    bool taken = false;
    try {
        co_await link_.open();
        auto answers = co_await link_.exchange(std::move(queries));
        taken = answers.front()[0].flag();
    } catch (const LinkLost&) {
        co_return true;  // nobody serves from a database that can't be reached
    }
    if (!taken) link_.close();
    co_return taken;
}

}  // namespace banter::postgres
