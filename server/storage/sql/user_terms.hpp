// What users are found by: their handles, and their names from each word on.
#pragma once

#include "model/user.hpp"
#include "storage/sql/connection.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace banter::sql {

/// In lower case, each once. Pure.
[[nodiscard]] std::vector<std::string> terms_of(
    std::string_view handle,
    std::string_view display_name
);

/// Replaces what the user is found by. user_terms_by_user.
[[nodiscard]] Task<> write_terms(Connection& connection, model::User user);

/// From now on nobody finds the user. user_terms_by_user.
[[nodiscard]] Task<> drop_terms(Connection& connection, model::UserId user);

}  // namespace banter::sql
