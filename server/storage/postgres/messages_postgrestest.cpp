// PostgreSQL keeps the contract of the log.
#include "storage/contract/history_contract.hpp"
#include "storage/contract/message_changes_contract.hpp"
#include "storage/contract/message_store_contract.hpp"
#include "storage/testing/postgres_backend.hpp"

namespace banter::storage {

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, MessageStoreContract, PostgresBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, MessageChangesContract, PostgresBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, HistoryContract, PostgresBackend);

}  // namespace banter::storage
