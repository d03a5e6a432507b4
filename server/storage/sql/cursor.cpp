#include "storage/sql/cursor.hpp"

#include "base/encoding.hpp"
#include "model/text.hpp"

#include <cstring>

namespace banter::sql {

namespace {

constexpr std::size_t numbers_bytes = 2 * sizeof(std::int64_t);

}  // namespace

std::string encode_cursor(const Cursor& cursor) {
    std::string bytes(numbers_bytes, '\0');
    std::memcpy(bytes.data(), &cursor.time, sizeof cursor.time);
    std::memcpy(bytes.data() + sizeof cursor.time, &cursor.number, sizeof cursor.number);
    return base64url(std::string_view(bytes + cursor.text));
}

std::optional<Cursor> decode_cursor(std::string_view text) {
    const auto bytes = from_base64url(text);
    if (!bytes || bytes->size() < numbers_bytes) return std::nullopt;
    Cursor cursor;
    std::memcpy(&cursor.time, bytes->data(), sizeof cursor.time);
    std::memcpy(&cursor.number, bytes->data() + sizeof cursor.time, sizeof cursor.number);
    cursor.text = bytes->substr(numbers_bytes);
    if (!model::is_storable_text(cursor.text)) return std::nullopt;
    return cursor;
}

}  // namespace banter::sql
