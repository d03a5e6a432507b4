// What has changed lately, by the ticks that a trigger writes (migrations/0002).
#pragma once

#include "storage/change_store.hpp"
#include "storage/sql/database.hpp"

namespace banter::postgres {

class PostgresChangeStore final : public storage::ChangeStore {
public:
    explicit PostgresChangeStore(sql::Database& database) : database_(database) {}

    [[nodiscard]] Task<storage::RecentChanges> recent(storage::Tick since, storage::Tick before)
        override;
    [[nodiscard]] Task<storage::ThreadAccess> check_access(
        model::ThreadId thread,
        std::vector<model::UserId> users
    ) override;

private:
    sql::Database& database_;
};

}  // namespace banter::postgres
