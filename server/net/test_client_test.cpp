// The body of test_client.hpp, compiled with the tests only.
#include "net/test_client.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <utility>

namespace banter::net {

unsigned TestFrame::code() const {
    if (payload.size() < 2) return 0;
    return static_cast<unsigned>(
        static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1])
    );
}

TestClient::TestClient(std::uint16_t port, int receive_buffer)
    : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0) {
        ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    const timeval patience{10, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    const int at_once = 1;
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(
        ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0
    );
}

TestClient::TestClient(TestClient&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), input_(std::move(other.input_)) {}

TestClient::~TestClient() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::size_t TestClient::send(std::string_view bytes) const {
    std::size_t taken = 0;
    while (taken < bytes.size()) {
        const std::string_view left = bytes.substr(taken);
        const auto sent = ::send(descriptor_, left.data(), left.size(), MSG_NOSIGNAL);
        if (sent <= 0) break;  // the other end closed
        taken += static_cast<std::size_t>(sent);
    }
    return taken;
}

bool TestClient::fill() {
    std::array<char, 64 * 1024> buffer;
    const auto size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (size <= 0) return false;
    input_.append(buffer.data(), static_cast<std::size_t>(size));
    return true;
}

std::string TestClient::take(std::size_t size) {
    while (input_.size() < size) {
        if (!fill()) break;
    }
    std::string out = input_.substr(0, size);
    input_.erase(0, out.size());
    return out;
}

std::string TestClient::read_until(std::string_view end) {
    std::size_t place = 0;
    while ((place = input_.find(end)) == std::string::npos) {
        if (!fill()) return std::exchange(input_, {});
    }
    return take(place + end.size());
}

std::string TestClient::read_to_end() {
    while (fill()) {}
    return std::exchange(input_, {});
}

std::string TestClient::read_response() {
    std::string response = read_until("\r\n\r\n");
    const std::string name = "Content-Length: ";
    const std::size_t place = response.find(name);
    if (place == std::string::npos) return response;
    std::size_t size = 0;
    std::from_chars(response.data() + place + name.size(), response.data() + response.size(), size);
    response += take(size);
    return response;
}

std::string TestClient::handshake(std::string_view path, std::string_view more) {
    return "GET " + std::string(path) +
           " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
           std::string(more) + "\r\n";
}

std::string TestClient::upgrade(std::string_view path, std::string_view more) {
    send(handshake(path, more));
    return read_response();
}

std::string TestClient::masked(unsigned first, std::string_view payload) {
    constexpr std::string_view mask = "\x37\xfa\x21\x3d";
    std::string out(1, static_cast<char>(first));
    if (payload.size() < 126) {
        out += static_cast<char>(0x80 | payload.size());
    } else {
        const bool small = payload.size() < 65'536;
        out += static_cast<char>(0x80 | (small ? 126 : 127));
        for (int shift = small ? 8 : 56; shift >= 0; shift -= 8)
            out += static_cast<char>(payload.size() >> shift & 0xff);
    }
    out += mask;
    for (std::size_t i = 0; i < payload.size(); ++i)
        out += static_cast<char>(payload[i] ^ mask[i % 4]);
    return out;
}

void TestClient::send_frame(unsigned first, std::string_view payload) const {
    send(masked(first, payload));
}

void TestClient::send_close(unsigned code) const {
    send_frame(0x88, std::string{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)});
}

TestFrame TestClient::read_frame() {
    const std::string head = take(2);
    if (head.size() < 2) return {};
    EXPECT_EQ(head[1] & 0x80, 0) << "a server does not mask";
    std::size_t size = static_cast<unsigned char>(head[1]);
    if (size >= 126) {
        const std::string more = take(size == 126 ? 2 : 8);
        size = 0;
        for (const char byte : more) size = size << 8 | static_cast<unsigned char>(byte);
    }
    TestFrame frame;
    frame.first = static_cast<unsigned char>(head[0]);
    frame.payload = take(size);
    if (frame.payload.size() < size) return {};
    return frame;
}

TestFrame TestClient::read_data() {
    for (;;) {
        TestFrame frame = read_frame();
        if (frame.first != 0x89) return frame;
    }
}

std::string TestClient::read_text() {
    const TestFrame frame = read_data();
    EXPECT_EQ(frame.first, 0x81U);
    return frame.payload;
}

void TestClient::end_sending() const { ::shutdown(descriptor_, SHUT_WR); }

void TestClient::reset() {
    const linger now{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(std::exchange(descriptor_, -1));
}

}  // namespace banter::net
