// Where the next page of a list begins, as opaque text: base64url of the last row's sort key. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace banter::sql {

/// The sort key of a list: a text or a time, then the number of the thread.
struct Cursor {
    std::string text;
    std::int64_t time = 0;
    std::int64_t number = 0;
};

[[nodiscard]] std::string encode_cursor(const Cursor& cursor);
/// Nothing for what encode_cursor did not make.
[[nodiscard]] std::optional<Cursor> decode_cursor(std::string_view text);

}  // namespace banter::sql
