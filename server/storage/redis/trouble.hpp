// What goes wrong between this process and Redis, by kinds.
#pragma once

#include "storage/redis/resp.hpp"

#include <stdexcept>
#include <string>

namespace banter::redis {

/// The server can't be reached, went away, or did not answer in time.
class RedisLost : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The server is there, and says no.
class RedisRefused : public std::runtime_error {
public:
    RedisRefused(const std::string& doing, const Reply& reply)
        : std::runtime_error(doing + ": " + reply.text), reply_(reply) {}

    [[nodiscard]] const Reply& reply() const { return reply_; }

private:
    Reply reply_;
};

}  // namespace banter::redis
