// PostgreSQL keeps the contract of hooks and of organizations.
#include "storage/contract/hook_store_contract.hpp"
#include "storage/contract/organization_contract.hpp"
#include "storage/testing/postgres_backend.hpp"

namespace banter::storage {

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, HookStoreContract, PostgresBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, OrganizationContract, PostgresBackend);

}  // namespace banter::storage
