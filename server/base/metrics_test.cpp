// Metrics as Prometheus reads them.
#include "base/metrics.hpp"

#include <gmock/gmock.h>

namespace banter::metrics {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Registry, counters_of_one_name_and_label_set_are_summed) {
    Registry registry;
    registry.counter("frames_total", "Frames.", "direction=\"in\"").add(3);
    registry.counter("frames_total", "Frames.", "direction=\"in\"").add();
    registry.counter("frames_total", "Frames.", "direction=\"out\"").add(10);
    const std::string text = registry.text();
    EXPECT_THAT(text, HasSubstr("# HELP frames_total Frames.\n# TYPE frames_total counter\n"));
    EXPECT_THAT(text, HasSubstr("frames_total{direction=\"in\"} 4\n"));
    EXPECT_THAT(text, HasSubstr("frames_total{direction=\"out\"} 10\n"));
}

TEST(Registry, gauges_go_down_and_computed_ones_are_asked_when_scraped) {
    Registry registry;
    Gauge& open = registry.gauge("connections", "Open.");
    open.add(5);
    open.add(-7);
    std::int64_t bytes = 1;
    registry.computed_gauge("cache_bytes", "Held.", "", [&] { return bytes; });
    bytes = 42;
    EXPECT_THAT(registry.text(), HasSubstr("connections -2\n"));
    EXPECT_THAT(registry.text(), HasSubstr("cache_bytes 42\n"));
    open.set(9);
    EXPECT_THAT(registry.text(), HasSubstr("# TYPE connections gauge\nconnections 9\n"));
}

TEST(Histogram, a_value_falls_into_the_first_bucket_that_is_not_below_it) {
    Histogram histogram;
    for (const std::uint64_t value : {0, 1, 2, 3, 4, 5}) histogram.observe(value);
    EXPECT_EQ(histogram.bucket(0), 2U);  // 0, 1
    EXPECT_EQ(histogram.bucket(1), 1U);  // 2
    EXPECT_EQ(histogram.bucket(2), 2U);  // 3, 4
    EXPECT_EQ(histogram.bucket(3), 1U);  // 5
    EXPECT_EQ(histogram.sum(), 15U);
}

TEST(Histogram, what_is_above_every_bound_counts_in_the_last_bucket) {
    Histogram histogram;
    histogram.observe(1U << 23);
    histogram.observe((1U << 23) + 1);
    histogram.observe(UINT64_MAX / 2);
    EXPECT_EQ(histogram.bucket(Histogram::buckets - 2), 1U);
    EXPECT_EQ(histogram.bucket(Histogram::buckets - 1), 2U);
}

TEST(Registry, buckets_are_cumulative_scaled_by_the_unit_and_end_with_the_count) {
    Registry registry;
    Histogram& first = registry.histogram("commit_seconds", "Commit.", 1e-6, "store=\"a\"");
    Histogram& second = registry.histogram("commit_seconds", "Commit.", 1e-6, "store=\"a\"");
    first.observe(1);
    second.observe(4);
    second.observe(1'000'000'000);
    const std::string text = registry.text();
    EXPECT_THAT(text, HasSubstr("# TYPE commit_seconds histogram\n"));
    EXPECT_THAT(text, HasSubstr("commit_seconds_bucket{store=\"a\",le=\"1e-06\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("commit_seconds_bucket{store=\"a\",le=\"2e-06\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("commit_seconds_bucket{store=\"a\",le=\"4e-06\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("commit_seconds_bucket{store=\"a\",le=\"+Inf\"} 3\n"));
    EXPECT_THAT(text, HasSubstr("commit_seconds_count{store=\"a\"} 3\n"));
    EXPECT_THAT(text, HasSubstr("commit_seconds_sum{store=\"a\"} 1000\n"));
}

TEST(Registry, each_family_is_described_once) {
    Registry registry;
    registry.counter("a_total", "A.", "x=\"1\"");
    registry.counter("a_total", "A.", "x=\"2\"");
    const std::string text = registry.text();
    const auto first = text.find("# TYPE a_total");
    ASSERT_NE(first, std::string::npos);
    EXPECT_THAT(text.substr(first + 1), Not(HasSubstr("# TYPE a_total")));
}

}  // namespace
}  // namespace banter::metrics
