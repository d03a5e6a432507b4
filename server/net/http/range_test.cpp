// Parts of a representation, as they are asked for and as nobody should.
#include "net/http/range.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace banter::net::http {
namespace {

constexpr std::uint64_t size = 1'000;
constexpr std::string_view etag = "\"abc\"";

Request get(Headers headers, std::string_view method = "GET") {
    Request request;
    request.method = method;
    request.headers = std::move(headers);
    return request;
}

Selection select(Headers headers, std::uint64_t bytes = size) {
    return select_range(get(std::move(headers)), {bytes, etag});
}

Selection part(std::uint64_t first, std::uint64_t last) {
    return {
        206,
        first,
        last - first + 1,
        "bytes " + std::to_string(first) + "-" + std::to_string(last) + "/1000"};
}

const Selection all{200, 0, size, {}};
const Selection none{416, 0, 0, "bytes */1000"};
const Selection had{304, 0, 0, {}};

struct RangeCase {
    std::string range;
    Selection selection;
};

std::vector<RangeCase> cases() {
    const std::string huge(10'000, '9');
    const std::string zeros(10'000, '0');
    std::string many = "bytes=0-0";
    for (int i = 0; i < 1'000; ++i) many += ",0-";
    return {
        {"bytes=0-", part(0, 999)},
        {"bytes=0-999", part(0, 999)},
        {"bytes=0-0", part(0, 0)},
        {"bytes=999-999", part(999, 999)},
        {"bytes=999-", part(999, 999)},
        {"bytes=10-19", part(10, 19)},
        {"bytes=10-1000", part(10, 999)},
        {"bytes=10-99999", part(10, 999)},
        {"bytes=-1", part(999, 999)},
        {"bytes=-1000", part(0, 999)},
        {"bytes=-1001", part(0, 999)},
        {"Bytes=1-2", part(1, 2)},
        {"BYTES=1-2", part(1, 2)},
        {"bytes=1-2,", part(1, 2)},
        {"bytes=,1-2", part(1, 2)},
        {"bytes= 1-2", part(1, 2)},
        {"bytes=0001-0002", part(1, 2)},
        {"bytes=" + zeros + "1-" + zeros + "2", part(1, 2)},
        {"bytes=1-" + huge, part(1, 999)},
        {"bytes=-" + huge, part(0, 999)},
        {"bytes=0-18446744073709551615", part(0, 999)},
        {"bytes=0-18446744073709551616", part(0, 999)},
        {"bytes=-18446744073709551616", part(0, 999)},
        {"bytes=0-9223372036854775807", part(0, 999)},
        // --- no such part
        {"bytes=1000-", none},
        {"bytes=1000-1000", none},
        {"bytes=1000-2000", none},
        {"bytes=-0", none},
        {"bytes=-" + zeros, none},
        {"bytes=18446744073709551615-", none},
        {"bytes=18446744073709551616-", none},
        {"bytes=4294968296-", none},
        {"bytes=" + huge + "-", none},
        {"bytes=" + huge + "-" + huge, none},
        // --- left aside
        {"", all},
        {"bytes", all},
        {"bytes=", all},
        {"bytes=,", all},
        {"bytes=-", all},
        {"bytes=--1", all},
        {"bytes=1", all},
        {"bytes=2-1", all},
        {"bytes=1--2", all},
        {"bytes=1-2-3", all},
        {"bytes=+1-2", all},
        {"bytes=1-+2", all},
        {"bytes=-+2", all},
        {"bytes=0x1-0x2", all},
        {"bytes=1.0-2", all},
        {"bytes=1e2-", all},
        {"bytes=a-b", all},
        {"bytes=1 - 2", all},
        {"bytes=1 2-3", all},
        {"bytes =1-2", all},
        {" bytes=1-2", all},
        {"bytes:1-2", all},
        {"bytes=\xd9\xa1-", all},
        {std::string("bytes=1-2\0", 10), all},
        {"bytes=bytes=1-2", all},
        {"items=1-2", all},
        {"none", all},
        {"=1-2", all},
        // --- several
        {"bytes=0-0,5-6", all},
        {"bytes=0-,0-,0-,0-", all},
        {"bytes=5000-,1-2", all},
        {"bytes=1-2,x", all},
        {many, all},
    };
}

TEST(Range, every_case_selects_what_it_should) {
    for (const RangeCase& one : cases()) {
        EXPECT_EQ(select({{"Range", one.range}}), one.selection) << one.range.substr(0, 60);
    }
}

TEST(Range, a_part_lies_within_the_whole_whatever_is_asked_for) {
    for (const std::uint64_t bytes :
         {std::uint64_t{0}, std::uint64_t{1}, size, std::numeric_limits<std::uint64_t>::max()}) {
        for (const RangeCase& one : cases()) {
            const Selection selected = select({{"Range", one.range}}, bytes);
            EXPECT_LE(selected.offset, bytes);
            EXPECT_LE(selected.length, bytes - selected.offset);
            EXPECT_EQ(selected.status == 206, selected.length > 0 && selected.status != 200);
        }
    }
}

TEST(Range, nothing_has_no_parts) {
    EXPECT_EQ(select({}, 0), (Selection{200, 0, 0, {}}));
    EXPECT_EQ(select({{"Range", "bytes=0-"}}, 0), (Selection{416, 0, 0, "bytes */0"}));
    EXPECT_EQ(select({{"Range", "bytes=-0"}}, 0), (Selection{416, 0, 0, "bytes */0"}));
    EXPECT_EQ(select({{"Range", "bytes=-5"}}, 0), (Selection{200, 0, 0, {}}));
}

TEST(Range, a_repeated_header_is_left_aside) {
    EXPECT_EQ(select({{"Range", "bytes=1-2"}, {"range", "bytes=1-2"}}), all);
}

TEST(Range, counts_for_GET_only) {
    for (const std::string_view method : {"HEAD", "POST", "get", "OPTIONS"}) {
        const Request request = get({{"Range", "bytes=1-2"}}, method);
        EXPECT_EQ(select_range(request, {size, etag}), all) << method;
    }
}

TEST(IfRange, only_the_present_strong_validator_lets_a_part_through) {
    const auto with = [](const std::string& validator) {
        return select({{"Range", "bytes=1-2"}, {"If-Range", validator}});
    };
    EXPECT_EQ(with("\"abc\""), part(1, 2));
    for (const std::string validator :
         {"",
          "*",
          "abc",
          "\"abd\"",
          "W/\"abc\"",
          "\"ABC\"",
          "\"abc\", \"abc\"",
          "\"abc",
          "Sun, 06 Nov 1994 08:49:37 GMT"}) {
        EXPECT_EQ(with(validator), all) << validator;
    }
    EXPECT_EQ(
        select({{"Range", "bytes=1-2"}, {"If-Range", "\"abc\""}, {"If-Range", "\"abc\""}}), all
    );
}

TEST(IfRange, what_does_not_hold_makes_an_impossible_range_whole) {
    EXPECT_EQ(select({{"Range", "bytes=5000-"}, {"If-Range", "\"old\""}}), all);
    EXPECT_EQ(select({{"Range", "bytes=5000-"}, {"If-Range", "\"abc\""}}), none);
    EXPECT_EQ(select({{"If-Range", "\"abc\""}}), all);
}

TEST(IfNoneMatch, who_has_it_gets_304) {
    for (const std::string tags :
         {"\"abc\"",
          "W/\"abc\"",
          "*",
          "\"x\", \"abc\"",
          "\"x\",W/\"abc\"",
          ",, \"abc\" ,",
          "\"a,b\" , \"abc\"",
          "\"\", \"abc\""}) {
        EXPECT_EQ(select({{"If-None-Match", tags}}), had) << tags;
        EXPECT_EQ(select({{"If-None-Match", tags}, {"Range", "bytes=1-2"}}), had) << tags;
        EXPECT_EQ(select({{"If-None-Match", tags}, {"Range", "bytes=5000-"}}), had) << tags;
    }
    EXPECT_EQ(select({{"If-None-Match", "\"x\""}, {"If-None-Match", "\"abc\""}}), had);
    EXPECT_EQ(select_range(get({{"If-None-Match", "\"abc\""}}, "HEAD"), {size, etag}), had);
}

TEST(IfNoneMatch, what_does_not_match_or_is_malformed_gets_it_all) {
    for (const std::string tags :
         {"",
          "abc",
          "\"abd\"",
          "\"ABC\"",
          "w/\"abc\"",
          "W/ \"abc\"",
          "W/abc",
          "\"abc",
          "abc\"",
          "\"x\" \"abc\"",
          "\"abc\" x",
          "\"abc\"\"x\"",
          "*, \"abc\"",
          "**",
          "\"a b\", \"abc\"",
          "'abc'",
          "\"x,abc\"",
          "\"x\", abc"}) {
        EXPECT_EQ(select({{"If-None-Match", tags}}), all) << tags;
    }
    EXPECT_EQ(select({{"If-None-Match", "\"abc\""}, {"If-None-Match", "broken"}}), all);
    EXPECT_EQ(select({{"If-None-Match", "\"x\""}, {"Range", "bytes=1-2"}}), part(1, 2));
    EXPECT_EQ(select_range(get({{"If-None-Match", "\"abc\""}}, "POST"), {size, etag}), all);
}

}  // namespace
}  // namespace banter::net::http
