// SQLite keeps the contract of the log.
#include "storage/contract/history_contract.hpp"
#include "storage/contract/message_changes_contract.hpp"
#include "storage/contract/message_store_contract.hpp"
#include "storage/testing/sqlite_backend.hpp"

namespace banter::storage {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, MessageStoreContract, SqliteBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, MessageChangesContract, SqliteBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, HistoryContract, SqliteBackend);

}  // namespace banter::storage
