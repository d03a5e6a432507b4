// What serves the scripts of one loop, and of those that share it.
#pragma once

#include "storage/postgres/line.hpp"

#include <array>
#include <memory>
#include <string>
#include <utility>

namespace banter::postgres {

/// One line for each kind of access: a write that waits for a lock keeps no read waiting. Of all
/// desks the first one alone gets what is to run alone.
class Desk {
public:
    Desk(Executor executor, const Line::Parts& parts)
        : reading_(executor, parts, Access::read, parts.link.options.readers_of_desk),
          writing_(executor, parts, Access::write, parts.link.options.writers_of_desk),
          writing_alone_(executor, parts, Access::write_alone, 1) {}

    void submit(Access access, std::unique_ptr<Request> request) {
        line(access).submit(std::move(request));
    }

    void close(const std::string& why) {
        for (Line* each : lines()) each->close(why);
    }

    [[nodiscard]] Task<> wait() {
        const auto all = lines();
        for (Line* each : all) co_await each->wait();
    }

private:
    [[nodiscard]] std::array<Line*, 3> lines() { return {&reading_, &writing_, &writing_alone_}; }
    [[nodiscard]] Line& line(Access access) {
        if (access == Access::read) return reading_;
        return access == Access::write ? writing_ : writing_alone_;
    }

    Line reading_;
    Line writing_;
    Line writing_alone_;
};

}  // namespace banter::postgres
