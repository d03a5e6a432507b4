#pragma once
// What is said inside of the frames. Answers are told apart by searching, never by a JSON parser:
// the generator must cost less than any server that it measures.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace banter::bench {

enum class Saying {
    opened,     // engine.io is up, the client must still connect
    connected,  // signed in
    joined,
    left,
    answer,    // to a send
    delivery,  // of a message
    heartbeat,
    failure,
    other,
};

class Dialect {
public:
    virtual ~Dialect() = default;

    /// Path that the WebSocket is opened at.
    [[nodiscard]] virtual std::string path() const = 0;

    /// Which saying a payload is.
    [[nodiscard]] virtual Saying saying(std::string_view payload) const = 0;

    [[nodiscard]] virtual std::string join(std::string_view thread) const = 0;
    [[nodiscard]] virtual std::string leave(std::string_view thread) const = 0;

    /// `content` must need no escaping. `number` is unlike that of any other send.
    [[nodiscard]] virtual std::string send(
        std::string_view thread,
        std::string_view content,
        std::uint64_t number
    ) const = 0;
};

/// Banter's own protocol, or that of socket.io 4 over a bare WebSocket.
std::unique_ptr<Dialect> make_banter_dialect();
std::unique_ptr<Dialect> make_socketio_dialect();

/// A UUID (version 4) made from `number`; different numbers give different ones, well scattered.
std::string nonce_of(std::uint64_t number);

}  // namespace banter::bench
