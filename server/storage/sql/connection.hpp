// A link to a database: statement and parameters in, rows out. Asynchronous for the sake of a
// server far away; SQLite's answers without suspending.
#pragma once

#include "base/task.hpp"
#include "storage/sql/value.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace banter::sql {

/// A constant of the program: drivers keep what they prepared by the address of its text.
/// Parameters are written $1, $2 … in both dialects; its first mention of each says its type.
struct Statement {
    const char* text;
    /// Locks the row that `text` reads, whose key is $1 of both, until the transaction ends. A
    /// database with several writers runs it first: what `text` then reads is from after the lock.
    const char* lock = nullptr;
};

/// A statement broke a constraint of the schema. Stores look before they write, so on SQLite, with
/// its only writer, this is a fault; a database with several writers repeats the transaction.
class ConstraintViolation : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class Connection {
public:
    virtual ~Connection() = default;

    /// Throws StorageFailure: storage_full, storage_unavailable; ConstraintViolation.
    template <typename... Arguments>
    [[nodiscard]] Task<Rows> query(const Statement& statement, Arguments&&... arguments) {
        Parameters parameters;
        parameters.reserve(sizeof...(arguments));
        (parameters.push_back(to_value(std::forward<Arguments>(arguments))), ...);
        return run(statement, std::move(parameters));
    }

private:
    [[nodiscard]] virtual Task<Rows> run(const Statement& statement, Parameters parameters) = 0;
};

}  // namespace banter::sql
