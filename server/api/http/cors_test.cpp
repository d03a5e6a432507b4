// Which pages may read answers, and ask for what.
#include "api/http/cors.hpp"

#include <gtest/gtest.h>

namespace banter::api::http {
namespace {

using net::http::Request;
using net::http::Response;

const Origins origins({.public_url = "https://chat.example"}, {"https://app.example"});

Request to_api(net::http::Headers headers) {
    Request request;
    request.path = {"api", "me"};
    request.headers = std::move(headers);
    return request;
}

std::string header(const Response& response, std::string_view name) {
    const std::string* value = response.headers.find(name);
    return value == nullptr ? "(none)" : *value;
}

Response answered(const Request& request) {
    Response response = Response::empty(204);
    Cors(request, origins).add_to(response);
    return response;
}

TEST(CorsTest, an_accepted_page_may_read_the_answer_with_credentials) {
    for (const char* origin : {"https://app.example", "https://chat.example"}) {
        const Response response = answered(to_api({{"Origin", origin}}));
        EXPECT_EQ(header(response, "Access-Control-Allow-Origin"), origin);
        EXPECT_EQ(header(response, "Access-Control-Allow-Credentials"), "true");
        EXPECT_EQ(header(response, "Access-Control-Expose-Headers"), "Retry-After");
        EXPECT_EQ(header(response, "Vary"), "Origin");
    }
}

TEST(CorsTest, a_page_that_uploads_may_read_how_far_it_is) {
    auto request = to_api({{"Origin", "https://app.example"}});
    request.path = {"api", "uploads", "x"};
    const std::string seen = header(answered(request), "Access-Control-Expose-Headers");
    for (const char* name : {"Retry-After", "Location", "Upload-Offset", "Banter-File"}) {
        EXPECT_NE(seen.find(name), std::string::npos) << name;
    }
}

TEST(CorsTest, a_foreign_page_is_told_nothing) {
    for (const char* origin :
         {"null",
          "https://evil.example",
          "https://app.example.evil.example",
          "http://app.example",
          "https://app.example:444",
          "*",
          ""}) {
        const Response response = answered(to_api({{"Origin", origin}}));
        EXPECT_EQ(header(response, "Access-Control-Allow-Origin"), "(none)") << origin;
        EXPECT_EQ(header(response, "Access-Control-Allow-Credentials"), "(none)") << origin;
        EXPECT_EQ(header(response, "Vary"), "Origin") << origin;
    }
    const Response twice =
        answered(to_api({{"Origin", "https://app.example"}, {"Origin", "https://evil.example"}}));
    EXPECT_EQ(header(twice, "Access-Control-Allow-Origin"), "(none)");
}

TEST(CorsTest, an_answer_depends_on_the_origin_also_where_there_is_none) {
    EXPECT_EQ(header(answered(to_api({})), "Vary"), "Origin");
    EXPECT_EQ(header(answered(to_api({})), "Access-Control-Allow-Origin"), "(none)");
}

TEST(CorsTest, what_is_not_the_api_has_no_part_in_it) {
    Request request = to_api({{"Origin", "https://app.example"}});
    request.path = {"metrics"};
    const Response response = answered(request);
    EXPECT_EQ(header(response, "Access-Control-Allow-Origin"), "(none)");
    EXPECT_EQ(header(response, "Vary"), "(none)");
}

TEST(CorsTest, a_preflight_names_what_may_be_asked) {
    const Request request = to_api(
        {{"Origin", "https://app.example"},
         {"Access-Control-Request-Method", "PATCH"},
         {"Access-Control-Request-Headers", "authorization"}}
    );
    const Response response = preflight(request, origins, "GET, HEAD, PATCH");
    EXPECT_EQ(response.status, 204);
    EXPECT_EQ(header(response, "Access-Control-Allow-Methods"), "GET, HEAD, PATCH");
    EXPECT_EQ(
        header(response, "Access-Control-Allow-Headers"),
        "Authorization, Content-Type, X-Requested-With"
    );
    EXPECT_EQ(header(response, "Access-Control-Max-Age"), "7200");
}

TEST(CorsTest, options_without_a_question_names_the_methods_alone) {
    const Response response = preflight(to_api({}), origins, "GET, HEAD");
    EXPECT_EQ(response.status, 204);
    EXPECT_EQ(header(response, "Allow"), "GET, HEAD");
    EXPECT_EQ(header(response, "Access-Control-Allow-Methods"), "(none)");
}

TEST(CorsTest, a_foreign_preflight_is_refused) {
    const Request request =
        to_api({{"Origin", "https://evil.example"}, {"Access-Control-Request-Method", "DELETE"}});
    const Response response = preflight(request, origins, "DELETE");
    EXPECT_EQ(response.status, 403);
    EXPECT_EQ(header(response, "Access-Control-Allow-Methods"), "(none)");
}

}  // namespace
}  // namespace banter::api::http
