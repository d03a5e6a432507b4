// Sign-ins and their rotating refresh secrets in SQL.
#pragma once

#include "storage/sql/database.hpp"
#include "storage/user_store.hpp"

namespace banter::sql {

class SqlSignInStore final : public storage::SignInStore {
public:
    explicit SqlSignInStore(Database& database) : database_(database) {}

    [[nodiscard]] Task<bool> create(storage::NewSignIn sign_in) override;
    [[nodiscard]] Task<model::Page<model::SignIn>> list(
        model::UserId user,
        Timestamp now,
        model::PageRequest page
    ) override;
    [[nodiscard]] Task<std::optional<storage::SignIn>> find_by_secret(storage::SecretHash secret
    ) override;
    [[nodiscard]] Task<Result<storage::Rotated>> rotate(storage::Rotation rotation) override;
    [[nodiscard]] Task<bool> end(model::UserId user, model::SignInId id, Timestamp now) override;
    [[nodiscard]] Task<std::optional<storage::SignIn>> end_by_secret(
        storage::SecretHash secret,
        Timestamp now
    ) override;

private:
    Database& database_;
};

}  // namespace banter::sql
