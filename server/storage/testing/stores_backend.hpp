// The stores over a database of any driver, as the contract tests ask for them.
#pragma once

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/random.hpp"
#include "storage/memory/lru_cache.hpp"
#include "storage/sql/stores.hpp"
#include "storage/testing/recording_bus.hpp"
#include "storage/testing/run_task.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace banter::storage {

template <typename Database, typename Options>
class StoresBackend {
public:
    void open() {
        database_ = std::make_unique<Database>(
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
    [[nodiscard]] Database& database() { return *database_; }
    [[nodiscard]] ManualClock& clock() { return clock_; }
    [[nodiscard]] Random& random() { return random_; }
    [[nodiscard]] metrics::Registry& registry() { return registry_; }

protected:
    StoresBackend(std::size_t loop_count, Options options)
        : options_(std::move(options)), loops_(loop_count) {
        open();
    }

    [[nodiscard]] const Options& options() const { return options_; }

private:
    static constexpr std::size_t cache_bytes = 1024 * 1024;

    Options options_;
    ManualClock clock_{Timestamp{std::chrono::milliseconds{1'800'000'000'000}}};
    SeededRandom random_{4711};
    metrics::Registry registry_;
    RecordingBus bus_;
    TestLoops loops_;
    std::unique_ptr<Database> database_;
    std::vector<std::unique_ptr<memory::LruCache>> caches_;
    std::vector<std::unique_ptr<sql::Stores>> stores_;
};

}  // namespace banter::storage
