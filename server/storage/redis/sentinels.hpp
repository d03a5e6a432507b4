// Asks sentinels which of the servers that they watch is the primary.
#pragma once

#include "base/task.hpp"
#include "storage/redis/connection.hpp"

#include <cstddef>

namespace banter::redis {

/// On one loop. The places of the options are the sentinels'.
class Sentinels {
public:
    Sentinels(Executor loop, const Connection::Parts& parts) : loop_(loop), parts_(parts) {}

    /// Asks one after the other, the one that knew last time first. They get the servers' user and
    /// password if they want one; whoever is found through them has to know these too.
    /// Throws RedisLost (none of them answers), RedisRefused (none of them knows)
    [[nodiscard]] Task<Place> primary();

    /// Throws RedisLost if that server does not see itself as a primary.
    [[nodiscard]] static Task<> require_primary(Connection& connection);

    /// Closes the connection as soon as the sentinels name another place than this. Never ends by
    /// itself.
    [[nodiscard]] Task<> watch(Connection& connection, Place place);

private:
    [[nodiscard]] Task<Place> ask(Place sentinel);

    Executor loop_;
    Connection::Parts parts_;
    /// Of the sentinel that is asked first.
    std::size_t first_ = 0;
};

}  // namespace banter::redis
