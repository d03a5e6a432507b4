// Revocations in SQL: written by whatever script ends somebody's access, read by every loop.
#pragma once

#include "storage/revocation_store.hpp"
#include "storage/sql/database.hpp"

#include <string>

namespace banter::sql {

/// Writes the revocation down, and has it told after the commit. Its number is set here. Of old
/// ones some are dropped.
[[nodiscard]] Task<> revoke(
    Connection& connection,
    Outbox& outbox,
    model::Revocation revocation,
    Timestamp now
);

/// Users of a workspace that stand side by side in the order of their handles.
struct UserRange {
    model::WorkspaceId workspace;
    std::string first, last;
};

/// The same of every user in the range. users_by_handle.
[[nodiscard]] Task<> revoke_all(
    Connection& connection,
    Outbox& outbox,
    UserRange users,
    model::RevocationReason reason,
    Timestamp now
);

/// The newest number as an expression; 0 if there is none. The end of the primary key.
#define BANTER_NEWEST_REVOCATION "coalesce((SELECT max(number) FROM revocations), 0)"

class SqlRevocationStore final : public storage::RevocationStore {
public:
    explicit SqlRevocationStore(Database& database) : database_(database) {}

    [[nodiscard]] Task<std::vector<model::Revocation>> list_after(
        std::uint64_t number,
        std::size_t count_max
    ) override;

private:
    Database& database_;
};

}  // namespace banter::sql
