// Access tokens in SQL.
#pragma once

#include "storage/access_token_store.hpp"
#include "storage/sql/database.hpp"

namespace banter::sql {

class SqlAccessTokenStore final : public storage::AccessTokenStore {
public:
    explicit SqlAccessTokenStore(Database& database) : database_(database) {}

    [[nodiscard]] Task<Result<model::AccessToken>> create(storage::NewAccessToken token) override;
    [[nodiscard]] Task<model::Page<model::AccessToken>> list(
        model::UserId user,
        model::PageRequest page
    ) override;
    [[nodiscard]] Task<std::optional<storage::AccessTokenCaller>> find_caller(
        storage::SecretHash secret,
        Timestamp now
    ) override;
    [[nodiscard]] Task<bool> end(model::UserId user, model::SignInId token, Timestamp now) override;
    Task<> note_uses(std::vector<storage::AccessTokenUse> uses) override;

private:
    Database& database_;
};

}  // namespace banter::sql
