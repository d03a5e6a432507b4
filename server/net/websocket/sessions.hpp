// All WebSocket sessions of one shard, and what they share: the flush at the turn's end, the
// compressor, counters.
#pragma once

#include "base/budget.hpp"
#include "base/metrics.hpp"
#include "net/shard.hpp"
#include "net/shards.hpp"
#include "net/websocket/deflate.hpp"
#include "net/websocket/session.hpp"
#include "net/websocket/session_metrics.hpp"
#include "net/websocket/shared_frame.hpp"
#include "net/websocket/turn_block.hpp"

#include <boost/intrusive/list.hpp>

#include <sys/uio.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace banter::net::websocket {

/// Lives on one shard; every call there.
class Sessions {
public:
    /// deflate_readers: the process's count of sessions that agreed on compression.
    Sessions(
        Shard& shard,
        Budget& budget,
        metrics::Gauge& deflate_readers,
        metrics::Registry& registry
    );
    /// Destroys what sessions there are, unheard; the shard has stopped.
    ~Sessions();
    Sessions(const Sessions&) = delete;
    Sessions& operator=(const Sessions&) = delete;

    /// Takes over a connected, non-blocking descriptor, which counts in the budget, and gives that
    /// back at the end. response: bytes to be sent first; rest: bytes that were read already. Calls
    /// on_open.
    void add(
        int descriptor,
        std::unique_ptr<Application> application,
        bool deflate,
        std::string_view response,
        std::string rest
    );

    /// Encodes a broadcast, once for the process; compressed too if any session of the process
    /// takes that.
    [[nodiscard]] std::shared_ptr<const SharedFrame> encode(std::string_view payload);

    /// Closes every session with `code` and a reason of its own.
    void close_all(std::uint16_t code, const std::function<std::string()>& reason);
    /// Cuts every session off without a word.
    void abort_all();
    /// Has `emptied` called whenever the last session has gone.
    void on_emptied(std::function<void()> emptied) { emptied_ = std::move(emptied); }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] Shard& shard() { return shard_; }
    [[nodiscard]] const Limits& limits() const { return shard_.limits(); }

private:
    friend class Session;

    class Flush final : public TurnEnd {
    public:
        explicit Flush(Sessions& sessions) : sessions_(sessions) {}

    private:
        void on_turn_end() override { sessions_.flush_all(); }
        Sessions& sessions_;
    };

    class Sweep final : public TurnEnd {
    public:
        explicit Sweep(Sessions& sessions) : sessions_(sessions) {}

    private:
        void on_turn_end() override { sessions_.sweep(); }
        Sessions& sessions_;
    };

    // For Session.
    void want_flush(Session& session, bool urgent);
    void ended(Session& session);
    void drop_broadcasts(Session& session);
    [[nodiscard]] std::chrono::milliseconds next_ping();
    [[nodiscard]] const DecoderRules& rules(bool deflate) const {
        return deflate ? deflate_rules_ : plain_rules_;
    }
    [[nodiscard]] std::span<iovec> buffers() { return buffers_; }
    [[nodiscard]] TurnBlocks& turn_blocks() { return turn_blocks_; }
    void queued(std::size_t bytes) { tally_.queued += static_cast<std::int64_t>(bytes); }
    void unqueued(std::size_t bytes) { tally_.queued -= static_cast<std::int64_t>(bytes); }
    void sent(std::size_t frames, std::size_t bytes);
    void called() { ++tally_.sends; }
    void received(std::size_t bytes);
    void frame_received() { ++tally_.frames_received; }
    void partial(std::int64_t change) { tally_.partial += change; }
    void backlog(std::int64_t change) { tally_.partial += change; }
    void slow_closed() { ++tally_.slow_closed; }

    void flush_all();
    void flush_urgent();
    void flush_broadcasts();
    void sweep();
    void notify_closed();
    void destroy_dead();
    void destroy(Session& session);
    void need_sweep() { shard_.at_turn_end(sweep_, TurnEnd::Phase::sweep); }

    Shard& shard_;
    Budget& budget_;
    metrics::Gauge& deflate_readers_;
    SessionMetrics metrics_;
    SessionTally tally_;
    Deflater deflater_;
    Inflater inflater_;
    DecoderRules plain_rules_;
    DecoderRules deflate_rules_;
    std::vector<iovec> buffers_;
    TurnBlocks turn_blocks_;
    boost::intrusive::list<Session, boost::intrusive::constant_time_size<false>> sessions_;
    std::size_t size_ = 0;
    std::vector<Session*> flush_list_;   // something to send
    std::vector<Session*> urgent_list_;  // answers among it
    std::vector<Session*> ended_list_;   // on_closed is due, or the session's end
    std::function<void()> emptied_;
    Flush flush_{*this};
    Sweep sweep_{*this};
};

}  // namespace banter::net::websocket
