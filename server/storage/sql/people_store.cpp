#include "storage/sql/people_store.hpp"

#include "storage/sql/account_deletion.hpp"
#include "storage/sql/bots.hpp"
#include "storage/sql/user_changes.hpp"
#include "storage/sql/user_search.hpp"

#include <utility>

namespace banter::sql {

Task<model::Page<model::User>> SqlPeopleStore::search(
    storage::UserSearch search,
    model::PageRequest page
) {
    return database_.read(search_users, std::move(search), std::move(page));
}

Task<std::vector<model::User>> SqlPeopleStore::find_acquainted(
    model::WorkspaceId workspace,
    model::UserId viewer,
    std::vector<model::UserId> ids
) {
    return database_.read(read_acquainted, workspace, viewer, std::move(ids));
}

Task<Result<model::User>> SqlPeopleStore::make_bot(storage::NewBot bot) {
    return database_.write(write_bot, std::move(bot));
}

Task<model::Page<model::User>> SqlPeopleStore::bots(
    model::WorkspaceId workspace,
    model::PageRequest page
) {
    return database_.read(read_bots, workspace, std::move(page));
}

Task<Result<model::User>> SqlPeopleStore::change_profile(storage::ProfileChange change) {
    return database_.write(write_profile_change, std::move(change));
}

Task<Result<model::User>> SqlPeopleStore::change_user(
    storage::UserChange change,
    storage::UserRule rule
) {
    return database_.write(write_user_change, std::move(change), std::move(rule));
}

Task<Result<model::User>> SqlPeopleStore::delete_account(
    storage::AccountDeletion deletion,
    storage::UserRule rule
) {
    return database_.write(sql::delete_account, std::move(deletion), std::move(rule));
}

}  // namespace banter::sql
