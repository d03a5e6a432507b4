// What goes wrong between this process and the server, by kinds.
#pragma once

#include "base/result.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace banter::postgres {

/// The link is gone, or the server did not answer in time: what became of the statements that were
/// under way, nobody knows. The link is closed.
class LinkLost : public std::runtime_error {
public:
    explicit LinkLost(const std::string& what, bool after_silence = false)
        : std::runtime_error(what), after_silence_(after_silence) {}

    /// The same, of statements that a commit was among.
    [[nodiscard]] LinkLost in_commit() const {
        LinkLost lost = *this;
        lost.may_be_written_ = true;
        return lost;
    }

    /// It was waited for as long as anybody waits.
    [[nodiscard]] bool after_silence() const { return after_silence_; }
    /// False: the transaction has come to nothing.
    [[nodiscard]] bool may_be_written() const { return may_be_written_; }

private:
    bool after_silence_;
    bool may_be_written_ = false;
};

/// The database has got another epoch than this process serves: nothing may be read or written.
class OtherHistory : public LinkLost {
public:
    using LinkLost::LinkLost;
};

/// The server refused a statement. The transaction is over, the link goes on.
class Refused : public std::runtime_error {
public:
    Refused(std::string_view sqlstate, const std::string& what)
        : std::runtime_error(what), sqlstate_(sqlstate) {}

    [[nodiscard]] const std::string& sqlstate() const { return sqlstate_; }
    /// The same transaction may succeed when it is tried again: another one was in the way.
    [[nodiscard]] bool is_conflict() const;
    /// A constraint refused it, which may be another transaction's doing too.
    [[nodiscard]] bool is_constraint() const { return sqlstate_.starts_with("23"); }
    /// The server ends the session, or can't be written to any more.
    [[nodiscard]] bool ends_link() const;

private:
    std::string sqlstate_;
};

/// Throws what `refused` means to the stores: StorageFailure busy, storage_full or
/// storage_unavailable; sql::ConstraintViolation; or itself, if the statement is wrong.
[[noreturn]] void throw_failure(const Refused& refused);

}  // namespace banter::postgres
