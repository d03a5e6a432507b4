// Times as they are written and read.
#include "api/wire/times.hpp"

#include "api/wire/testing/samples.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <ctime>

namespace banter::api::wire {
namespace {

using namespace testing;

std::string time_text(Timestamp time) {
    std::string out;
    append_time(out, time);
    return out;
}

TEST(Times, times_are_rfc_3339_with_milliseconds) {
    EXPECT_EQ(time_text(a_time), R"("2026-11-22T06:30:00.123Z")");
    EXPECT_EQ(time_text(Timestamp{}), R"("1970-01-01T00:00:00.000Z")");
    EXPECT_EQ(
        time_text(Timestamp(std::chrono::milliseconds(951'782'399'999))),
        R"("2000-02-28T23:59:59.999Z")"
    );
    EXPECT_EQ(
        time_text(Timestamp(std::chrono::milliseconds(951'782'400'000))),
        R"("2000-02-29T00:00:00.000Z")"
    );
}

TEST(Times, times_agree_with_the_c_library) {
    SeededRandom random(2);
    for (int i = 0; i < 5'000; ++i) {
        const Timestamp time = random_time(random);
        const auto ms = time.time_since_epoch().count();
        const std::time_t seconds = static_cast<std::time_t>(ms / 1000);
        std::tm parts{};
        gmtime_r(&seconds, &parts);
        std::array<char, 64> expected;
        const std::size_t size =
            std::strftime(expected.data(), expected.size(), "\"%Y-%m-%dT%H:%M:%S", &parts);
        std::snprintf(
            expected.data() + size, expected.size() - size, ".%03dZ\"", static_cast<int>(ms % 1000)
        );
        EXPECT_EQ(time_text(time), expected.data());
    }
}

TEST(ParseTime, what_is_written_is_read_back) {
    SeededRandom random(3);
    for (int i = 0; i < 2'000; ++i) {
        const Timestamp time = random_time(random);
        std::string text;
        append_time(text, time);
        EXPECT_EQ(parse_time(text.substr(1, text.size() - 2)), time) << text;
    }
}

TEST(ParseTime, fractions_and_offsets) {
    EXPECT_EQ(parse_time("2026-11-22T06:30:00.123Z"), a_time);
    EXPECT_EQ(parse_time("2026-11-22t06:30:00.1239z"), a_time);
    EXPECT_EQ(parse_time("2026-11-22T08:30:00.123+02:00"), a_time);
    EXPECT_EQ(parse_time("2026-11-21T23:00:00.123456789-07:30"), a_time);
    EXPECT_EQ(parse_time("2026-11-22T06:30:00Z"), a_time - std::chrono::milliseconds(123));
}

TEST(ParseTime, anything_else_is_no_time) {
    for (const char* text :
         {"",
          "yesterday",
          "0",
          "1e400",
          "2026-11-22",
          "2026-13-45T00:00:00.000Z",
          "2026-02-29T00:00:00Z",
          "2026-11-22T24:00:00Z",
          "2026-11-22T06:60:00Z",
          "2026-11-22T06:30:61Z",
          "2026-11-22T06:30:00",
          "2026-11-22T06:30:00.Z",
          "2026-11-22T06:30:00.1234567890Z",
          "2026-11-22 06:30:00Z",
          "2026-11-22T06:30:00Z ",
          "2026-11-22T06:30:00+24:00",
          "2026-11-22T06:30:00+2:00",
          "+026-11-22T06:30:00Z",
          "2026-11-22T06:30:00ZZ"}) {
        EXPECT_FALSE(parse_time(text).has_value()) << text;
    }
    EXPECT_FALSE(parse_time(std::string("2026-11-22T06:30:00.123Z\0", 25)).has_value());
}

}  // namespace
}  // namespace banter::api::wire
