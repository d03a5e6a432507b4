// SQLite keeps the contract of hooks.
#include "storage/contract/hook_store_contract.hpp"
#include "storage/testing/sqlite_backend.hpp"

namespace banter::storage {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, HookStoreContract, SqliteBackend);

}  // namespace banter::storage
