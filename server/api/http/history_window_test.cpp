// Windows of history: places, their limits, and the cursor that goes on.
#include "api/http/history_window.hpp"

#include <gtest/gtest.h>

namespace banter::api::http {
namespace {

using Query = std::vector<std::pair<std::string, std::string>>;

Result<storage::HistoryPlace> place(Query query) {
    net::http::Request request;
    request.query = std::move(query);
    return read_place(request);
}

service::MessagesPage page_of(model::Seq first, model::Seq last, bool before, bool after) {
    service::MessagesPage page;
    for (model::Seq seq = first; seq <= last; ++seq) page.messages.emplace_back().seq = seq;
    page.more_before = before;
    page.more_after = after;
    return page;
}

TEST(HistoryWindow, a_place_is_one_of_five_or_the_newest) {
    EXPECT_TRUE(std::holds_alternative<storage::Newest>(*place({{"limit", "3"}})));
    EXPECT_EQ(std::get<storage::Before>(*place({{"before", "20"}})).seq, 20U);
    EXPECT_EQ(std::get<storage::After>(*place({{"after", "0"}})).seq, 0U);
    EXPECT_EQ(std::get<storage::Around>(*place({{"around", "9007199254740992"}})).seq, 1ULL << 53);
    const auto time = std::get<storage::AtTime>(*place({{"at", "1970-01-01T00:00:01Z"}})).time;
    EXPECT_EQ(time, Timestamp(std::chrono::seconds(1)));
}

TEST(HistoryWindow, numbers_and_times_are_strict) {
    for (const char* name : {"before", "after", "around"}) {
        for (const char* value :
             {"-1",
              "9007199254740993",
              "9223372036854775808",
              "1e400",
              "1 ",
              " 1",
              "٣",
              "+1",
              "1.0",
              "0x1",
              ""}) {
            EXPECT_EQ(place({{name, value}}).error().code, Errc::bad_request)
                << name << "=" << value;
        }
    }
    EXPECT_EQ(place({{"before", "0"}}).error().code, Errc::bad_request);
    EXPECT_EQ(place({{"around", "0"}}).error().code, Errc::bad_request);
    EXPECT_EQ(place({{"at", "yesterday"}}).error().code, Errc::bad_request);
    EXPECT_EQ(place({{"before", "2"}, {"after", "1"}}).error().code, Errc::bad_request);
}

TEST(HistoryWindow, the_cursor_goes_on_in_the_same_direction) {
    const auto older = next_cursor(storage::Newest{}, page_of(11, 60, true, false));
    ASSERT_TRUE(older.has_value());
    EXPECT_EQ(std::get<storage::Before>(*place({{"cursor", *older}})).seq, 11U);
    const auto newer = next_cursor(storage::After{5}, page_of(6, 9, true, true));
    ASSERT_TRUE(newer.has_value());
    EXPECT_EQ(std::get<storage::After>(*place({{"cursor", *newer}})).seq, 9U);
    EXPECT_TRUE(next_cursor(storage::AtTime{}, page_of(6, 9, true, true)).has_value());
    EXPECT_EQ(
        next_cursor(storage::Around{7}, page_of(6, 9, true, true)),
        next_cursor(storage::Before{10}, page_of(6, 9, true, true))
    );
}

TEST(HistoryWindow, there_is_no_cursor_at_the_end) {
    EXPECT_FALSE(next_cursor(storage::Newest{}, page_of(1, 9, false, false)).has_value());
    EXPECT_FALSE(next_cursor(storage::Before{10}, page_of(1, 9, false, true)).has_value());
    EXPECT_FALSE(next_cursor(storage::After{0}, page_of(1, 9, true, false)).has_value());
    EXPECT_FALSE(next_cursor(storage::After{0}, {}).has_value());
}

TEST(HistoryWindow, a_made_up_cursor_is_refused) {
    for (const char* cursor :
         {"", "x", "YjE=", "Yg", "eDE", "Yi0x", "YjFh", "01900000-0000-7000-8000-000000000000"}) {
        EXPECT_EQ(place({{"cursor", cursor}}).error().code, Errc::bad_request) << cursor;
    }
    EXPECT_EQ(place({{"cursor", std::string(5000, 'A')}}).error().code, Errc::bad_request);
}

}  // namespace
}  // namespace banter::api::http
