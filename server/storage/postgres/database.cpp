#include "storage/postgres/database.hpp"

#include "base/check.hpp"
#include "base/log.hpp"
#include "storage/postgres/desk.hpp"
#include "storage/postgres/migrate.hpp"
#include "storage/postgres/node_locks.hpp"
#include "storage/postgres/server_check.hpp"
#include "storage/postgres/writer.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace banter::postgres {

namespace {

/// For connecting, which blocks while names are resolved.
constexpr std::size_t connecting_threads = 2;
constexpr std::size_t connecting_waiting_max = 1024;

Loops first_of(const Loops& loops, std::size_t count) {
    const auto taken = static_cast<std::ptrdiff_t>(std::min(loops.size(), count));
    return {loops.begin(), loops.begin() + taken};
}

/// The writers, on the loops in turn.
Loops spread_over(const Loops& loops, std::size_t count) {
    Loops chosen;
    for (std::size_t i = 0; i < count; ++i) chosen.push_back(loops[i % loops.size()]);
    return chosen;
}

}  // namespace

PostgresDatabase::PostgresDatabase(
    PostgresOptions options,
    const Loops& loops,
    const Clock& clock,
    Random& random,
    metrics::Registry& registry,
    storage::EventBus& bus
)
    : options_(std::move(options)),
      loops_(loops),
      targets_(targets_of(options_.url)),
      connecting_(connecting_threads, connecting_waiting_max),
      outage_(loops.front()) {
    CHECK(!loops_.empty());
    Session session(targets_);
    require_suitable(session, options_.takes_unsafe_server);
    take_share(session);
    migrate(session);
    installation_ = open_installation(session, clock, random);
    const std::string name = session.database();
    const int version = session.server_version();

    const Link::Parts link{options_, targets_, connecting_, outage_, installation_.epoch};
    locks_ = std::make_unique<NodeLocks>(loops_.front(), link, std::move(session));
    const Loops desk_loops = first_of(loops_, options_.desks_max);
    desks_ = std::make_unique<Sharded<Desk>>(desk_loops, [&](std::size_t index) {
        auto& seconds =
            registry.histogram("banter_reads_seconds", "Time of a read transaction.", 1e-6);
        return std::make_unique<Desk>(desk_loops[index], Line::Parts{link, bus, seconds});
    });
    Link::Parts writer_link = link;
    writer_link.by_keys_alone = true;
    const Loops writer_loops = spread_over(loops_, options_.append_writers);
    writers_ = std::make_unique<Sharded<Writer>>(writer_loops, [&](std::size_t index) {
        const Writer::Parts parts{
            writer_link,
            loops_,
            bus,
            registry.histogram("banter_batch_items", "Writes of one transaction.", 1),
            registry.histogram("banter_batch_seconds", "Time of a transaction of appends.", 1e-6),
            registry.gauge("banter_writer_queue", "Writes that wait for the writer."),
        };
        return std::make_unique<Writer>(writer_loops[index], parts);
    });
    log::info(
        "database open",
        {{"database", std::string_view(name)}, {"postgresql", std::int64_t{version}}}
    );
}

PostgresDatabase::~PostgresDatabase() = default;

std::size_t PostgresDatabase::index_of(const Executor& loop) const {
    const auto found = std::find(loops_.begin(), loops_.end(), loop);
    CHECK(found != loops_.end());
    return static_cast<std::size_t>(found - loops_.begin());
}

Task<Result<model::Message>> PostgresDatabase::append(
    storage::NewMessage message,
    storage::ThreadRule rule
) {
    const Executor here = co_await asio::this_coro::executor;
    const std::size_t loop = index_of(here);
    const std::size_t writer = message.thread.hash() % writers_->size();
    auto initiate = [this, loop, here, writer](
                        auto handler, storage::NewMessage moved, storage::ThreadRule asked
                    ) {
        using Item = WaitingAppend<decltype(handler)>;
        auto item = std::make_unique<Item>(
            std::move(handler), loop, here, std::move(moved), std::move(asked)
        );
        auto use = [item = std::move(item)](Writer& there) mutable {
            there.submit(std::move(item));
        };
        if (writers_->loop(writer) == here) {
            use(writers_->local(writer));
        } else {
            writers_->post(writer, std::move(use));
        }
    };
    using Answer = std::optional<Result<model::Message>>;
    Answer answer = co_await asio::
        async_initiate<const asio::use_awaitable_t<Executor>, void(std::exception_ptr, Answer)>(
            initiate, use_task, std::move(message), std::move(rule)
        );
    CHECK(answer.has_value());
    co_return std::move(*answer);
}

Task<std::unique_ptr<sql::Work>> PostgresDatabase::submit(
    std::unique_ptr<sql::Work> work,
    Access access
) {
    const Executor here = co_await asio::this_coro::executor;
    // What runs alone is told in the order of its commits: revocations are counted by it.
    const bool alone = access == Access::write_alone;
    const std::size_t own = index_of(here) % desks_->size();
    const std::size_t desk = alone ? 0 : own;
    auto initiate = [this, here, desk, access](auto handler, std::unique_ptr<sql::Work> moved) {
        using Waiting = WaitingRequest<decltype(handler)>;
        auto request = std::make_unique<Waiting>(std::move(handler), here, std::move(moved));
        auto use = [access, request = std::move(request)](Desk& there) mutable {
            there.submit(access, std::move(request));
        };
        if (desks_->loop(desk) == here) {
            use(desks_->local(desk));
        } else {
            desks_->post(desk, std::move(use));
        }
    };
    co_return co_await asio::
        async_initiate<const asio::use_awaitable_t<Executor>, void(std::unique_ptr<sql::Work>)>(
            initiate, use_task, std::move(work)
        );
}

Task<std::unique_ptr<sql::Work>> PostgresDatabase::submit_read(std::unique_ptr<sql::Work> work) {
    return submit(std::move(work), Access::read);
}

Task<std::unique_ptr<sql::Work>> PostgresDatabase::submit_write(
    std::unique_ptr<sql::Work> work,
    sql::Turn turn
) {
    const bool alone = turn == sql::Turn::alone;
    return submit(std::move(work), alone ? Access::write_alone : Access::write);
}

void PostgresDatabase::close(const std::string& why) {
    for (std::size_t i = 0; i < desks_->size(); ++i) {
        desks_->post(i, [why](Desk& desk) { desk.close(why); });
    }
    for (std::size_t i = 0; i < writers_->size(); ++i) {
        writers_->post(i, [why](Writer& writer) { writer.close(why); });
    }
}

Task<bool> PostgresDatabase::keep_locks() {
    const NodeLocks::State state = co_await locks_->keep();
    if (state == NodeLocks::State::other_history && !closed_) {
        closed_ = true;
        log::error("the database has got a new epoch, as after a restored backup: start anew");
        close("the history of the database is another one");
    }
    co_return state == NodeLocks::State::does_chores;
}

Task<> PostgresDatabase::stop() {
    close("the database is closed");
    for (std::size_t i = 0; i < desks_->size(); ++i) {
        auto wait = desks_->local(i).wait();
        co_await asio::co_spawn(desks_->loop(i), std::move(wait), use_task);
    }
    for (std::size_t i = 0; i < writers_->size(); ++i) {
        auto wait = writers_->local(i).wait();
        co_await asio::co_spawn(writers_->loop(i), std::move(wait), use_task);
    }
}

}  // namespace banter::postgres
