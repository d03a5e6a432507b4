// PostgreSQL keeps the contract of files and uploads.
#include "storage/contract/file_store_contract.hpp"
#include "storage/testing/postgres_backend.hpp"

namespace banter::storage {

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, FileStoreContract, PostgresBackend);

}  // namespace banter::storage
