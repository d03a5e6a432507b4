// SQLite keeps the contract of hooks and of organizations.
#include "storage/contract/hook_store_contract.hpp"
#include "storage/contract/organization_contract.hpp"
#include "storage/testing/sqlite_backend.hpp"

namespace banter::storage {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, HookStoreContract, SqliteBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, OrganizationContract, SqliteBackend);

}  // namespace banter::storage
