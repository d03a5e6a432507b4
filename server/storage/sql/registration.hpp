// How users come to be in SQL, and what the workspace says of who may.
#pragma once

#include "storage/sql/database.hpp"
#include "storage/user_store.hpp"

#include <optional>
#include <string>

namespace banter::sql {

struct NewUser {
    model::UserId id;
    model::WorkspaceId workspace;
    model::WorkspaceRole role = model::WorkspaceRole::member;
    bool local = false;
    bool bot = false;
    std::string handle;
    std::string display_name;
    std::optional<std::string> avatar_url{};
    Timestamp created_at;
};

/// The handle is free.
[[nodiscard]] Task<> add_user(Connection& connection, NewUser user);

/// Refused where somebody of the workspace has the handle.
[[nodiscard]] Task<Result<model::User>> add_user_by_free_handle(
    Connection& connection,
    NewUser user
);

/// UserStore::register_account.
[[nodiscard]] Task<Result<model::User>> create_account(
    Connection& connection,
    Outbox& outbox,
    storage::NewAccount account,
    storage::RegistrationRule rule
);

/// users_owners.
[[nodiscard]] Task<bool> find_any_owner(Connection& connection, model::WorkspaceId workspace);

/// The primary key.
[[nodiscard]] Task<std::optional<model::Workspace>> find_workspace(
    Connection& connection,
    model::WorkspaceId workspace
);

}  // namespace banter::sql
