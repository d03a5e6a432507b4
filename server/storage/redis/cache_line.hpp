// Asks one server for what is kept there, and has it keep things: alone, or one of a cluster's.
#pragma once

#include "storage/redis/fleet.hpp"
#include "storage/redis/lifeline.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::redis {

/// On one loop. While one round trip is on its way the next batch gathers.
class CacheLine {
public:
    /// changed  the server is away, or has not the keys that it had
    CacheLine(
        Executor loop,
        const Lifeline::Parts& parts,
        Berth berth,
        std::function<void()> changed
    );

    void start() { line_.start(); }
    /// Who asks gets nothing. The last call.
    [[nodiscard]] Task<> stop();
    [[nodiscard]] bool is_up() const { return line_.is_up(); }

    /// Nothing if it isn't there, or the server didn't answer in time.
    [[nodiscard]] Task<std::optional<std::string>> get(
        std::string key,
        std::chrono::milliseconds within
    );
    /// Never waits, never fails. Kept unless what is there begins with the same or a higher text.
    void put(std::string_view key, std::string_view bytes, std::chrono::milliseconds lifetime);

    void set_beat(const std::string&) {}

private:
    struct Asking {
        Asking(Executor loop, std::chrono::milliseconds within) : timer(loop, within) {}

        Timer timer;
        std::optional<std::string> found;
    };
    struct Command {
        std::string text;
        /// Null: nobody waits for what it says.
        std::shared_ptr<Asking> asking;
    };

    [[nodiscard]] bool add(Command command);
    [[nodiscard]] Task<> serve(Connection& connection);
    [[nodiscard]] Task<> wait_for_work(Connection& connection);
    [[nodiscard]] Task<> send_what_waits(Connection& connection);
    void drop_what_waits();

    std::function<void()> changed_;
    Executor loop_;
    std::vector<Command> waiting_;
    std::size_t waiting_bytes_ = 0;
    Timer wake_;
    Lifeline line_;
};

}  // namespace banter::redis
