// SQLite keeps the contract of users, sign-ins and threads.
#include "storage/contract/thread_store_contract.hpp"
#include "storage/contract/user_store_contract.hpp"
#include "storage/testing/sqlite_backend.hpp"

namespace banter::storage {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, UserStoreContract, SqliteBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, ThreadStoreContract, SqliteBackend);

}  // namespace banter::storage
