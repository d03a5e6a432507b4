// A transaction in which a script runs: its statements go to the server as the script awaits them.
#pragma once

#include "storage/postgres/link.hpp"
#include "storage/sql/database.hpp"

#include <vector>

namespace banter::postgres {

enum class Access {
    /// One snapshot; nothing can be written.
    read,
    /// Every statement sees what was committed before it began: after it has waited for a lock,
    /// what
    /// others did under that lock is seen.
    write,
    /// The same, and no other transaction of this kind runs beside it, on no node.
    write_alone
};

/// Begins with the first statement, in the same round trip.
class Transaction final : public sql::Connection {
public:
    Transaction(Link& link, Access access) : link_(link), access_(access) {}

    /// Throws StorageFailure: outcome_unknown, if the link was lost on the way; LinkLost in its
    /// place if there was nothing to write; Refused.
    [[nodiscard]] Task<> commit();
    /// The same, with statements that go before it in the same round trip.
    [[nodiscard]] Task<> commit_with(std::vector<Query> queries);
    /// After a failure, and for a script that has refused. Never throws.
    [[nodiscard]] Task<> roll_back();

    /// For who sends statements by itself: those that begin it go first, if it has not begun.
    [[nodiscard]] std::vector<Query> beginning();

private:
    [[nodiscard]] Task<sql::Rows> run(const sql::Statement& statement, sql::Parameters parameters)
        override;

    Link& link_;
    Access access_;
    bool begun_ = false;
};

/// Runs `work` in a transaction of its own. What it tells is left in `outbox` if it was written.
/// Throws what the script threw, LinkLost (nothing was written), Refused, StorageFailure:
/// outcome_unknown.
[[nodiscard]] Task<> run_writing(Link& link, Access access, sql::Work& work, sql::Outbox& outbox);

}  // namespace banter::postgres
