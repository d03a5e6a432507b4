// PostgreSQL keeps the contract of users, sign-ins and threads.
#include "storage/contract/access_token_store_contract.hpp"
#include "storage/contract/departure_store_contract.hpp"
#include "storage/contract/invite_store_contract.hpp"
#include "storage/contract/people_store_contract.hpp"
#include "storage/contract/revocation_store_contract.hpp"
#include "storage/contract/sign_in_store_contract.hpp"
#include "storage/contract/thread_store_contract.hpp"
#include "storage/contract/user_store_contract.hpp"
#include "storage/testing/postgres_backend.hpp"

namespace banter::storage {

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, UserStoreContract, PostgresBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, SignInStoreContract, PostgresBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, AccessTokenStoreContract, PostgresBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, DepartureStoreContract, PostgresBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, PeopleStoreContract, PostgresBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, InviteStoreContract, PostgresBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, RevocationStoreContract, PostgresBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, ThreadStoreContract, PostgresBackend);

}  // namespace banter::storage
