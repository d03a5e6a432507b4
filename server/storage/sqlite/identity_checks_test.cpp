// SQLite keeps the contract of what issuers were asked.
#include "storage/contract/identity_check_store_contract.hpp"
#include "storage/testing/sqlite_backend.hpp"

namespace banter::storage {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, IdentityCheckStoreContract, SqliteBackend);

}  // namespace banter::storage
