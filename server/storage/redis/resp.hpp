// What goes over a connection to Redis: commands, and what it says to them (RESP 2).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct redisReader;

namespace banter::redis {

struct Reply {
    enum class Kind : std::uint8_t { nothing, text, integer, error, list };

    Kind kind = Kind::nothing;
    /// Of a text, or of an error: "WRONGPASS invalid username-password pair …".
    std::string text;
    std::int64_t integer = 0;
    std::vector<Reply> items;

    [[nodiscard]] bool failed() const { return kind == Kind::error; }
    /// The first word of an error: "MOVED".
    [[nodiscard]] std::string_view error_name() const;
    /// The server of a cluster has not, or not yet, what it was asked for.
    [[nodiscard]] bool is_elsewhere() const;
};

/// Adds a command to what is to be sent.
void append_command(std::string& out, std::initializer_list<std::string_view> words);

/// Cuts what comes into replies.
class ReplyReader {
public:
    ReplyReader();
    ~ReplyReader();
    ReplyReader(const ReplyReader&) = delete;
    ReplyReader& operator=(const ReplyReader&) = delete;

    void feed(std::string_view bytes);

    /// The next one, if all of it has come.
    [[nodiscard]] std::optional<Reply> next();

    /// What came is no RESP: nothing more is read. Else empty.
    [[nodiscard]] std::string fault() const;

private:
    struct Free {
        void operator()(redisReader* reader) const;
    };
    std::unique_ptr<redisReader, Free> reader_;
};

}  // namespace banter::redis
