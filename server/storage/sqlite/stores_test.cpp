// SQLite keeps the contract of users, sign-ins and threads.
#include "storage/contract/access_token_store_contract.hpp"
#include "storage/contract/departure_store_contract.hpp"
#include "storage/contract/invite_store_contract.hpp"
#include "storage/contract/people_store_contract.hpp"
#include "storage/contract/revocation_store_contract.hpp"
#include "storage/contract/sign_in_store_contract.hpp"
#include "storage/contract/thread_store_contract.hpp"
#include "storage/contract/user_store_contract.hpp"
#include "storage/testing/sqlite_backend.hpp"

namespace banter::storage {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, UserStoreContract, SqliteBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, SignInStoreContract, SqliteBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, AccessTokenStoreContract, SqliteBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, DepartureStoreContract, SqliteBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, PeopleStoreContract, SqliteBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, InviteStoreContract, SqliteBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, RevocationStoreContract, SqliteBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, ThreadStoreContract, SqliteBackend);

}  // namespace banter::storage
