// What deleted users leave behind, in SQL.
#pragma once

#include "storage/departure_store.hpp"
#include "storage/sql/database.hpp"

namespace banter::sql {

/// From now on the user's departure goes on bit by bit.
[[nodiscard]] Task<> begin_departure(Connection& connection, model::UserId user, bool erase);

class SqlDepartureStore final : public storage::DepartureStore {
public:
    explicit SqlDepartureStore(Database& database) : database_(database) {}

    [[nodiscard]] Task<bool> has_any() override;
    [[nodiscard]] Task<bool> go_on(storage::DepartureStep step) override;

private:
    Database& database_;
};

}  // namespace banter::sql
