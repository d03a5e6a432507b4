// SQLite and PostgreSQL give the same answers to the same random operations, and tell the same.
//
// BANTER_SEED repeats a run, BANTER_OPERATIONS is how many there are.
#include "storage/testing/postgres_backend.hpp"
#include "storage/testing/random_operations.hpp"
#include "storage/testing/sqlite_backend.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>

namespace banter::storage {

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* value = std::getenv(name);
    return value == nullptr ? otherwise : std::stoull(value);
}

}  // namespace

TEST(Differential, both_databases_answer_the_same) {
    const std::uint64_t seed = from_environment("BANTER_SEED", SystemRandom().below(1'000'000));
    const std::uint64_t count = from_environment("BANTER_OPERATIONS", 4'000);
    std::cout << "seed " << seed << ", " << count << " operations\n";
    SqliteBackend sqlite(1);
    PostgresBackend postgres;
    ASSERT_EQ(sqlite.installation().workspace.id, postgres.installation().workspace.id);
    Side one{sqlite.stores(), sqlite.loops()[0], sqlite.bus()};
    Side other{postgres.stores(), postgres.loops()[0], postgres.bus()};
    RandomOperations operations(seed, sqlite.installation().workspace.id);
    std::uint64_t answered = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto operation = operations.next();
        const std::string expected = one.perform(operation.perform);
        const std::string got = other.perform(operation.perform);
        ASSERT_EQ(got, expected) << "operation " << i << ", " << operation.name << ", seed "
                                 << seed;
        ASSERT_FALSE(got.starts_with("throws")) << operation.name << ", seed " << seed;
        answered += got.starts_with("error") || got.starts_with("-") ? 0 : 1;
    }
    EXPECT_GT(answered, count / 2) << "most of it is about something";
}

}  // namespace banter::storage
