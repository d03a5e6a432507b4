// SQLite keeps the contract of files and uploads.
#include "storage/contract/file_store_contract.hpp"
#include "storage/testing/sqlite_backend.hpp"

namespace banter::storage {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, FileStoreContract, SqliteBackend);

}  // namespace banter::storage
