// What a person sees of their own sign-ins.
#include "api/wire/account_answers.hpp"

#include "api/wire/testing/samples.hpp"

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

namespace banter::api::wire {
namespace {

using boost::json::parse;
using boost::json::value;
using namespace testing;

TEST(AccountAnswers, a_session_says_whence_it_is_and_whether_it_asks) {
    model::SignIn here{
        .id = an_id<model::SignInId>(3),
        .created_at = a_time,
        .last_used_at = a_time + std::chrono::seconds(1),
        .expires_at = a_time + std::chrono::seconds(2),
        .user_agent = "a \"browser\"",
        .address = "::1"};
    model::SignIn elsewhere = here;
    elsewhere.id = an_id<model::SignInId>(4);
    const value json = parse(sign_ins({.items = {here, elsewhere}, .next = "more"}, here.id));
    EXPECT_EQ(json.at("next"), "more");
    EXPECT_EQ(json.at("items").at(0), parse(R"({
            "id": "01900000-0000-7000-8000-000000000003",
            "createdAt": "2026-11-22T06:30:00.123Z",
            "lastUsedAt": "2026-11-22T06:30:01.123Z",
            "expiresAt": "2026-11-22T06:30:02.123Z",
            "userAgent": "a \"browser\"",
            "address": "::1",
            "current": true
        })"));
    EXPECT_EQ(json.at("items").at(1).at("current"), false);
    EXPECT_EQ(parse(sign_ins({}, std::nullopt)), parse(R"({"items":[],"next":null})"));
}

TEST(AccountAnswers, an_access_token_is_shown_without_its_secret_but_to_who_made_it) {
    const model::AccessToken about{
        .id = an_id<model::SignInId>(3),
        .name = "a \"program\"",
        .created_at = a_time,
        .last_used_at = std::nullopt,
        .expires_at = a_time};
    const value made = parse(made_access_token(about, "banter_pat_x"));
    EXPECT_EQ(made, parse(R"({
            "id": "01900000-0000-7000-8000-000000000003",
            "name": "a \"program\"",
            "createdAt": "2026-11-22T06:30:00.123Z",
            "lastUsedAt": null,
            "expiresAt": "2026-11-22T06:30:00.123Z",
            "token": "banter_pat_x"
        })"));
    const value shown = parse(access_tokens({.items = {about}, .next = std::nullopt}));
    EXPECT_EQ(shown.at("items").at(0).as_object().size(), 5U);
    EXPECT_FALSE(shown.at("items").at(0).as_object().contains("token"));
}

TEST(AccountAnswers, a_bots_token_says_what_it_is_limited_to) {
    model::AccessToken about{.name = "x", .created_at = a_time, .scopes = model::Scopes()};
    about.scopes->add(model::Scope::threads);
    about.scopes->add(model::Scope::read);
    const value made = parse(made_access_token(about, "banter_bot_x"));
    EXPECT_EQ(made.at("scopes"), parse(R"(["read","threads"])"));
    EXPECT_EQ(made.at("token"), "banter_bot_x");
}

TEST(AccountAnswers, an_invitation_is_shown_without_its_code_but_to_who_made_it) {
    const model::Invite about{
        .id = an_id<model::InviteId>(3),
        .role = model::WorkspaceRole::guest,
        .uses_max = 5,
        .uses = 2,
        .threads = {an_id<model::ThreadId>(4), an_id<model::ThreadId>(5)},
        .created_by = an_id<model::UserId>(6),
        .created_at = a_time,
        .expires_at = std::nullopt};
    const value made = parse(made_invite(about, "the code", "http://x/invite/the%20code"));
    EXPECT_EQ(made, parse(R"({
            "id": "01900000-0000-7000-8000-000000000003",
            "role": "guest",
            "maxUses": 5,
            "uses": 2,
            "threadIds": [
                "01900000-0000-7000-8000-000000000004",
                "01900000-0000-7000-8000-000000000005"
            ],
            "createdBy": "01900000-0000-7000-8000-000000000006",
            "createdAt": "2026-11-22T06:30:00.123Z",
            "expiresAt": null,
            "code": "the code",
            "url": "http://x/invite/the%20code"
        })"));
    const value shown = parse(invites({.items = {about, {}}, .next = std::nullopt}));
    EXPECT_EQ(shown.at("items").at(0).as_object().size(), 8U);
    EXPECT_FALSE(shown.at("items").at(0).as_object().contains("code"));
    EXPECT_EQ(shown.at("items").at(1).at("maxUses"), nullptr);
}

}  // namespace
}  // namespace banter::api::wire
