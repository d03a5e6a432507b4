// Finding users by their names in SQL.
#pragma once

#include "storage/people_store.hpp"
#include "storage/sql/database.hpp"

#include <vector>

namespace banter::sql {

/// PeopleStore::search.
[[nodiscard]] Task<model::Page<model::User>> search_users(
    Connection& connection,
    storage::UserSearch search,
    model::PageRequest page
);

/// PeopleStore::find_acquainted.
[[nodiscard]] Task<std::vector<model::User>> read_acquainted(
    Connection& connection,
    model::WorkspaceId workspace,
    model::UserId viewer,
    std::vector<model::UserId> ids
);

}  // namespace banter::sql
