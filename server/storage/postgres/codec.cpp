#include "storage/postgres/codec.hpp"

#include "base/check.hpp"

#include <boost/endian/conversion.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace banter::postgres {

namespace {

// pg_type.dat of PostgreSQL's source: these numbers never change.
constexpr Oid bytea_type = 17;
constexpr Oid bigint_type = 20;
constexpr Oid integer_type = 23;
constexpr Oid text_type = 25;
constexpr Oid bytea_list_type = 1001;
constexpr Oid text_list_type = 1009;
constexpr Oid bigint_list_type = 1016;

template <typename Integer>
void append_big_endian(std::string& out, Integer number) {
    const Integer ordered = boost::endian::native_to_big(number);
    out.append(reinterpret_cast<const char*>(&ordered), sizeof ordered);
}

template <typename Integer>
Integer read_big_endian(const char* bytes) {
    Integer number;
    std::copy_n(bytes, sizeof number, reinterpret_cast<char*>(&number));
    return boost::endian::big_to_native(number);
}

std::string encode_integer(std::int64_t number) {
    std::string bytes;
    append_big_endian(bytes, number);
    return bytes;
}

/// array_recv of PostgreSQL's source: one dimension, counted from 1.
class ListEncoder {
public:
    ListEncoder(Oid list, Oid element, std::size_t size) : list_(list) {
        const bool empty = size == 0;
        append_big_endian<std::int32_t>(bytes_, empty ? 0 : 1);
        append_big_endian<std::int32_t>(bytes_, 1);
        append_big_endian<std::uint32_t>(bytes_, element);
        if (empty) return;
        append_big_endian(bytes_, static_cast<std::int32_t>(size));
        append_big_endian<std::int32_t>(bytes_, 1);
    }

    void add(std::string_view element) {
        append_big_endian(bytes_, static_cast<std::int32_t>(element.size()));
        bytes_.append(element);
    }
    void add_null() { append_big_endian<std::int32_t>(bytes_, -1); }

    [[nodiscard]] Parameter take() { return {list_, std::move(bytes_)}; }

private:
    Oid list_;
    std::string bytes_;
};

struct ValueEncoder {
    Parameter operator()(std::monostate) const { return {}; }
    Parameter operator()(std::int64_t number) const {
        return {bigint_type, encode_integer(number)};
    }
    Parameter operator()(const std::string& text) const { return {text_type, text}; }
    Parameter operator()(const model::Uuid& id) const { return {bytea_type, bytes_of(id)}; }
    Parameter operator()(const sql::Bytes& bytes) const { return {bytea_type, bytes.data}; }
};

/// Sixteen bytes come as a Uuid, whatever they mean (sql::Row::bytes).
sql::Value value_of_bytes(std::string_view bytes) {
    model::Uuid uuid;
    if (bytes.size() != uuid.bytes.size()) return sql::Bytes{std::string(bytes)};
    std::copy(bytes.begin(), bytes.end(), uuid.bytes.begin());
    return uuid;
}

sql::Value value_of(Oid type, std::string_view bytes) {
    switch (type) {
        case bigint_type: return read_big_endian<std::int64_t>(bytes.data());
        case integer_type: return std::int64_t{read_big_endian<std::int32_t>(bytes.data())};
        case text_type: return std::string(bytes);
        default: CHECK(type == bytea_type); return value_of_bytes(bytes);
    }
}

}  // namespace

std::string bytes_of(const model::Uuid& id) { return {id.bytes.begin(), id.bytes.end()}; }

Parameter encode(const sql::Value& value) { return std::visit(ValueEncoder{}, value); }

Parameter encode_integers(const std::vector<std::int64_t>& list) {
    ListEncoder encoder(bigint_list_type, bigint_type, list.size());
    for (const std::int64_t number : list) encoder.add(encode_integer(number));
    return encoder.take();
}

Parameter encode_list_of_bytes(const std::vector<std::optional<std::string>>& list) {
    ListEncoder encoder(bytea_list_type, bytea_type, list.size());
    for (const auto& bytes : list) {
        if (bytes) {
            encoder.add(*bytes);
        } else {
            encoder.add_null();
        }
    }
    return encoder.take();
}

Parameter encode_texts(const std::vector<std::string>& list) {
    ListEncoder encoder(text_list_type, text_type, list.size());
    for (const std::string& text : list) encoder.add(text);
    return encoder.take();
}

sql::Rows decode_rows(PGresult* result) {
    const PqLibrary& library = pq();
    const int columns = library.columns(result);
    const int count = library.rows(result);
    sql::Rows rows(static_cast<std::size_t>(columns));
    for (int row = 0; row < count; ++row) {
        for (int column = 0; column < columns; ++column) {
            if (library.is_null(result, row, column) != 0) {
                rows.add({});
                continue;
            }
            const auto size = static_cast<std::size_t>(library.length(result, row, column));
            const std::string_view bytes(library.value(result, row, column), size);
            rows.add(value_of(library.column_type(result, column), bytes));
        }
    }
    return rows;
}

}  // namespace banter::postgres
