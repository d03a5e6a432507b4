// The stores over SQLite in a temporary directory, as the contract tests ask for them.
#pragma once

#include "storage/sqlite/database.hpp"
#include "storage/testing/stores_backend.hpp"
#include "storage/testing/temporary_directory.hpp"

#include <cstddef>
#include <filesystem>
#include <utility>

namespace banter::storage {

/// There before the database is, and after it.
struct SqlitePlace {
    TemporaryDirectory place;
};

class SqliteBackend : private SqlitePlace,
                      public StoresBackend<sqlite::SqliteDatabase, sqlite::SqliteOptions> {
public:
    explicit SqliteBackend(std::size_t loop_count = 1, sqlite::SqliteOptions options = {})
        : StoresBackend(loop_count, in_place(std::move(options))) {}

    [[nodiscard]] std::filesystem::path directory() const { return options().directory; }

private:
    [[nodiscard]] sqlite::SqliteOptions in_place(sqlite::SqliteOptions options) const {
        if (options.directory.empty()) options.directory = place.path();
        return options;
    }
};

}  // namespace banter::storage
