// The two dialects.

#include "load/dialect.hpp"

#include <array>
#include <cstdio>

namespace banter::bench {

namespace {

/// The finalizer of splitmix64: a bijection, so no two numbers meet.
std::uint64_t scatter(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
}

std::string quoted(std::string_view name, std::string_view value) {
    std::string text;
    text.reserve(name.size() + value.size() + 5);
    text.append("\"").append(name).append("\":\"").append(value).append("\"");
    return text;
}

std::string send_fields(std::string_view thread, std::string_view content, std::uint64_t number) {
    return quoted("threadId", thread) + "," + quoted("nonce", nonce_of(number)) + "," +
           quoted("content", content);
}

class BanterDialect final : public Dialect {
public:
    std::string path() const override { return "/ws"; }

    Saying saying(std::string_view payload) const override {
        constexpr std::string_view key = "\"type\":\"";
        // Nearly always the first member; searched for otherwise.
        const std::size_t found = payload.substr(1, key.size()) == key ? 1 : payload.find(key);
        if (found == std::string_view::npos) return Saying::other;
        const std::string_view type = payload.substr(found + key.size());
        if (type.starts_with("message:new\"")) return Saying::delivery;
        if (type.starts_with("message:sent\"")) return Saying::answer;
        if (type.starts_with("connected\"")) return Saying::connected;
        if (type.starts_with("thread:joined\"")) return Saying::joined;
        if (type.starts_with("thread:left\"")) return Saying::left;
        if (type.starts_with("error\"")) return Saying::failure;
        return Saying::other;
    }

    std::string join(std::string_view thread) const override {
        return R"({"type":"thread:join",)" + quoted("threadId", thread) + "}";
    }

    std::string leave(std::string_view thread) const override {
        return R"({"type":"thread:leave",)" + quoted("threadId", thread) + "}";
    }

    std::string send(std::string_view thread, std::string_view content, std::uint64_t number)
        const override {
        return R"({"type":"message:send",)" + send_fields(thread, content, number) + "}";
    }
};

/// Engine.io 4 puts a digit before each packet (0 open, 2 ping, 3 pong, 4 message), socket.io 5
/// another one inside of 4 (0 connect, 2 event, 3 answer, 4 refused), then an answer's number.
class SocketioDialect final : public Dialect {
public:
    std::string path() const override { return "/socket.io/?EIO=4&transport=websocket"; }

    Saying saying(std::string_view payload) const override {
        if (payload.starts_with("42[\"message:new\"")) return Saying::delivery;
        if (payload.starts_with("431[")) return Saying::joined;
        if (payload.starts_with("43")) return Saying::answer;
        if (payload.starts_with("40")) return Saying::connected;
        if (payload.starts_with("44")) return Saying::failure;
        if (payload.starts_with("0")) return Saying::opened;
        if (payload.starts_with("2")) return Saying::heartbeat;
        return Saying::other;
    }

    std::string join(std::string_view thread) const override {
        return R"(421["thread:join",{)" + quoted("threadId", thread) + "}]";
    }

    std::string leave(std::string_view thread) const override {
        return R"(421["thread:leave",{)" + quoted("threadId", thread) + "}]";
    }

    std::string send(std::string_view thread, std::string_view content, std::uint64_t number)
        const override {
        return R"(422["message:send",{)" + send_fields(thread, content, number) + "}]";
    }
};

}  // namespace

std::unique_ptr<Dialect> make_banter_dialect() { return std::make_unique<BanterDialect>(); }

std::unique_ptr<Dialect> make_socketio_dialect() { return std::make_unique<SocketioDialect>(); }

std::string nonce_of(std::uint64_t number) {
    const std::uint64_t high = scatter(number);
    const std::uint64_t low = scatter(high);
    std::array<char, 40> text{};
    std::snprintf(
        text.data(),
        text.size(),
        "%08x-%04x-4%03x-%04x-%012llx",
        static_cast<unsigned>(high >> 32),
        static_cast<unsigned>(high >> 16 & 0xffff),
        static_cast<unsigned>(high & 0xfff),
        static_cast<unsigned>(0x8000 | (low >> 48 & 0x3fff)),
        static_cast<unsigned long long>(low & 0xffffffffffff)
    );
    return text.data();
}

}  // namespace banter::bench
