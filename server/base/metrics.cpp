#include "base/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <map>

namespace banter::metrics {

namespace {

std::size_t bucket_of(std::uint64_t value) {
    return std::min<std::size_t>(
        value <= 1 ? 0 : std::bit_width(value - 1), Histogram::buckets - 1
    );
}

std::string braced(std::string_view labels, std::string_view more = {}) {
    if (labels.empty() && more.empty()) return {};
    const bool both = !labels.empty() && !more.empty();
    return fmt::format("{{{}{}{}}}", labels, both ? "," : "", more);
}

}  // namespace

void Histogram::observe(std::uint64_t value) {
    counts_[bucket_of(value)].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
}

std::uint64_t Histogram::bucket(std::size_t index) const {
    return counts_[index].load(std::memory_order_relaxed);
}

Counter& Registry::counter(std::string_view name, std::string_view help, std::string_view labels) {
    const std::scoped_lock lock(guard_);
    Counter& cell = counters_.emplace_back();
    Entry entry{
        .name = std::string(name), .help = std::string(help), .labels = std::string(labels)};
    entry.counter = &cell;
    entries_.push_back(std::move(entry));
    return cell;
}

Gauge& Registry::gauge(std::string_view name, std::string_view help, std::string_view labels) {
    const std::scoped_lock lock(guard_);
    Gauge& cell = gauges_.emplace_back();
    Entry entry{
        .name = std::string(name), .help = std::string(help), .labels = std::string(labels)};
    entry.gauge = &cell;
    entries_.push_back(std::move(entry));
    return cell;
}

Histogram& Registry::histogram(
    std::string_view name,
    std::string_view help,
    double unit,
    std::string_view labels
) {
    const std::scoped_lock lock(guard_);
    Histogram& cell = histograms_.emplace_back();
    Entry entry{
        .name = std::string(name), .help = std::string(help), .labels = std::string(labels)};
    entry.unit = unit;
    entry.histogram = &cell;
    entries_.push_back(std::move(entry));
    return cell;
}

void Registry::computed_gauge(
    std::string_view name,
    std::string_view help,
    std::string_view labels,
    std::function<std::int64_t()> value
) {
    const std::scoped_lock lock(guard_);
    Entry entry{
        .name = std::string(name), .help = std::string(help), .labels = std::string(labels)};
    entry.computed = std::move(value);
    entries_.push_back(std::move(entry));
}

std::string Registry::text() const {
    struct Series {
        double unit = 1;
        std::int64_t number = 0;
        std::array<std::uint64_t, Histogram::buckets> buckets{};
        std::uint64_t sum = 0;
    };
    struct Family {
        std::string help, type;
        std::map<std::string, Series> series;
    };
    std::map<std::string, Family> families;
    const std::scoped_lock lock(guard_);
    for (const Entry& entry : entries_) {
        Family& family = families[entry.name];
        family.help = entry.help;
        Series& series = family.series[entry.labels];
        series.unit = entry.unit;
        if (entry.counter != nullptr) {
            family.type = "counter";
            series.number += static_cast<std::int64_t>(entry.counter->value());
        } else if (entry.histogram != nullptr) {
            family.type = "histogram";
            for (std::size_t i = 0; i < Histogram::buckets; ++i) {
                series.buckets[i] += entry.histogram->bucket(i);
            }
            series.sum += entry.histogram->sum();
        } else {
            family.type = "gauge";
            series.number += entry.gauge != nullptr ? entry.gauge->value() : entry.computed();
        }
    }
    std::string out;
    for (const auto& [name, family] : families) {
        out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, family.help, name, family.type);
        for (const auto& [labels, series] : family.series) {
            if (family.type != "histogram") {
                out += fmt::format("{}{} {}\n", name, braced(labels), series.number);
                continue;
            }
            std::uint64_t below = 0;
            for (std::size_t i = 0; i + 1 < Histogram::buckets; ++i) {
                below += series.buckets[i];
                const double bound = static_cast<double>(std::uint64_t{1} << i) * series.unit;
                const std::string label = fmt::format("le=\"{:g}\"", bound);
                out += fmt::format("{}_bucket{} {}\n", name, braced(labels, label), below);
            }
            below += series.buckets.back();
            out += fmt::format("{}_bucket{} {}\n", name, braced(labels, "le=\"+Inf\""), below);
            const double sum = static_cast<double>(series.sum) * series.unit;
            out += fmt::format("{}_sum{} {:g}\n", name, braced(labels), sum);
            out += fmt::format("{}_count{} {}\n", name, braced(labels), below);
        }
    }
    return out;
}

}  // namespace banter::metrics
