// Bodies of HTTP answers.
#include "api/wire/answers.hpp"

#include "api/wire/testing/links.hpp"

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

namespace banter::api::wire {
namespace {

using boost::json::parse;
using boost::json::value;
using namespace testing;

TEST(Answers, config_says_how_to_sign_in_and_the_limits) {
    const value json = parse(config({
        .name = "Home",
        .sign_up = "open",
        .sends_per_second = 50,
        .requests_per_second = 100,
        .setup = false,
    }));
    EXPECT_EQ(json.at("name"), "Home");
    EXPECT_EQ(json.at("version"), BANTER_VERSION);
    EXPECT_EQ(json.at("auth"), parse(R"({"local":{"signUp":"open"}})"));
    EXPECT_EQ(json.at("limits").at("contentBytes"), 10'000);
    EXPECT_EQ(json.at("limits").at("sendsPerSecond"), 50);
    EXPECT_EQ(json.at("setup"), false);
    EXPECT_EQ(json.as_object().size(), 5U);
}

TEST(Answers, config_names_the_issuers_where_there_are_some) {
    const value json = parse(config({
        .name = "Home",
        .sign_up = "closed",
        .issuers = {{"corp", "https://a/api/auth/oidc/corp"}, {"other", "https://a/\"x"}},
    }));
    EXPECT_EQ(
        json.at("auth").at("oidc"),
        parse(R"([{"name":"corp","url":"https://a/api/auth/oidc/corp"},)"
              R"({"name":"other","url":"https://a/\"x"}])")
    );
}

TEST(Answers, boot_has_what_an_app_paints) {
    const model::User user = a_user();
    const model::Workspace workspace{.id = an_id<model::WorkspaceId>(2), .name = "Home"};
    const model::Page<model::ThreadView> page{.items = {a_thread(), a_thread()}, .next = "n\""};
    const std::vector<model::User> users{user};
    const value json = parse(boot({
        .user = user,
        .workspace = workspace,
        .role = model::WorkspaceRole::owner,
        .threads = page,
        .users = users,
        .epoch = "e",
        .server_time = a_time,
    }));
    EXPECT_EQ(json.as_object().size(), 6U);
    EXPECT_EQ(json.at("threads").at("items").as_array().size(), 2U);
    EXPECT_EQ(json.at("threads").at("next"), "n\"");
    EXPECT_EQ(json.at("workspace").at("role"), "owner");
    EXPECT_EQ(json.at("serverTime"), "2026-11-22T06:30:00.123Z");
}

TEST(Answers, pages_say_what_follows) {
    service::MessagesPage page;
    page.messages = {a_message()};
    page.users = {a_user()};
    const value json = parse(messages(page, std::nullopt, some_links()));
    EXPECT_EQ(json.as_object().size(), 3U);
    EXPECT_TRUE(json.at("next").is_null());
    EXPECT_EQ(json.at("items").as_array().size(), 1U);
    EXPECT_EQ(json.at("users").as_array().size(), 1U);
    EXPECT_EQ(parse(threads({})), parse(R"({"items":[],"next":null})"));
    EXPECT_EQ(parse(thread(a_thread())).at("name"), "general");
    EXPECT_EQ(parse(message(a_message(), some_links())).at("seq"), 1042);
    EXPECT_EQ(parse(user(a_user())).at("handle"), "ada");
}

TEST(Answers, a_grant_and_a_read_state) {
    const value json = parse(granted(a_user(), "a.b.c", a_time));
    EXPECT_EQ(json.as_object().size(), 3U);
    EXPECT_EQ(json.at("token"), "a.b.c");
    EXPECT_EQ(json.at("tokenExpiresAt"), "2026-11-22T06:30:00.123Z");
    EXPECT_EQ(
        parse(read_state({an_id<model::ThreadId>(4), 5, 6, 7})),
        parse(
            R"({"threadId":"01900000-0000-7000-8000-000000000004","seq":5,"unread":6,"mentions":7})"
        )
    );
}

TEST(Answers, who_reacted_stands_in_their_order_with_the_count_of_all) {
    model::User bob = a_user();
    bob.id = an_id<model::UserId>(9);
    bob.handle = "bob";
    const value json = parse(reacted({.users = {bob, a_user()}, .count = 30, .next = "abc"}));
    EXPECT_EQ(json.as_object().size(), 3U);
    EXPECT_EQ(json.at("count"), 30);
    EXPECT_EQ(json.at("next"), "abc");
    EXPECT_EQ(json.at("items").at(0).at("handle"), "bob");
    EXPECT_EQ(json.at("items").at(1).at("handle"), "ada");
    EXPECT_EQ(parse(reacted({})), parse(R"({"items":[],"count":0,"next":null})"));
}

}  // namespace
}  // namespace banter::api::wire
