// For tests: the other end of a connection, on a plain blocking socket, that can also misbehave.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace banter::net {

/// A frame as a server sends it.
struct TestFrame {
    unsigned first = 0;  // FIN, RSV, opcode; 0: the connection ended
    std::string payload;

    /// Of a Close; 0 if it has none.
    [[nodiscard]] unsigned code() const;
    [[nodiscard]] bool ended() const { return first == 0; }
};

/// Every read gives up after ten seconds, as if the connection had ended.
class TestClient {
public:
    /// receive_buffer: SO_RCVBUF in bytes; 0 leaves it to the kernel.
    explicit TestClient(std::uint16_t port, int receive_buffer = 0);
    TestClient(TestClient&& other) noexcept;
    ~TestClient();

    /// How many of the bytes were taken: all, unless the other end has closed.
    std::size_t send(std::string_view bytes) const;
    /// Everything up to and with `end`, or to the end of the connection.
    [[nodiscard]] std::string read_until(std::string_view end);
    [[nodiscard]] std::string read_to_end();
    /// One HTTP response: head and body.
    [[nodiscard]] std::string read_response();

    /// Sends a handshake and reads its response. path and more: as they stand in the request.
    std::string upgrade(std::string_view path = "/ws", std::string_view more = {});
    /// Sends a masked frame.
    void send_frame(unsigned first, std::string_view payload) const;
    void send_text(std::string_view payload) const { send_frame(0x81, payload); }
    void send_close(unsigned code) const;
    [[nodiscard]] TestFrame read_frame();
    /// The next frame that is no ping.
    [[nodiscard]] TestFrame read_data();
    /// The payload of the next frame that is no ping; fails the test if it is no text.
    [[nodiscard]] std::string read_text();

    void end_sending() const;
    void reset();
    [[nodiscard]] int descriptor() const { return descriptor_; }

    [[nodiscard]] static std::string masked(unsigned first, std::string_view payload);
    [[nodiscard]] static std::string handshake(std::string_view path, std::string_view more = {});

private:
    bool fill();
    [[nodiscard]] std::string take(std::size_t size);

    int descriptor_;
    std::string input_;
};

}  // namespace banter::net
