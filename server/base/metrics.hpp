// Counters, gauges and histograms in Prometheus' text format. Each user of a metric has a cell of
// its own, so that shards don't share cache lines; cells of one name and label set are summed when
// scraped.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace banter::metrics {

class alignas(64) Counter {
public:
    void add(std::uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

class alignas(64) Gauge {
public:
    void add(std::int64_t count) { value_.fetch_add(count, std::memory_order_relaxed); }
    void set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
    [[nodiscard]] std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t> value_{0};
};

/// Buckets by powers of two from 1 to 2^23, and above. `unit` of a family scales them when scraped:
/// observe microseconds with unit 1e-6 to print seconds.
class alignas(64) Histogram {
public:
    static constexpr std::size_t buckets = 25;

    void observe(std::uint64_t value);
    [[nodiscard]] std::uint64_t bucket(std::size_t index) const;
    [[nodiscard]] std::uint64_t sum() const { return sum_.load(std::memory_order_relaxed); }

private:
    std::array<std::atomic<std::uint64_t>, buckets> counts_{};
    std::atomic<std::uint64_t> sum_{0};
};

/// Owns all cells; lives as long as the process serves. References stay valid.
class Registry {
public:
    /// name: Prometheus' form, such as "banter_frames_total"; labels: `route="…"` or empty.
    Counter& counter(std::string_view name, std::string_view help, std::string_view labels = {});
    Gauge& gauge(std::string_view name, std::string_view help, std::string_view labels = {});
    Histogram& histogram(
        std::string_view name,
        std::string_view help,
        double unit,
        std::string_view labels = {}
    );
    /// A gauge whose value is asked for when scraped, from any thread.
    void computed_gauge(
        std::string_view name,
        std::string_view help,
        std::string_view labels,
        std::function<std::int64_t()> value
    );

    /// Prometheus' text exposition format 0.0.4.
    [[nodiscard]] std::string text() const;

private:
    struct Entry {
        std::string name, help, labels;
        double unit = 1;
        const Counter* counter = nullptr;
        const Gauge* gauge = nullptr;
        const Histogram* histogram = nullptr;
        std::function<std::int64_t()> computed;
    };

    mutable std::mutex guard_;  // registration and scraping only; never on the path of a message
    std::deque<Counter> counters_;
    std::deque<Gauge> gauges_;
    std::deque<Histogram> histograms_;
    std::vector<Entry> entries_;
};

}  // namespace banter::metrics
