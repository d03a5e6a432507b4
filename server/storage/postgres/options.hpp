// How the PostgreSQL database is reached.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace banter::postgres {

struct Query;

struct PostgresOptions {
    /// postgresql://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…, as libpq takes it: several hosts,
    /// TLS and files of passwords are its matter.
    std::string url;

    /// For reads, and for scripts that write beside others. Opened when they are needed; shards
    /// beyond `desks_max` share those of others, so that a large machine doesn't take all
    /// connections of a server.
    std::size_t desks_max = 8;
    std::size_t readers_of_desk = 3;
    std::size_t writers_of_desk = 2;
    /// Each appends the messages of its share of the threads.
    std::size_t append_writers = 4;

    /// What may wait for one of these, in items; one more is refused as busy.
    std::size_t waiting_max = 8192;
    /// Messages of one transaction: beyond some hundreds the sync is paid for.
    std::size_t batch_items_max = 512;

    /// What has waited longer for its turn is refused: whoever asked has given up by now.
    std::chrono::milliseconds wait_at_most{10'000};
    /// After so long without an answer the server counts as away, and what waits is refused.
    std::chrono::milliseconds answer_within{1'800};
    /// How long the server itself works on one statement, or waits for a lock.
    std::chrono::milliseconds statement_time{1'500};
    std::chrono::milliseconds connect_within{1'500};
    /// Between attempts to connect: doubled from the first to the second.
    std::chrono::milliseconds retry_after{50};
    std::chrono::milliseconds retry_after_max{1'000};

    /// Only for tests on a server of their own: one that would lose what it has acknowledged (fsync
    /// off) is taken all the same.
    bool takes_unsafe_server = false;
    /// Only for tests: statements are planned as the server is set, whatever they are for.
    bool leaves_planner_alone = false;
    /// Only for tests: called with what is asked in each round trip, on the loop that asks.
    std::function<void(const std::vector<Query>&)> on_round_trip;
};

}  // namespace banter::postgres
