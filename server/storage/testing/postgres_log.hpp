// A world over a real PostgreSQL whose round trips are counted, and what other nodes do to it.
#pragma once

#include "storage/contract/log_world.hpp"
#include "storage/postgres/append_batch.hpp"
#include "storage/testing/postgres_backend.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace banter::storage {

/// There before the database is open, and after it.
struct RoundTrips {
    std::atomic<std::size_t> round_trips{0};
};

class CountedBackend : private RoundTrips, public PostgresBackend {
public:
    explicit CountedBackend(std::size_t loop_count)
        : PostgresBackend(loop_count, counted(round_trips)) {}

    /// Since the last call.
    std::size_t take_round_trips() { return round_trips.exchange(0); }

private:
    static postgres::PostgresOptions counted(std::atomic<std::size_t>& count) {
        postgres::PostgresOptions options = patient();
        options.on_round_trip = [&count](const auto&) { ++count; };
        return options;
    }
};

/// The writer of another node.
class OtherWriter {
public:
    explicit OtherWriter(std::string url) : options_(patient_at(std::move(url))) {}

    void append(std::span<postgres::Append> batch) { run_task(loop_, append_all(batch)); }
    Result<model::Message> append(NewMessage message, ThreadRule rule) {
        std::vector<postgres::Append> batch(1);
        batch.front().message = std::move(message);
        batch.front().rule = std::move(rule);
        append(batch);
        return std::move(batch.front().answer).value();
    }

private:
    Task<> append_all(std::span<postgres::Append> batch) {
        std::vector<postgres::Append*> appends;
        for (postgres::Append& append : batch) appends.push_back(&append);
        sql::Outbox outbox;
        co_await link_.open();
        co_await postgres::append_batch(link_, memory_, appends, outbox);
    }

    static postgres::PostgresOptions patient_at(std::string url) {
        postgres::PostgresOptions options = patient();
        options.url = std::move(url);
        return options;
    }

    postgres::PostgresOptions options_;
    std::vector<postgres::Target> targets_{postgres::targets_of(options_.url)};
    asio::io_context loop_{1};
    Offload connecting_{1, 16};
    postgres::Outage outage_{loop_.get_executor()};
    std::string epoch_{
        postgres::Session(targets_).query("SELECT epoch FROM installation")[0].text()};
    postgres::Link link_{
        loop_.get_executor(),
        {options_, targets_, connecting_, outage_, epoch_, true}};
    postgres::AppendMemory memory_;
};

class PostgresLog : public LogWorld<CountedBackend> {
public:
    /// Sends all at once, so that one batch has them, and returns what each got.
    std::vector<Result<model::Message>> send_together(std::vector<NewMessage> messages) {
        std::vector<Result<model::Message>> answers(messages.size(), Error{});
        auto sender = [](MessageStore* store, NewMessage message, Result<model::Message>* out
                      ) -> Task<> {
            *out = co_await store->append(std::move(message), members_only);
        };
        for (std::size_t i = 0; i < messages.size(); ++i) {
            backend.loops().spawn(0, sender(&this->messages(), messages[i], &answers[i]));
        }
        backend.loops().run_all();
        return answers;
    }

    [[nodiscard]] std::string url() { return backend.test_database().url(); }
    postgres::Session session() { return postgres::Session(postgres::targets_of(url())); }
    std::int64_t number_of_thread() {
        return session().query("SELECT number FROM threads WHERE name = 'general'")[0].integer();
    }

    /// Ends every link that the server under test has.
    void end_links() {
        auto ending = session();
        (void)ending.query(
            "SELECT CASE WHEN pg_terminate_backend(pid) THEN 1 ELSE 0 END FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        );
    }
};

/// A message that is sent while somebody else holds the lock of its thread.
class WaitingSend {
public:
    WaitingSend(PostgresLog& log, NewMessage message) : log_(log) {
        holding_.run("BEGIN");
        sql::Parameters locked(1, sql::to_value(log.number_of_thread()));
        (void)holding_.query("SELECT 1 FROM threads WHERE number = $1 FOR NO KEY UPDATE", locked);
        auto sending = send(&log.messages(), std::move(message));
        asio::co_spawn(loop(), std::move(sending), [this](std::exception_ptr thrown) {
            failure_ = thrown;
        });
        loop().restart();
    }

    /// Who holds the lock.
    [[nodiscard]] postgres::Session& holder() { return holding_; }

    /// Turns the loop until the message waits for the lock.
    void wait_for_lock() {
        auto watching = log_.session();
        const auto waits = [&watching] {
            return !watching
                        .query(
                            "SELECT 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
                            "WHERE NOT l.granted AND a.datname = current_database()"
                        )
                        .empty();
        };
        while (!failure_ && !waits()) loop().run_one_for(std::chrono::milliseconds(1));
        EXPECT_FALSE(answer_.has_value());
    }

    /// Of the send, once nobody holds the lock. Throws what it did.
    Result<model::Message> finish() {
        loop().run();
        if (failure_) std::rethrow_exception(failure_);
        return std::move(answer_).value();
    }

private:
    Task<> send(MessageStore* store, NewMessage message) {
        answer_.emplace(co_await store->append(std::move(message), members_only));
    }
    asio::io_context& loop() { return log_.backend.loops()[0]; }

    PostgresLog& log_;
    postgres::Session holding_{log_.session()};
    std::optional<Result<model::Message>> answer_;
    std::exception_ptr failure_;
};

}  // namespace banter::storage
