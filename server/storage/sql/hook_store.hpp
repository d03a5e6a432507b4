// Hooks of issuers elsewhere in SQL.
#pragma once

#include "storage/hook_store.hpp"
#include "storage/sql/database.hpp"

namespace banter::sql {

class SqlHookStore final : public storage::HookStore {
public:
    explicit SqlHookStore(Database& database) : database_(database) {}

    [[nodiscard]] Task<bool> take(storage::Hook hook) override;

private:
    Database& database_;
};

}  // namespace banter::sql
