// PostgreSQL keeps the contract of what issuers were asked.
#include "storage/contract/identity_check_store_contract.hpp"
#include "storage/testing/postgres_backend.hpp"

namespace banter::storage {

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, IdentityCheckStoreContract, PostgresBackend);

}  // namespace banter::storage
