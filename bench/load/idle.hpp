#pragma once
// Idle sessions: opened, joined and then held, answering pings, until standard input ends.

#include "load/fleet.hpp"

namespace banter::bench {

class Idle final : public Observer {
public:
    explicit Idle(const Options& options);

    /// Prints "ready" when all have joined. At the end of standard input prints how many sessions
    /// are still open and returns whether all are.
    bool run();

    void received(Session& session, Saying saying, const ServerFrame& frame) override;

private:
    const Options& options_;
    Fleet fleet_;
    std::uint64_t frames_ = 0;
};

}  // namespace banter::bench
