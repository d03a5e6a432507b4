#pragma once
// Many sessions on one edge-triggered epoll: opens them, joins their threads, then hands every
// frame that arrives to its observer. One thread; one buffer for all reads.

#include "load/dialect.hpp"
#include "load/options.hpp"
#include "load/wire.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace banter::bench {

struct Session {
    int fd = -1;
    std::uint32_t index = 0;
    enum class State : std::uint8_t {
        upgrading,
        opening,
        joining,
        leaving,
        joined,
        closed
    } state = State::upgrading;
    std::uint32_t step = 0;  // joins or leaves done
    std::string partial;     // the beginning of a frame whose rest has not come yet
};

/// What happens on joined sessions.
class Observer {
public:
    virtual ~Observer() = default;
    virtual void received(Session& session, Saying saying, const ServerFrame& frame) = 0;
};

class Fleet {
public:
    /// `observer` must outlive the fleet.
    Fleet(const Options& options, Observer& observer);
    ~Fleet();
    Fleet(const Fleet&) = delete;
    Fleet& operator=(const Fleet&) = delete;

    /// Opens all sessions and returns when each has joined. Throws if one is refused or falls
    /// silent.
    void open();

    /// Waits up to `timeout_ms` for bytes and takes all that have arrived.
    void turn(int timeout_ms);

    /// Sends one text frame. Throws if the kernel doesn't take it whole: nothing here sends so
    /// much.
    void say(Session& session, std::string_view payload);

    [[nodiscard]] std::vector<Session>& sessions() { return sessions_; }

    [[nodiscard]] const Dialect& dialect() const { return *dialect_; }

    [[nodiscard]] std::size_t closed() const { return closed_; }

    /// Reads that brought bytes, and the bytes, since the start.
    [[nodiscard]] std::uint64_t reads() const { return reads_; }

    [[nodiscard]] std::uint64_t read_bytes() const { return read_bytes_; }

private:
    void start(Session& session);
    void drain(Session& session, bool hung_up);
    void take(Session& session, std::string_view bytes);
    std::string_view take_upgrade(Session& session, std::string_view bytes);
    void take_frame(Session& session, const ServerFrame& frame);
    void advance(Session& session, Saying saying, std::string_view payload);
    void join_next(Session& session);
    void leave_next(Session& session);
    void lost(Session& session);
    std::string_view thread_of(const Session& session, std::size_t step) const;

    const Options& options_;
    Observer& observer_;
    std::unique_ptr<Dialect> dialect_;
    int epoll_;
    std::vector<Session> sessions_;
    std::vector<char> buffer_;
    std::string outgoing_;
    std::size_t joined_ = 0;
    std::size_t closed_ = 0;
    std::uint64_t reads_ = 0;
    std::uint64_t read_bytes_ = 0;
    std::uint32_t mask_ = 0x5a17c3e9;
};

}  // namespace banter::bench
