// One core's share of the server: one operating-system thread and one event loop that goes in
// turns.
//
// A turn: wait for work, do what is ready (bounded), then the two phases of the turn's end. What
// was gathered during the turn is handed over once (a batch to the database) and sent once (a
// gathered write per session).
#pragma once

#include "base/random.hpp"
#include "base/task.hpp"
#include "net/flush_policy.hpp"
#include "net/limits.hpp"
#include "net/poller.hpp"
#include "net/timing_wheel.hpp"

#include <boost/asio/post.hpp>
#include <boost/intrusive/list.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <thread>
#include <utility>
#include <vector>

namespace banter::net {

/// Work that is done once at the end of a turn, however often it was asked for. Leaves when
/// destroyed.
class TurnEnd : public boost::intrusive::list_base_hook<
                    boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    /// The order of a turn's end.
    enum class Phase {
        submit,  // what was gathered goes to other threads, such as the database's writer
        flush,   // queued bytes go to the sockets
        sweep    // what has ended is destroyed
    };

    TurnEnd() = default;
    TurnEnd(const TurnEnd&) = delete;
    TurnEnd& operator=(const TurnEnd&) = delete;

protected:
    virtual ~TurnEnd() = default;

private:
    friend class Shard;
    virtual void on_turn_end() = 0;
};

/// All but `executor`, `post` and `is_current` is for the shard itself, and for its maker while it
/// is not started.
class Shard {
public:
    Shard(std::size_t index, const Limits& limits);
    /// Stops, and joins. Everything that lives on the shard has to be gone, or is destroyed unrun.
    ~Shard();
    Shard(const Shard&) = delete;
    Shard& operator=(const Shard&) = delete;

    /// Starts the loop. core: pins it to that core; negative: the kernel chooses.
    void start(int core = -1);
    /// Ends the loop after its present turn and joins. Idempotent; not to be called on the shard.
    void stop();

    [[nodiscard]] std::size_t index() const { return index_; }
    [[nodiscard]] const Limits& limits() const { return limits_; }
    [[nodiscard]] Executor executor() { return loop_.get_executor(); }
    /// Calls `call` on the shard in a later turn or later in this one. From any thread.
    template <typename Call>
    void post(Call call) {
        asio::post(loop_, std::move(call));
    }
    /// Whether the caller runs on this shard.
    [[nodiscard]] bool is_current() const { return current() == this; }
    /// The shard that the caller runs on, or null.
    [[nodiscard]] static Shard* current();

    /// Has `hook` called once at the end of this turn; nothing happens if it is waiting already. A
    /// hook that is registered during the turn's end runs in the same end if its phase is still to
    /// come.
    void at_turn_end(TurnEnd& hook, TurnEnd::Phase phase);
    /// Has `hook` called in the flush phase of the turn in which `time` comes or a hold is
    /// released.
    void postpone_flush(TurnEnd& hook, SteadyTime time);

    /// Broadcasts may be kept back while a hold is taken (flush_policy.hpp). Pairs of calls.
    void hold_flush() { flush_policy_.hold(); }
    void release_flush();
    [[nodiscard]] FlushPolicy& flush_policy() { return flush_policy_; }

    /// Has `entry` called back `after` from now, at most two ticks of the wheel later. While the
    /// shard stands still nothing is called; then what came meanwhile is read first.
    void set_deadline(TimingWheel::Entry& entry, std::chrono::milliseconds after);

    /// Where every session reads into; free between two reads.
    [[nodiscard]] std::span<char> read_buffer() { return read_buffer_; }
    [[nodiscard]] Poller& poller() { return poller_; }
    [[nodiscard]] Random& random() { return random_; }

private:
    using Hooks = boost::intrusive::list<TurnEnd, boost::intrusive::constant_time_size<false>>;

    void run();
    void turn();
    void call_ready(std::size_t& calls);
    void end_turn();
    void resume_postponed();
    void wait_for_tick();

    std::size_t index_;
    Limits limits_;
    asio::io_context loop_{1};
    Timer tick_;
    Timer wake_;
    TimingWheel wheel_;
    Poller poller_;
    FlushPolicy flush_policy_;
    SystemRandom random_;
    std::vector<char> read_buffer_;
    std::array<Hooks, 3> hooks_;  // by phase
    Hooks postponed_;
    int phases_past_ = 0;  // of the turn's end that is under way
    bool tick_came_ = false;
    bool stopping_ = false;
    std::jthread worker_;
};

}  // namespace banter::net
