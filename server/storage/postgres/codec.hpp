// Values as PostgreSQL's binary format has them, in parameters and in answers. Pure but for libpq's
// results.
//
// Every integer of the schema is a bigint, every text a text, and what SQLite calls a blob is a
// bytea, so that a value says its type by itself.
#pragma once

#include "storage/postgres/pq.hpp"
#include "storage/sql/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::postgres {

/// A parameter of a statement.
struct Parameter {
    /// 0: a null, whose type the statement says.
    Oid type = 0;
    std::optional<std::string> bytes;
};

[[nodiscard]] Parameter encode(const sql::Value& value);

/// Lists of one type, for unnest() and = ANY(). Nulls are allowed.
[[nodiscard]] Parameter encode_integers(const std::vector<std::int64_t>& list);
[[nodiscard]] Parameter encode_list_of_bytes(const std::vector<std::optional<std::string>>& list);
[[nodiscard]] Parameter encode_texts(const std::vector<std::string>& list);

[[nodiscard]] std::string bytes_of(const model::Uuid& id);

/// The rows of an answer in binary format. CHECKs that no column has another type than those above.
[[nodiscard]] sql::Rows decode_rows(PGresult* result);

}  // namespace banter::postgres
