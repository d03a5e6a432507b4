// PostgreSQL keeps the contract of conversations.
#include "storage/contract/conversation_contract.hpp"
#include "storage/testing/postgres_backend.hpp"

namespace banter::storage {

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, ConversationContract, PostgresBackend);

}  // namespace banter::storage
