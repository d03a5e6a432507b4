// Tokens and cookies of requests: who may bring them, and from which pages.
#include "api/http/credentials.hpp"

#include "api/http/cookies.hpp"

#include <gtest/gtest.h>

namespace banter::api::http {
namespace {

using net::http::Headers;
using net::http::Request;

Origins origins() {
    const Origins::Own own{
        .public_url = "https://chat.example", .listened_addresses = {}, .port = 0};
    return Origins(own, {"https://app.example"});
}

Request request(std::string method, Headers headers) {
    Request made;
    made.method = std::move(method);
    made.headers = std::move(headers);
    return made;
}

std::optional<std::string> token(std::string method, Headers headers) {
    return presented_token(request(std::move(method), std::move(headers)), origins());
}

TEST(Credentials, a_bearer_token_counts_from_anywhere) {
    EXPECT_EQ(token("POST", {{"Authorization", "Bearer a.b.c"}}), "a.b.c");
    EXPECT_EQ(
        token("POST", {{"Authorization", "bearer a.b.c"}, {"Origin", "https://evil.example"}}),
        "a.b.c"
    );
}

TEST(Credentials, what_is_no_bearer_token_is_none_and_no_cookie_takes_its_place) {
    for (const char* value :
         {"", "Bearer", "Bearer ", "Basic YTpi", "Bearera.b.c", "Token a.b.c"}) {
        const Headers headers{
            {"Authorization", value},
            {"Cookie", "__session=x"},
            {"Origin", "https://chat.example"}};
        EXPECT_FALSE(token("GET", headers).has_value()) << value;
    }
    EXPECT_FALSE(
        token("GET", {{"Authorization", "Bearer a"}, {"Authorization", "Bearer b"}}).has_value()
    );
}

TEST(Credentials, the_cookie_counts_from_own_and_allowed_pages_only) {
    const auto with = [](Headers headers) {
        headers.add("Cookie", "theme=dark; __session=a.b.c; x=y");
        return token("GET", std::move(headers));
    };
    EXPECT_EQ(with({{"Origin", "https://chat.example"}}), "a.b.c");
    EXPECT_EQ(with({{"Origin", "https://app.example"}}), "a.b.c");
    EXPECT_EQ(with({{"Sec-Fetch-Site", "same-origin"}}), "a.b.c");
    EXPECT_FALSE(with({}).has_value());
    for (const char* origin : {"", "null", "https://evil.example", "http://chat.example"}) {
        EXPECT_FALSE(with({{"Origin", origin}}).has_value()) << origin;
        EXPECT_FALSE(with({{"Origin", origin}, {"Sec-Fetch-Site", "same-origin"}}).has_value())
            << origin;
    }
    for (const char* site : {"cross-site", "same-site", "none", "", "same-origin, cross-site"}) {
        EXPECT_FALSE(with({{"Sec-Fetch-Site", site}}).has_value()) << site;
    }
    EXPECT_FALSE(with({{"Origin", "https://chat.example"}, {"Origin", "https://chat.example"}}
    ).has_value());
}

TEST(Credentials, with_the_cookie_nothing_is_changed_without_the_header) {
    const Headers plain{{"Origin", "https://chat.example"}, {"Cookie", "__session=a"}};
    Headers full = plain;
    full.add("X-Requested-With", "banter");
    Headers other = plain;
    other.add("X-Requested-With", "XMLHttpRequest");
    for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
        EXPECT_FALSE(token(method, plain).has_value()) << method;
        EXPECT_FALSE(token(method, other).has_value()) << method;
        EXPECT_EQ(token(method, full), "a") << method;
    }
    EXPECT_EQ(token("HEAD", plain), "a");
}

TEST(Cookies, a_cookie_is_found_by_its_whole_name_and_only_if_there_is_one) {
    const auto find = [](const char* header) {
        return find_cookie(request("GET", {{"Cookie", header}}), "banter");
    };
    EXPECT_EQ(find("banter=x"), "x");
    EXPECT_EQ(find("a=b;banter=x=y;c=d"), "x=y");
    EXPECT_EQ(find("  banter=x ; c"), "x");
    EXPECT_EQ(find("banter="), "");
    for (const char* header :
         {"", ";", ";;", "banter", "xbanter=1", "banterx=1", "Banter=1", "banter=1; banter=2"}) {
        EXPECT_FALSE(find(header).has_value()) << header;
    }
    EXPECT_EQ(find_cookie(request("GET", {{"Cookie", "a=1"}, {"Cookie", "b=2"}}), "b"), "2");
    EXPECT_FALSE(find_cookie(request("GET", {}), "b").has_value());
}

TEST(Cookies, the_refresh_cookie_is_hidden_from_scripts_and_other_sites) {
    const Timestamp now{};
    const std::string plain = RefreshCookie(false).set("secret", now + std::chrono::hours(1), now);
    EXPECT_EQ(plain, "banter=secret; Path=/; Max-Age=3600; HttpOnly; SameSite=Strict");
    const std::string secure = RefreshCookie(true).set("secret", now + std::chrono::hours(1), now);
    EXPECT_EQ(
        secure, "__Host-banter=secret; Path=/; Max-Age=3600; HttpOnly; SameSite=Strict; Secure"
    );
    EXPECT_EQ(
        RefreshCookie(false).clear(), "banter=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"
    );
}

}  // namespace
}  // namespace banter::api::http
