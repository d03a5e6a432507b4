// People as others see them, in SQL.
#pragma once

#include "storage/people_store.hpp"
#include "storage/sql/database.hpp"

namespace banter::sql {

class SqlPeopleStore final : public storage::PeopleStore {
public:
    explicit SqlPeopleStore(Database& database) : database_(database) {}

    [[nodiscard]] Task<model::Page<model::User>> search(
        storage::UserSearch search,
        model::PageRequest page
    ) override;
    [[nodiscard]] Task<std::vector<model::User>> find_acquainted(
        model::WorkspaceId workspace,
        model::UserId viewer,
        std::vector<model::UserId> ids
    ) override;
    [[nodiscard]] Task<Result<model::User>> make_bot(storage::NewBot bot) override;
    [[nodiscard]] Task<model::Page<model::User>> bots(
        model::WorkspaceId workspace,
        model::PageRequest page
    ) override;
    [[nodiscard]] Task<Result<model::User>> change_profile(storage::ProfileChange change) override;
    [[nodiscard]] Task<Result<model::User>> change_user(
        storage::UserChange change,
        storage::UserRule rule
    ) override;

    [[nodiscard]] Task<Result<model::User>> delete_account(
        storage::AccountDeletion deletion,
        storage::UserRule rule
    ) override;

private:
    Database& database_;
};

}  // namespace banter::sql
