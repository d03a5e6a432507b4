// SQLite keeps the contract of conversations.
#include "storage/contract/conversation_contract.hpp"
#include "storage/testing/sqlite_backend.hpp"

namespace banter::storage {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, ConversationContract, SqliteBackend);

}  // namespace banter::storage
