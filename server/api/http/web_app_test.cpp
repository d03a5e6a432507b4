// What a browser gets that opens the app.
#include "api/http/web_app.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace banter::api::http {
namespace {

using net::http::Request;
using net::http::Response;

constexpr std::array<WebAsset, 3> assets = {{
    {"index.html", "text/html; charset=utf-8", false, "<!doctype html>", "", "", "aa"},
    {"assets/app-1.js", "text/javascript; charset=utf-8", true, "let a", "gz!", "br!", "bb"},
    {"icon.svg", "image/svg+xml", false, "<svg/>", "", "", "cc"},
}};

WebApp app_with(std::span<const WebAsset> files, std::string files_origin = "") {
    return WebApp(
        {.assets = files, .script_hashes = "'sha256-x='", .files_origin = std::move(files_origin)}
    );
}

Request request_for(std::vector<std::string> path, std::string accept = "*/*") {
    Request request;
    request.method = "GET";
    request.path = std::move(path);
    request.headers.add("Accept", std::move(accept));
    return request;
}

std::string header(const Response& response, std::string_view name) {
    const std::string* value = response.headers.find(name);
    return value == nullptr ? "" : *value;
}

TEST(WebApp, every_address_of_the_app_gives_its_page) {
    const WebApp app = app_with(assets);
    const std::vector<std::vector<std::string>> pages = {
        {}, {"t", "0192"}, {"settings", "profile"}, {"index.html"}};
    for (const auto& path : pages) {
        const auto response = app.respond(request_for(path, "text/html,*/*;q=0.8"));
        ASSERT_TRUE(response);
        EXPECT_EQ(response->status, 200);
        EXPECT_EQ(response->body, "<!doctype html>");
        EXPECT_EQ(header(*response, "Cache-Control"), "no-cache");
        EXPECT_EQ(header(*response, "Content-Type"), "text/html; charset=utf-8");
    }
}

TEST(WebApp, what_is_no_page_and_no_file_of_it_is_not_answered) {
    const WebApp app = app_with(assets);
    EXPECT_FALSE(app.respond(request_for({"assets", "gone.js"}))) << "a script is no page";
    EXPECT_FALSE(app.respond(request_for({"api", "nothing"}, "text/html")));
    EXPECT_FALSE(app.respond(request_for({"files", "x"}, "text/html")));
    EXPECT_FALSE(app.respond(request_for({"ws"}, "text/html")));
    Request post = request_for({});
    post.method = "POST";
    EXPECT_FALSE(app.respond(post));
}

TEST(WebApp, without_a_page_there_is_no_app) {
    const WebApp app = app_with(std::span(assets).subspan(1));
    EXPECT_FALSE(app.respond(request_for({}, "text/html")));
    EXPECT_FALSE(app.respond(request_for({"icon.svg"})));
}

TEST(WebApp, files_whose_names_change_are_kept_for_ever) {
    const WebApp app = app_with(assets);
    const auto script = app.respond(request_for({"assets", "app-1.js"}));
    const auto icon = app.respond(request_for({"icon.svg"}));
    ASSERT_TRUE(script && icon);
    EXPECT_EQ(header(*script, "Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(header(*icon, "Cache-Control"), "no-cache");
}

TEST(WebApp, gives_the_smallest_encoding_that_is_taken) {
    const WebApp app = app_with(assets);
    struct Case {
        const char* accepted;
        const char* body;
        const char* coding;
        const char* etag;
    };
    constexpr std::array<Case, 4> cases = {{
        {"gzip, deflate, br", "br!", "br", "\"bb-br\""},
        {"gzip", "gz!", "gzip", "\"bb-gzip\""},
        {"br;q=0, gzip", "gz!", "gzip", "\"bb-gzip\""},
        {"identity", "let a", "", "\"bb\""},
    }};
    for (const Case& one : cases) {
        Request request = request_for({"assets", "app-1.js"});
        request.headers.add("Accept-Encoding", one.accepted);
        const auto response = app.respond(request);
        ASSERT_TRUE(response);
        EXPECT_EQ(response->body, one.body) << one.accepted;
        EXPECT_EQ(header(*response, "Content-Encoding"), one.coding);
        EXPECT_EQ(header(*response, "ETag"), one.etag);
        EXPECT_EQ(header(*response, "Vary"), "Accept, Accept-Encoding");
    }
}

TEST(WebApp, what_a_browser_has_already_is_not_sent_again) {
    const WebApp app = app_with(assets);
    for (const char* tags : {"\"aa\"", "\"zz\", W/\"aa\"", "*"}) {
        Request request = request_for({}, "text/html");
        request.headers.add("If-None-Match", tags);
        const auto response = app.respond(request);
        ASSERT_TRUE(response);
        EXPECT_EQ(response->status, 304) << tags;
        EXPECT_EQ(response->body, "");
        EXPECT_EQ(header(*response, "ETag"), "\"aa\"");
    }
    Request request = request_for({}, "text/html");
    request.headers.add("If-None-Match", "\"ab\"");
    EXPECT_EQ(app.respond(request)->status, 200);
}

TEST(WebApp, runs_nothing_but_its_own_and_shows_files_from_where_they_are) {
    const std::string own =
        header(*app_with(assets).respond(request_for({}, "text/html")), "Content-Security-Policy");
    EXPECT_NE(own.find("default-src 'none'; script-src 'self' 'sha256-x=';"), std::string::npos);
    EXPECT_NE(own.find("require-trusted-types-for 'script'"), std::string::npos);
    EXPECT_NE(own.find("img-src 'self' blob: data:;"), std::string::npos);
    EXPECT_EQ(own.find("unsafe"), std::string::npos);
    const WebApp app = app_with(assets, "https://files.example");
    const std::string other =
        header(*app.respond(request_for({}, "text/html")), "Content-Security-Policy");
    for (const char* part :
         {"img-src 'self' https://files.example blob: data:;",
          "connect-src 'self' https://files.example;",
          "media-src 'self' https://files.example blob:;"}) {
        EXPECT_NE(other.find(part), std::string::npos) << other;
    }
}

TEST(WebApp, runs_the_script_of_clerk_where_people_sign_in_by_it) {
    const WebApp app({
        .assets = assets,
        .script_hashes = "'sha256-x='",
        .files_origin = "https://files.example",
        .clerk_origin = "https://clerk.example",
    });
    const std::string policy =
        header(*app.respond(request_for({}, "text/html")), "Content-Security-Policy");
    for (const char* part :
         {"script-src 'self' 'sha256-x=' https://clerk.example;",
          "connect-src 'self' https://files.example https://clerk.example;",
          "img-src 'self' https://files.example https://img.clerk.com blob: data:;",
          "style-src 'self';",
          "worker-src 'self';"}) {
        EXPECT_NE(policy.find(part), std::string::npos) << policy;
    }
}

}  // namespace
}  // namespace banter::api::http
