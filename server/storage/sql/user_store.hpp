// People, credentials and identities in SQL.
#pragma once

#include "storage/sql/database.hpp"
#include "storage/user_store.hpp"

namespace banter::sql {

class SqlUserStore final : public storage::UserStore {
public:
    /// default_workspace: where local accounts live.
    SqlUserStore(Database& database, model::WorkspaceId default_workspace)
        : database_(database), default_workspace_(default_workspace) {}

    [[nodiscard]] Task<Result<model::User>> register_account(
        storage::NewAccount account,
        storage::RegistrationRule rule
    ) override;
    [[nodiscard]] Task<std::optional<storage::Credentials>> find_credentials(std::string handle
    ) override;
    [[nodiscard]] Task<bool> change_password(storage::PasswordChange change) override;
    [[nodiscard]] Task<std::optional<storage::KnownCaller>> find_caller(
        model::WorkspaceId workspace,
        model::UserId user,
        std::optional<model::SignInId> sign_in,
        Timestamp now
    ) override;
    [[nodiscard]] Task<std::optional<storage::KnownCaller>> find_by_identity(
        model::WorkspaceId workspace,
        storage::Identity identity
    ) override;
    [[nodiscard]] Task<std::optional<storage::KnownCaller>> provision(storage::NewIdentity identity
    ) override;
    [[nodiscard]] Task<std::vector<model::User>> find_all(
        model::WorkspaceId workspace,
        std::vector<model::UserId> ids
    ) override;
    [[nodiscard]] Task<std::optional<model::Workspace>> find_workspace(model::WorkspaceId workspace
    ) override;
    [[nodiscard]] Task<bool> has_owner(model::WorkspaceId workspace) override;

private:
    Database& database_;
    model::WorkspaceId default_workspace_;
};

}  // namespace banter::sql
