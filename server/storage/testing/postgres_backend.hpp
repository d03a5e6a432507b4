// The stores over a fresh database of a real PostgreSQL, as the contract tests ask for them.
//
// BANTER_TEST_POSTGRES is the URL of its database "postgres", for someone who may make others.
#pragma once

#include "base/clock.hpp"
#include "base/encoding.hpp"
#include "base/metrics.hpp"
#include "base/random.hpp"
#include "storage/memory/lru_cache.hpp"
#include "storage/postgres/database.hpp"
#include "storage/postgres/session.hpp"
#include "storage/sql/stores.hpp"
#include "storage/testing/recording_bus.hpp"
#include "storage/testing/run_task.hpp"

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace banter::storage {

/// A database that is there as long as this.
class TestDatabase {
public:
    TestDatabase() : name_("banter_" + hex(SystemRandom().bytes<8>())) {
        run("CREATE DATABASE " + name_);
    }
    ~TestDatabase() { run("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)"); }
    TestDatabase(const TestDatabase&) = delete;
    TestDatabase& operator=(const TestDatabase&) = delete;

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::string url() const {
        const std::string server = server_url();
        return server.substr(0, server.rfind('/') + 1) + name_;
    }

    static std::string server_url() {
        const char* url = std::getenv("BANTER_TEST_POSTGRES");
        if (url == nullptr) throw std::runtime_error("BANTER_TEST_POSTGRES is not set");
        return url;
    }
    /// In the database of the server's own.
    static void run(const std::string& statement) {
        postgres::Session(postgres::targets_of(server_url())).run(statement.c_str());
    }

private:
    std::string name_;
};

class PostgresBackend {
public:
    explicit PostgresBackend(std::size_t loop_count = 1, postgres::PostgresOptions options = {})
        : options_(std::move(options)), loops_(loop_count) {
        options_.url = test_database_.url();
        open();
    }

    void open() {
        database_ = std::make_unique<postgres::PostgresDatabase>(
            options_, loops_.executors(), clock_, random_, registry_, bus_
        );
        for (std::size_t i = 0; i < loops_.size(); ++i) {
            caches_.push_back(std::make_unique<memory::LruCache>(cache_bytes));
            stores_.push_back(std::make_unique<sql::Stores>(
                *database_, *caches_.back(), database_->installation()
            ));
        }
    }
    void close() {
        stores_.clear();
        caches_.clear();
        database_.reset();
    }
    void reopen() {
        close();
        open();
    }

    [[nodiscard]] TestLoops& loops() { return loops_; }
    [[nodiscard]] sql::Stores& stores(std::size_t loop = 0) { return *stores_[loop]; }
    [[nodiscard]] Cache& cache(std::size_t loop = 0) { return *caches_[loop]; }
    [[nodiscard]] RecordingBus& bus() { return bus_; }
    [[nodiscard]] const Installation& installation() const { return database_->installation(); }
    [[nodiscard]] postgres::PostgresDatabase& database() { return *database_; }
    [[nodiscard]] TestDatabase& test_database() { return test_database_; }
    [[nodiscard]] ManualClock& clock() { return clock_; }
    [[nodiscard]] Random& random() { return random_; }

private:
    static constexpr std::size_t cache_bytes = 1024 * 1024;

    TestDatabase test_database_;
    postgres::PostgresOptions options_;
    ManualClock clock_{Timestamp{std::chrono::milliseconds{1'800'000'000'000}}};
    SeededRandom random_{4711};
    metrics::Registry registry_;
    RecordingBus bus_;
    TestLoops loops_;
    std::unique_ptr<postgres::PostgresDatabase> database_;
    std::vector<std::unique_ptr<memory::LruCache>> caches_;
    std::vector<std::unique_ptr<sql::Stores>> stores_;
};

}  // namespace banter::storage
