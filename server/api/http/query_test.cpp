// Queries: numbers that are numbers, and names that are known.
#include "api/http/query.hpp"

#include <gtest/gtest.h>

#include <array>

namespace banter::api::http {
namespace {

net::http::Request with(std::vector<std::pair<std::string, std::string>> query) {
    net::http::Request request;
    request.query = std::move(query);
    return request;
}

constexpr std::array<std::string_view, 2> known = {"limit", "cursor"};

TEST(Query, names_are_known_and_stand_once) {
    EXPECT_FALSE(trouble_in_query(with({}), known).has_value());
    EXPECT_FALSE(trouble_in_query(with({{"limit", "1"}, {"cursor", "x"}}), known).has_value());
    EXPECT_EQ(trouble_in_query(with({{"token", "1"}}), known)->code, Errc::unknown_field);
    EXPECT_EQ(trouble_in_query(with({{"Limit", "1"}}), known)->code, Errc::unknown_field);
    EXPECT_EQ(
        trouble_in_query(with({{"limit", "1"}, {"limit", "1"}}), known)->code, Errc::bad_request
    );
    EXPECT_EQ(trouble_in_query(with({{"cursor", "\xff"}}), known)->code, Errc::bad_request);
    EXPECT_EQ(
        trouble_in_query(with({{"cursor", std::string(1, '\0')}}), known)->code, Errc::bad_request
    );
}

TEST(Query, where_a_protocol_ignores_other_names_they_still_stand_once) {
    constexpr std::array<std::string_view, 2> some = {"code", any_name};
    EXPECT_FALSE(trouble_in_query(with({{"code", "1"}, {"session_state", "x"}}), some));
    EXPECT_TRUE(trouble_in_query(with({{"code", "1"}, {"code", "2"}}), some));
    EXPECT_TRUE(trouble_in_query(with({{"other", "1"}, {"other", "2"}}), some));
    EXPECT_TRUE(trouble_in_query(with({{"other", "\xff"}}), some));
}

TEST(Query, a_limit_is_1_to_200_and_50_if_it_is_absent) {
    EXPECT_EQ(*query_limit(with({})), 50U);
    EXPECT_EQ(*query_limit(with({{"limit", "1"}})), 1U);
    EXPECT_EQ(*query_limit(with({{"limit", "200"}})), 200U);
    for (const char* value :
         {"",
          "0",
          "201",
          "-1",
          "2147483648",
          "9007199254740993",
          "9223372036854775808",
          "18446744073709551617",
          "1e400",
          "1 ",
          " 1",
          "+1",
          "1.0",
          "0x1",
          "01",
          "٣",
          "１"}) {
        EXPECT_EQ(query_limit(with({{"limit", value}})).error().code, Errc::bad_request) << value;
    }
}

TEST(Query, a_page_has_a_cursor_as_it_was_given) {
    const auto page = query_page(with({{"limit", "3"}, {"cursor", "abc"}}));
    ASSERT_TRUE(page.has_value());
    EXPECT_EQ(page->limit, 3U);
    EXPECT_EQ(page->cursor, "abc");
    EXPECT_FALSE(query_page(with({}))->cursor.has_value());
}

TEST(Query, a_list_of_ids_has_commas_between_them_and_each_counts_once) {
    const std::string one = "01900000-0000-7000-8000-000000000001";
    const std::string two = "01900000-0000-7000-8000-000000000002";
    const auto read = [](const std::string& text, std::size_t count_max = 2) {
        net::http::Request request;
        request.query = {{"ids", text}};
        return query_uuids(request, "ids", count_max);
    };
    EXPECT_EQ(read(one)->size(), 1U);
    EXPECT_EQ(read(one + "," + two)->size(), 2U);
    EXPECT_EQ(read(one + "," + one + "," + two + "," + one)->size(), 2U);
    EXPECT_EQ(read(one + "," + two, 1).error().code, Errc::too_large);
    for (const std::string& text :
         {std::string(), one + ",", "," + one, one + ",," + two, one + " "}) {
        EXPECT_EQ(read(text).error().code, Errc::bad_request) << text;
    }
    EXPECT_EQ(query_uuids(net::http::Request{}, "ids", 2).error().code, Errc::bad_request);
}

}  // namespace
}  // namespace banter::api::http
