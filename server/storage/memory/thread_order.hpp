// Lets the events of each thread pass in the order of their rev, each once. Pure: no loop, no
// timer, no log.
#pragma once

#include "base/clock.hpp"
#include "model/event.hpp"
#include "model/message.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <vector>

namespace banter::memory {

struct OrderLimits {
    /// Threads whose head is remembered, those seen last. A thread that was forgotten begins anew
    /// with its next event, whatever its rev.
    std::size_t threads_max = 16 * 1024;
    /// Events of one thread that wait for a missing one; further ones are read from the log with
    /// it.
    std::size_t waiting_max = 256;
    /// How long a missing event may be late before the log is asked. Between loops and nodes events
    /// overtake each other by a few milliseconds.
    std::chrono::milliseconds patience{50};
    /// The same for one that the log is known to have.
    std::chrono::milliseconds patience_for_known{250};
};

/// What the log has of a gap.
struct Missing {
    /// As they are now, by their rev.
    std::vector<model::Message> messages;
    /// As it is now: read if the last change of the gap is of none of them.
    std::optional<model::Thread> thread;
};

/// What is known of a thread without an event of it.
struct KnownHead {
    model::ThreadId thread;
    /// Of the log.
    model::Rev rev = 0;
    /// Up to here everybody was told, if no event of the thread was seen yet.
    model::Rev told = 0;
};

/// The revs in (after, up_to] did not come.
struct Gap {
    model::ThreadId thread;
    model::Rev after = 0;
    model::Rev up_to = 0;
};

/// Invariant: a thread's head is the rev of the last of its events that passed; what waits is above
/// head + 1. For one loop.
class ThreadOrder {
public:
    explicit ThreadOrder(OrderLimits limits) : limits_(limits) {}

    /// Takes an event and adds to `ready`, in order, what may pass now. A rev of 0 passes at once;
    /// head + 1 passes, and what waited for it; lower is dropped; higher waits. The first of a
    /// thread passes.
    void offer(model::SharedEvent event, SteadyTime now, std::vector<model::SharedEvent>& ready);

    /// Somebody has read the thread up to here, who is to get everything after it: its next event
    /// does not pass whatever its rev.
    void begin(model::ThreadId thread, model::Rev rev, SteadyTime now);
    /// Nothing of it was wanted for a while: it begins anew.
    void forget(model::ThreadId thread);

    /// The log has reached this rev: what doesn't come soon is a gap.
    void expect(const KnownHead& known, SteadyTime now);

    /// The rev of the last event that passed; nothing: none did, or it was forgotten.
    [[nodiscard]] std::optional<model::Rev> told(model::ThreadId thread) const;

    /// When the oldest gap has been waited for long enough.
    [[nodiscard]] std::optional<SteadyTime> next_deadline() const;
    /// The gaps that are due; each is given once and then has to be closed.
    [[nodiscard]] std::vector<Gap> due(SteadyTime now);
    /// Closes a gap with what the log says of it (nothing, if it could not be read), and lets what
    /// waited behind it pass. Messages newer than those passed before are told as new, others as
    /// updates; the last rev of the gap, if no message has it, as an update of the thread.
    void close(
        const Gap& gap,
        Missing found,
        SteadyTime now,
        std::vector<model::SharedEvent>& ready
    );

    [[nodiscard]] std::size_t threads() const { return heads_.size(); }

private:
    using Recent = std::list<model::ThreadId>;

    struct Head {
        /// Nothing: no event has passed, nor has anybody begun.
        std::optional<model::Rev> rev;
        /// Where somebody began before any event had passed, and the highest rev up to there that
        /// has passed since: others have not read it.
        model::Rev begun = 0;
        model::Rev late = 0;
        /// The highest seq that passed; 0: none was seen.
        model::Seq seq = 0;
        /// The highest rev that was seen, also of events that were not kept.
        model::Rev seen = 0;
        /// The log has all up to here.
        model::Rev logged = 0;
        std::map<model::Rev, model::SharedEvent> waiting;
        std::optional<SteadyTime> deadline;
        bool being_read = false;
        Recent::iterator place;
    };

    [[nodiscard]] Head& head_of(model::ThreadId thread);
    void forget_oldest();
    void wait_until(Head& head, SteadyTime deadline);
    void wait_for(Head& head, model::Rev logged, SteadyTime now);
    static void pass(Head& head, model::SharedEvent event, std::vector<model::SharedEvent>& ready);
    void pass_waiting(Head& head, SteadyTime now, std::vector<model::SharedEvent>& ready);

    OrderLimits limits_;
    boost::unordered_flat_map<model::ThreadId, Head> heads_;
    /// Seen last in front.
    Recent recent_;
    /// The threads whose head has a deadline; few, as gaps are rare.
    std::vector<model::ThreadId> gaps_;
};

}  // namespace banter::memory
