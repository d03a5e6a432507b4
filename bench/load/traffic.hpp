#pragma once
// Traffic: some sessions send, each with a fixed number of sends in flight; every delivery to every
// session is received, parsed and counted. S1 is one thread, S5 is a thread for each sender.

#include "load/fleet.hpp"
#include "load/histogram.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace banter::bench {

class Traffic final : public Observer {
public:
    explicit Traffic(const Options& options);

    /// Opens, warms up, measures, drains, and prints one JSON object on standard output.
    /// Returns false if anything went missing, doubled or was refused.
    bool run();

    void received(Session& session, Saying saying, const ServerFrame& frame) override;

private:
    /// Counters at one moment; the difference of two is what a window saw.
    struct Tally {
        std::uint64_t time_ns = 0;
        std::uint64_t deliveries = 0;
        std::uint64_t answers = 0;
        std::uint64_t delivery_bytes = 0;
        std::uint64_t answer_bytes = 0;
        std::uint64_t reads = 0;
        double server_cpu = 0;
        double own_cpu = 0;
    };

    void send_first();
    void send_one(Session& session);
    void send_for(double seconds);
    void drain();
    Tally tally() const;
    std::uint64_t expected_deliveries() const;
    std::uint64_t latency_ns(std::string_view payload);
    void print(const Tally& from, const Tally& to, bool exact) const;

    const Options& options_;
    Fleet fleet_;
    Tally now_;
    std::vector<std::uint64_t> answers_of_;  // by session
    Histogram delivery_latency_;
    Histogram answer_latency_;
    std::string filler_;
    std::string first_failure_;
    std::size_t content_at_ = 0;  // where the content stood in the last payload
    std::uint64_t failures_ = 0;
    std::uint64_t sent_ = 0;
    std::uint64_t number_base_;  // the nonces of two runs on one server must not meet
    bool sending_ = true;
    bool measuring_ = false;
};

}  // namespace banter::bench
