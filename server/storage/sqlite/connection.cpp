#include "storage/sqlite/connection.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace banter::sqlite {

namespace {

struct Binder {
    Cursor& cursor;
    std::size_t number;

    void operator()(std::monostate) const { cursor.bind_null(number); }
    void operator()(std::int64_t value) const { cursor.bind(number, value); }
    void operator()(const std::string& text) const { cursor.bind(number, std::string_view(text)); }
    void operator()(const model::Uuid& id) const { cursor.bind(number, id); }
    void operator()(const sql::Bytes& bytes) const { cursor.bind_bytes(number, bytes.data); }
};

sql::Value value_of(const Cursor& cursor, std::size_t column) {
    switch (cursor.type(column)) {
        case SQLITE_INTEGER: return cursor.integer(column);
        case SQLITE_TEXT: return std::string(cursor.text(column));
        case SQLITE_BLOB: break;
        default: return {};
    }
    const std::string_view bytes = cursor.bytes(column);
    model::Uuid uuid;
    if (bytes.size() != uuid.bytes.size()) return sql::Bytes{std::string(bytes)};
    std::copy(bytes.begin(), bytes.end(), uuid.bytes.begin());
    return uuid;
}

}  // namespace

sql::Rows SqliteConnection::execute(const char* text, const sql::Parameters& parameters) {
    Cursor cursor(handle_, text);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        std::visit(Binder{cursor, i + 1}, parameters[i]);
    }
    sql::Rows rows(cursor.columns());
    while (cursor.step()) {
        for (std::size_t i = 0; i < cursor.columns(); ++i) rows.add(value_of(cursor, i));
    }
    return rows;
}

Task<sql::Rows> SqliteConnection::run(const sql::Statement& statement, sql::Parameters parameters) {
    co_return execute(statement.text, parameters);
}

}  // namespace banter::sqlite
