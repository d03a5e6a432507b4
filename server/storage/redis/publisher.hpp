// Tells other nodes, as far as Redis is there: what is published while it is away is lost, and
// whoever it was for finds it in the log.
#pragma once

#include "storage/redis/lifeline.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace banter::redis {

/// On one loop. While one round trip is on its way the next batch gathers.
class Publisher {
public:
    Publisher(Executor loop, const Lifeline::Parts& parts);

    void start() { line_.start(); }
    /// What waits is not sent any more. The last call.
    [[nodiscard]] Task<> stop();

    /// Never waits, never fails.
    void publish(std::string_view channel, std::string_view bytes);

    [[nodiscard]] bool is_up() const { return line_.is_up(); }
    /// How much was handed over to Redis, and how much was not.
    [[nodiscard]] std::uint64_t published() const { return published_; }
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

private:
    [[nodiscard]] Task<> serve(Connection& connection);
    [[nodiscard]] Task<> wait_for_work(Connection& connection);
    [[nodiscard]] Task<> send_what_waits(Connection& connection);
    void drop_what_waits();

    /// Commands that wait, and how many they are.
    std::string waiting_;
    std::size_t count_ = 0;
    std::uint64_t published_ = 0;
    std::uint64_t dropped_ = 0;
    Timer wake_;
    Lifeline line_;
};

}  // namespace banter::redis
