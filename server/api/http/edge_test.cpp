// The edge towards proxies, pages of other origins, and tokens that are none.
#include "api/http/testing/edge.hpp"

#include <gtest/gtest.h>

namespace banter::api::http {
namespace {

using testing::Edge;
using testing::trouble;

const std::string json = "\r\nContent-Type: application/json";
const std::string app = "\r\nOrigin: https://app.example";
const std::string evil = "\r\nOrigin: https://evil.example";

std::string header(const net::http::Response& response, std::string_view name) {
    const std::string* value = response.headers.find(name);
    return value == nullptr ? "(none)" : *value;
}

/// Through a proxy that is trusted.
net::http::Response through_proxy(
    Edge& edge,
    const std::string& head,
    const std::string& body = ""
) {
    auto request = Edge::request(head, body);
    request.peer_address = "10.0.0.1";
    return edge.respond(std::move(request));
}

const std::string registration = "POST /api/auth/register" + json;

std::string account(const std::string& handle) {
    return R"({"handle":")" + handle + R"(","displayName":"A","password":"correct horse"})";
}

TEST(EdgeProxies, limits_by_address_are_the_clients_behind_a_proxy) {
    Edge edge;
    ASSERT_EQ(edge.ask(registration, account("ada")).status, 201);
    const auto attempt = [&](const std::string& client, int number) {
        const std::string body =
            R"({"handle":"nobody)" + std::to_string(number) + R"(","password":"wrong horse"})";
        return trouble(through_proxy(
            edge, "POST /api/auth/login" + json + "\r\nX-Forwarded-For: " + client, body
        ));
    };
    for (int i = 0; i < 10; ++i) EXPECT_EQ(attempt("203.0.113.1", i), "401 bad_credentials");
    EXPECT_EQ(attempt("203.0.113.1", 10), "429 rate_limited");
    EXPECT_EQ(attempt("198.51.100.9, 203.0.113.1", 11), "429 rate_limited") << "what it claims";
    EXPECT_EQ(attempt("203.0.113.2", 12), "401 bad_credentials");
}

TEST(EdgeProxies, whoever_comes_through_one_is_not_on_this_machine) {
    Edge edge;
    EXPECT_EQ(edge.ask("GET /metrics").status, 200);
    EXPECT_EQ(edge.ask("GET /metrics\r\nX-Forwarded-For: 127.0.0.1").status, 403);
    EXPECT_EQ(through_proxy(edge, "GET /metrics").status, 403);
    EXPECT_EQ(through_proxy(edge, "GET /metrics\r\nX-Forwarded-For: 127.0.0.1").status, 403);
    EXPECT_EQ(through_proxy(edge, "GET /metrics\r\nX-Forwarded-For: ::1").status, 403);
}

TEST(EdgeProxies, cookies_are_for_https_where_a_proxy_says_so) {
    Edge edge({}, "");
    const auto cookie = [&](const std::string& handle, const std::string& proto) {
        const std::string head = registration + "\r\nX-Forwarded-Proto: " + proto;
        return header(through_proxy(edge, head, account(handle)), "Set-Cookie");
    };
    EXPECT_TRUE(cookie("ada", "https").starts_with("__Host-banter="));
    EXPECT_NE(cookie("bob", "https").find("; Secure"), std::string::npos);
    EXPECT_TRUE(cookie("eve", "http").starts_with("banter="));
    const auto direct = edge.ask(registration + "\r\nX-Forwarded-Proto: https", account("dan"));
    EXPECT_TRUE(header(direct, "Set-Cookie").starts_with("banter=")) << "a client's own word";
}

TEST(EdgeProxies, a_socket_knows_the_client_behind_them) {
    Edge edge;
    auto request = Edge::request(
        "GET /ws\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Forwarded-For: 203.0.113.7"
    );
    request.peer_address = "10.0.0.1";
    (void)edge.world.run(edge.router.upgrade(std::move(request)));
    ASSERT_EQ(edge.openings.size(), 1U);
    EXPECT_EQ(edge.openings.front().peer, "203.0.113.7");
}

TEST(EdgeCors, every_answer_under_the_api_can_be_read_by_accepted_pages_and_no_others) {
    Edge edge;
    for (const char* head :
         {"GET /api/config",
          "GET /api/me",
          "GET /api/nothing",
          "PUT /api/me",
          "GET /api/threads?x=1",
          "POST /api/auth/login",
          "POST /api/auth/refresh"}) {
        const auto allowed = edge.ask(head + app);
        EXPECT_EQ(header(allowed, "Access-Control-Allow-Origin"), "https://app.example") << head;
        EXPECT_EQ(header(allowed, "Access-Control-Allow-Credentials"), "true") << head;
        EXPECT_EQ(header(allowed, "Vary"), "Origin") << head;
        const auto foreign = edge.ask(head + evil);
        EXPECT_EQ(header(foreign, "Access-Control-Allow-Origin"), "(none)") << head;
        EXPECT_EQ(header(foreign, "Vary"), "Origin") << head;
        EXPECT_EQ(header(edge.ask(head), "Vary"), "Origin") << head;
    }
    const auto metrics = edge.ask("GET /healthz" + app);
    EXPECT_EQ(header(metrics, "Access-Control-Allow-Origin"), "(none)");
}

TEST(EdgeCors, a_preflight_is_answered_from_the_route_table_for_every_path) {
    Edge edge;
    const std::string question = "\r\nAccess-Control-Request-Method: ";
    for (const Route& route : routes()) {
        if (route.access == Access::by_signature) continue;  // no page asks there
        std::string path(route.pattern);
        for (std::size_t at; (at = path.find('{')) != std::string::npos;)
            path.replace(at, path.find('}') - at + 1, "x");
        const std::string head = "OPTIONS " + path + app + question + std::string(route.method);
        const auto answer = edge.ask(head);
        EXPECT_EQ(answer.status, 204) << head;
        EXPECT_NE(
            header(answer, "Access-Control-Allow-Methods").find(route.method), std::string::npos
        ) << head;
        EXPECT_EQ(edge.ask("OPTIONS " + path + evil + question + "GET").status, 403) << path;
    }
    EXPECT_EQ(edge.ask("OPTIONS /api/nothing" + app + question + "GET").status, 404);
    EXPECT_EQ(edge.ask("OPTIONS /api/config").status, 204);
    EXPECT_EQ(header(edge.ask("OPTIONS /api/config"), "Allow"), "GET, HEAD");
}

TEST(EdgeTokens, wrong_ones_are_limited_by_address_and_good_ones_always_count) {
    Edge edge({}, "http://chat.example", {.per_second = 10.0 / 60, .burst = 10});
    const std::string wrong = "GET /api/me\r\nAuthorization: Bearer a.b.c";
    for (int i = 0; i < 10; ++i) EXPECT_EQ(trouble(edge.ask(wrong)), "401 unauthenticated");
    const auto limited = edge.ask(wrong);
    EXPECT_EQ(trouble(limited), "429 rate_limited");
    EXPECT_EQ(header(limited, "Retry-After"), "6");
    edge.ok("ada", "GET /api/me");
    EXPECT_EQ(trouble(edge.ask("GET /api/me")), "401 unauthenticated") << "no token is no attempt";

    auto other = Edge::request(wrong);
    other.peer_address = "192.0.2.1";
    EXPECT_EQ(trouble(edge.respond(std::move(other))), "401 unauthenticated");

    (void)edge.upgrade(
        "GET /ws\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nAuthorization: Bearer a.b.c"
    );
    ASSERT_EQ(edge.openings.size(), 1U);
    EXPECT_EQ(edge.openings.front().signed_in->error().code, Errc::rate_limited)
        << "sockets and requests are counted together";
}

}  // namespace
}  // namespace banter::api::http
