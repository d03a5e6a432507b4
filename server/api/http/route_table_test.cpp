// Routes: by method and decoded path, and who may ask stands in the table.
#include "api/http/route_table.hpp"

#include "api/http/admission.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace banter::api::http {
namespace {

using Path = std::vector<std::string>;

std::string found(const RouteTable& table, std::string_view method, const Path& path) {
    const Match match = table.find(method, path);
    return match.index ? std::string(table[*match.index].pattern) : "";
}

TEST(RouteTable, every_route_finds_itself) {
    const RouteTable table(routes());
    for (const Route& route : routes()) {
        Path path;
        std::string_view rest = route.pattern;
        while (!rest.empty()) {
            rest.remove_prefix(1);
            const std::size_t size = std::min(rest.find('/'), rest.size());
            path.emplace_back(rest.substr(0, size));
            rest.remove_prefix(size);
        }
        EXPECT_EQ(found(table, route.method, path), route.pattern);
    }
}

TEST(RouteTable, parameters_are_what_stood_in_their_place) {
    const RouteTable table(routes());
    const Match match = table.find("PUT", {"api", "messages", "m 1", "reactions", "👍"});
    EXPECT_EQ(match.parameters, (Path{"m 1", "👍"}));
    EXPECT_EQ(found(table, "GET", {"api", "threads", "discover"}), "/api/threads/discover");
    EXPECT_EQ(found(table, "GET", {"api", "threads", "Discover"}), "/api/threads/{threadId}");
}

TEST(RouteTable, another_spelling_is_another_path) {
    const RouteTable table(routes());
    for (const Path& path : {
             Path{},
             Path{""},
             Path{"api"},
             Path{"api", ""},
             Path{"api", "me", ""},
             Path{"API", "ME"},
             Path{"api", "me."},
             Path{"api", "me;x=1"},
             Path{"api", "threads", ""},
             Path{"", "api", "me"},
             Path{"api", "threads", "x", "join", "y"},
             Path{"api", "me", "x"},
         }) {
        const Match match = table.find("GET", path);
        EXPECT_FALSE(match.index.has_value());
        EXPECT_EQ(match.allow, "");
    }
}

TEST(RouteTable, a_known_path_says_which_methods_it_has) {
    const RouteTable table(routes());
    EXPECT_EQ(table.find("PUT", {"api", "threads"}).allow, "GET, HEAD, POST");
    EXPECT_EQ(table.find("DELETE", {"api", "config"}).allow, "GET, HEAD");
    EXPECT_EQ(table.find("get", {"api", "config"}).allow, "GET, HEAD");
    EXPECT_EQ(table.find("POST", {"api", "messages", "x"}).allow, "GET, HEAD, PATCH, DELETE");
    EXPECT_EQ(table.find("GET", {"api", "auth", "login"}).allow, "POST");
    EXPECT_EQ(table.find("OPTIONS", {"api", "auth", "login"}).allow, "POST");
    // Fits "/api/threads/{threadId}" as well.
    EXPECT_EQ(table.find("PUT", {"api", "threads", "discover"}).allow, "GET, HEAD");
    EXPECT_FALSE(table.find("PATCH", {"api", "threads", "discover"}).index);
}

TEST(RouteTable, head_is_answered_where_get_is) {
    const RouteTable table(routes());
    EXPECT_EQ(found(table, "HEAD", {"healthz"}), "/healthz");
    EXPECT_EQ(found(table, "HEAD", {"api", "auth", "login"}), "");
}

TEST(RouteTable, head_is_refused_where_get_acts) {
    const RouteTable table(routes());
    for (const std::vector<std::string>& path :
         {std::vector<std::string>{"api", "auth", "oidc", "corp"},
          std::vector<std::string>{"api", "auth", "oidc", "corp", "callback"}}) {
        EXPECT_EQ(found(table, "HEAD", path), "");
        EXPECT_EQ(table.find("HEAD", path).allow, "GET");
        EXPECT_NE(found(table, "GET", path), "");
    }
}

TEST(RouteTable, only_these_routes_need_no_token) {
    const std::map<std::string_view, Access> open = {
        {"/api/config", Access::anyone},
        {"/api/setup", Access::anyone},
        {"/api/auth/register", Access::anyone},
        {"/api/auth/login", Access::anyone},
        {"/api/auth/refresh", Access::own_page},
        {"/api/auth/logout", Access::own_page},
        {"/api/auth/oidc/{name}", Access::anyone},
        {"/api/auth/oidc/{name}/callback", Access::anyone},
        {"/api/webhooks/clerk", Access::by_signature},
        {"/.well-known/jwks.json", Access::anyone},
        {"/files/{object}", Access::anyone},
        {"/healthz", Access::anyone},
        {"/readyz", Access::anyone},
        {"/metrics", Access::operators},
    };
    for (const Route& route : routes()) {
        const auto listed = open.find(route.pattern);
        const bool described = route.method == "OPTIONS" && route.pattern == "/api/uploads";
        if (described) continue;
        const Access expected = listed != open.end() ? listed->second : Access::signed_in;
        EXPECT_EQ(route.access, expected) << route.pattern;
    }
    EXPECT_EQ(Route{}.access, Access::signed_in);
}

TEST(RouteTable, only_what_needs_a_token_needs_a_scope_and_credentials_have_none) {
    EXPECT_EQ(Route{}.scope, std::nullopt);
    for (const Route& route : routes()) {
        const bool needs_token = route.access == Access::signed_in;
        const bool own = route.pattern.starts_with("/api/me/") || route.pattern == "/api/me";
        const bool seen = route.method == "GET" && route.pattern == "/api/me";
        const bool profile = route.method == "PATCH" && route.pattern == "/api/me";
        const bool credentials = (own && !seen && !profile) ||
                                 route.pattern.starts_with("/api/bots") ||
                                 route.pattern.starts_with("/api/auth/");
        EXPECT_EQ(route.scope.has_value(), needs_token && !credentials)
            << route.method << " " << route.pattern;
    }
}

net::http::Request with_body(std::string body, net::http::Headers headers) {
    net::http::Request request;
    request.body = std::move(body);
    request.headers = std::move(headers);
    return request;
}

TEST(Admission, a_json_body_says_that_it_is_one) {
    for (const char* type :
         {"application/json",
          "Application/JSON",
          "application/json; charset=utf-8",
          "application/json ;x"}) {
        EXPECT_FALSE(
            trouble_in_body(with_body("{}", {{"Content-Type", type}}), Body::json).has_value()
        ) << type;
    }
    for (const char* type :
         {"",
          "text/plain",
          "application/x-www-form-urlencoded",
          "application/jsonx",
          "json",
          "text/plain, application/json",
          "multipart/form-data"}) {
        const auto trouble = trouble_in_body(with_body("{}", {{"Content-Type", type}}), Body::json);
        ASSERT_TRUE(trouble.has_value()) << type;
        EXPECT_EQ(trouble->code, Errc::unsupported_media) << type;
    }
    EXPECT_EQ(trouble_in_body(with_body("{}", {}), Body::json)->code, Errc::unsupported_media);
    const net::http::Headers twice{
        {"Content-Type", "application/json"}, {"Content-Type", "application/json"}};
    EXPECT_EQ(trouble_in_body(with_body("{}", twice), Body::json)->code, Errc::unsupported_media);
    const net::http::Headers packed{
        {"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}};
    EXPECT_EQ(trouble_in_body(with_body("{}", packed), Body::json)->code, Errc::unsupported_media);
}

TEST(Admission, where_no_body_is_read_none_says_anything) {
    EXPECT_FALSE(trouble_in_body(with_body("", {}), Body::none).has_value());
    EXPECT_FALSE(trouble_in_body(with_body(" {} ", {}), Body::none).has_value());
    EXPECT_EQ(
        trouble_in_body(with_body(R"({"role":"owner"})", {}), Body::none)->code, Errc::unknown_field
    );
    EXPECT_EQ(trouble_in_body(with_body("x=1", {}), Body::none)->code, Errc::bad_request);
}

TEST(Admission, a_path_that_is_no_text_is_refused) {
    net::http::Request request;
    const Route route{.method = "GET", .pattern = "/x", .handler = nullptr};
    request.path = {"api", "\xff"};
    EXPECT_EQ(trouble_in_target(request, route)->code, Errc::bad_request);
    request.path = {"api", "👍"};
    EXPECT_FALSE(trouble_in_target(request, route).has_value());
    request.query = {{"token", "x"}};
    EXPECT_EQ(trouble_in_target(request, route)->code, Errc::unknown_field);
}

TEST(Admission, this_machine_is_local_unless_it_speaks_for_another) {
    net::http::Request request;
    for (const char* address : {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"}) {
        request.peer_address = address;
        EXPECT_TRUE(is_local(request)) << address;
    }
    for (const char* address :
         {"", "10.0.0.1", "128.0.0.1", "1.127.0.0", "::2", "::ffff:10.0.0.1", "::1:1"}) {
        request.peer_address = address;
        EXPECT_FALSE(is_local(request)) << address;
    }
    request.peer_address = "127.0.0.1";
    request.headers = {{"X-Forwarded-For", "10.0.0.1"}};
    EXPECT_FALSE(is_local(request));
    request.headers = {{"Forwarded", "for=10.0.0.1"}};
    EXPECT_FALSE(is_local(request));
}

}  // namespace
}  // namespace banter::api::http
