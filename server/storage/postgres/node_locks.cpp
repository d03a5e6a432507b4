#include "storage/postgres/node_locks.hpp"

#include "storage/postgres/advisory_locks.hpp"

#include <stdexcept>
#include <utility>

namespace banter::postgres {

namespace {

constexpr const char* try_to_serve =
    "SELECT CASE WHEN pg_try_advisory_lock_shared" BANTER_SERVING " THEN 1 ELSE 0 END";
constexpr const char* try_to_be_alone =
    "SELECT CASE WHEN pg_try_advisory_lock" BANTER_SERVING " THEN 1 ELSE 0 END";
constexpr const char* try_to_do_chores =
    "SELECT CASE WHEN pg_try_advisory_lock" BANTER_CHORES " THEN 1 ELSE 0 END";
constexpr const char* pause = "SELECT 1 FROM pg_sleep(0.05)";

/// How long the server may take to notice that the process before has ended: 3 seconds.
constexpr int attempts = 60;

[[nodiscard]] bool take(Session& session, const char* statement) {
    for (int attempt = 0; attempt < attempts; ++attempt) {
        if (session.query(statement)[0].flag()) return true;
        (void)session.query(pause);
    }
    return false;
}

std::vector<Query> query_of(const char* text) {
    std::vector<Query> queries;
    queries.push_back({text, {}});
    return queries;
}

}  // namespace

void require_no_node(Session& session) {
    if (take(session, try_to_be_alone)) return;
    throw std::runtime_error(
        "a Banter serves from the database " + session.database() + ": end all of them first"
    );
}

void take_share(Session& session) {
    if (take(session, try_to_serve)) return;
    throw std::runtime_error(
        "the database " + session.database() +
        " is being given a new epoch: start again when that is done"
    );
}

NodeLocks::NodeLocks(Executor executor, const Link::Parts& parts, Session session)
    : link_(executor, parts) {
    link_.adopt(session.take());
}

Task<NodeLocks::State> NodeLocks::keep() {
    if (!link_.is_open()) does_chores_ = false;
    if (does_chores_) co_return State::does_chores;
    try {
        co_await link_.open();
        auto answers = co_await link_.exchange(query_of(try_to_do_chores));
        does_chores_ = answers.front()[0].flag();
    } catch (const OtherHistory&) {
        co_return State::other_history;
    } catch (const LinkLost&) {
        // The server is away, and nobody does anything there.
    }
    co_return does_chores_ ? State::does_chores : State::serves;
}

}  // namespace banter::postgres
