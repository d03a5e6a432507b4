// PostgreSQL keeps the contract of hooks.
#include "storage/contract/hook_store_contract.hpp"
#include "storage/testing/postgres_backend.hpp"

namespace banter::storage {

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, HookStoreContract, PostgresBackend);

}  // namespace banter::storage
