// The whole HTTP edge over the real services: who is let in, what comes back, and what trouble
// looks like.
#include "api/http/testing/edge.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>

namespace banter::api::http {
namespace {

using testing::Edge;
using testing::trouble;

const std::string nowhere = "01900000-0000-7000-8000-000000000000";
const std::string requested = "\r\nX-Requested-With: banter";

std::string text_of(const boost::json::value& value) { return std::string(value.as_string()); }

std::string cookie_of(const net::http::Response& response) {
    const std::string* cookie = response.headers.find("Set-Cookie");
    return cookie == nullptr ? "" : cookie->substr(0, cookie->find(';'));
}

std::string channel(
    Edge& edge,
    const std::string& handle,
    const std::string& visibility = "public"
) {
    static int count = 0;
    const std::string body = R"({"kind":"channel","name":"c)" + std::to_string(++count) +
                             R"(","visibility":")" + visibility + "\"}";
    return text_of(edge.ok(handle, "POST /api/threads", body, 201).at("id"));
}

std::string sending(const std::string& content, int nonce) {
    const std::string number = std::to_string(100 + nonce);
    return R"({"nonce":"01900000-0000-7000-8000-000000000)" + number + R"(","content":")" +
           content + "\"}";
}

std::string send(
    Edge& edge,
    const std::string& handle,
    const std::string& thread,
    const std::string& content
) {
    static int nonce = 0;
    const auto path = "POST /api/threads/" + thread + "/messages";
    return text_of(edge.ok(handle, path, sending(content, ++nonce), 201).at("id"));
}

TEST(Router, without_a_token_only_what_the_table_opens_is_served) {
    Edge edge;
    for (const Route& route : routes()) {
        if (route.access != Access::signed_in) continue;
        std::string path(route.pattern);
        for (std::size_t at; (at = path.find('{')) != std::string::npos;) {
            path.replace(at, path.find('}') - at + 1, nowhere);
        }
        const auto head = std::string(route.method) + " " + path;
        EXPECT_EQ(trouble(edge.ask(head)), "401 unauthenticated") << head;
        const auto wrong = edge.ask(head + "\r\nAuthorization: Bearer a.b.c");
        EXPECT_EQ(trouble(wrong), "401 unauthenticated") << head;
        EXPECT_TRUE(wrong.headers.has("WWW-Authenticate"));
    }
}

/// A token of a bot that is within these scopes.
std::string bot_token(Edge& edge, const std::string& scopes) {
    static int count = 0;
    edge.world.caller("owner");
    edge.world.sql("UPDATE users SET role = 0 WHERE handle = 'owner'");
    const std::string handle = "bot" + std::to_string(++count);
    const std::string body = R"({"handle":")" + handle + R"(","displayName":"B","role":"admin"})";
    const auto bot = text_of(edge.ok("owner", "POST /api/bots", body, 201).at("id"));
    const std::string wanted = R"({"name":"x","scopes":[)" + scopes + "]}";
    const auto made = edge.ok("owner", "POST /api/bots/" + bot + "/tokens", wanted, 201);
    return text_of(made.at("token"));
}

TEST(Router, a_bots_token_is_served_within_its_scopes_and_nowhere_else) {
    Edge edge;
    std::map<std::optional<model::Scope>, std::string> without;
    for (const auto left_out : model::all_scopes) {
        std::string scopes;
        for (const auto scope : model::all_scopes) {
            if (scope == left_out) continue;
            if (!scopes.empty()) scopes += ',';
            scopes += '"';
            scopes += wire_name(scope);
            scopes += '"';
        }
        without[left_out] = bot_token(edge, scopes);
    }
    const std::string whole = bot_token(edge, R"("read","write","threads","profile","admin")");
    without[std::nullopt] = whole;
    for (const Route& route : routes()) {
        if (route.access != Access::signed_in) continue;
        std::string path(route.pattern);
        for (std::size_t at; (at = path.find('{')) != std::string::npos;) {
            path.replace(at, path.find('}') - at + 1, nowhere);
        }
        const auto head = std::string(route.method) + " " + path + "\r\nAuthorization: Bearer ";
        EXPECT_EQ(trouble(edge.ask(head + without.at(route.scope))), "403 forbidden") << head;
        // There is no stream here for what would be let in.
        if (!route.scope || route.body == Body::streamed) continue;
        EXPECT_NE(edge.ask(head + whole).status, 403) << head;
    }
}

TEST(Router, every_response_is_kept_by_nobody_and_its_type_is_not_guessed) {
    Edge edge;
    for (const char* head :
         {"GET /api/config",
          "GET /api/me",
          "GET /api/nothing",
          "DELETE /api/config",
          "GET /api",
          "GET /ws",
          "POST /api/threads",
          "POST /api/auth/refresh",
          "GET /api/threads?limit=x"}) {
        const auto response = edge.ask(head);
        EXPECT_EQ(*response.headers.find("Cache-Control"), "private, no-store") << head;
        EXPECT_EQ(*response.headers.find("X-Content-Type-Options"), "nosniff") << head;
        if (response.status >= 400) {
            EXPECT_EQ(*response.headers.find("Content-Type"), "application/problem+json") << head;
        }
    }
    const auto refused = edge.router.refuse(431, "too many headers", nullptr);
    EXPECT_EQ(*refused.headers.find("Cache-Control"), "private, no-store");
    EXPECT_EQ(trouble(refused), "431 too_large");
    EXPECT_EQ(trouble(edge.router.refuse(400, "x", nullptr)), "400 bad_request");
    EXPECT_EQ(trouble(edge.router.refuse(503, "x", nullptr)), "503 busy");
}

TEST(Router, unknown_paths_are_404_and_known_ones_with_another_method_405) {
    Edge edge;
    for (const char* head :
         {"GET /",
          "GET /api",
          "GET /api/nothing",
          "GET /API/ME",
          "GET /api/me.json",
          "GET /api/me/"}) {
        EXPECT_EQ(trouble(edge.ask(head)), "404 not_found") << head;
    }
    const auto other = edge.ask("PUT /api/threads");
    EXPECT_EQ(other.status, 405);
    EXPECT_EQ(*other.headers.find("Allow"), "GET, HEAD, POST");
    EXPECT_EQ(edge.ask("GET /ws").status, 426);
    EXPECT_EQ(edge.ask("HEAD /api/config").status, 200);
}

TEST(Router, registering_logging_in_refreshing_and_logging_out) {
    Edge edge;
    const std::string json = "\r\nContent-Type: application/json";
    const std::string body = R"({"handle":"ada","displayName":"Ada","password":"correct horse"})";
    const auto registered = edge.ask("POST /api/auth/register" + json, body);
    ASSERT_EQ(registered.status, 201) << registered.body;
    const auto granted = boost::json::parse(registered.body);
    EXPECT_EQ(granted.at("user").at("handle"), "ada");
    const std::string cookie = cookie_of(registered);
    ASSERT_TRUE(cookie.starts_with("banter=")) << cookie;
    EXPECT_EQ(registered.body.find(cookie.substr(7)), std::string::npos)
        << "the secret stands in the body";
    const auto me =
        edge.ask("GET /api/me\r\nAuthorization: Bearer " + text_of(granted.at("token")));
    EXPECT_EQ(boost::json::parse(me.body), granted.at("user"));

    EXPECT_EQ(trouble(edge.ask("POST /api/auth/register" + json, body)), "409 conflict");
    const auto wrong =
        edge.ask("POST /api/auth/login" + json, R"({"handle":"ada","password":"x"})");
    EXPECT_EQ(trouble(wrong), "401 bad_credentials");
    const auto unknown =
        edge.ask("POST /api/auth/login" + json, R"({"handle":"eve","password":"x"})");
    EXPECT_EQ(unknown.body, wrong.body);
    EXPECT_EQ(cookie_of(wrong), "");
    const auto login =
        edge.ask("POST /api/auth/login" + json, R"({"handle":"ada","password":"correct horse"})");
    EXPECT_EQ(login.status, 200);
    EXPECT_NE(cookie_of(login), cookie);

    const std::string with_cookie = "\r\nCookie: " + cookie;
    EXPECT_EQ(trouble(edge.ask("POST /api/auth/refresh" + with_cookie)), "403 forbidden");
    const std::string foreign = "\r\nOrigin: https://evil.example";
    EXPECT_EQ(
        trouble(edge.ask("POST /api/auth/refresh" + with_cookie + requested + foreign)),
        "403 forbidden"
    );
    const auto fresh = edge.ask("POST /api/auth/refresh" + with_cookie + requested);
    ASSERT_EQ(fresh.status, 200) << fresh.body;
    EXPECT_NE(cookie_of(fresh), cookie);
    const auto again = edge.ask("POST /api/auth/refresh" + with_cookie + requested);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(cookie_of(again), cookie_of(fresh)) << "its answer may have been lost";

    EXPECT_EQ(trouble(edge.ask("POST /api/auth/logout" + with_cookie)), "403 forbidden");
    const auto out = edge.ask("POST /api/auth/logout\r\nCookie: " + cookie_of(fresh) + requested);
    EXPECT_EQ(out.status, 204);
    EXPECT_EQ(cookie_of(out), "banter=");
    const auto dead = edge.ask("POST /api/auth/refresh\r\nCookie: " + cookie_of(fresh) + requested);
    EXPECT_EQ(trouble(dead), "401 unauthenticated");
    for (const char* none :
         {"", "\r\nCookie: banter=", "\r\nCookie: banter=x", "\r\nCookie: other=1"}) {
        EXPECT_EQ(
            trouble(edge.ask("POST /api/auth/refresh" + requested + none)), "401 unauthenticated"
        );
    }
}

TEST(Router, where_people_come_by_https_the_cookie_is_locked_to_the_host) {
    Edge edge({}, "https://chat.example");
    const auto registered = edge.ask(
        "POST /api/auth/register\r\nContent-Type: application/json",
        R"({"handle":"ada","displayName":"Ada","password":"correct horse"})"
    );
    EXPECT_TRUE(cookie_of(registered).starts_with("__Host-banter="));
    EXPECT_TRUE(registered.headers.find("Set-Cookie")->ends_with("; Secure"));
}

TEST(Router, a_body_is_json_and_its_members_are_known) {
    Edge edge;
    const std::string token = "\r\nAuthorization: Bearer " + edge.world.token("handle:ada");
    const std::string body = R"({"kind":"channel","name":"x"})";
    EXPECT_EQ(trouble(edge.ask("POST /api/threads" + token, body)), "415 unsupported_media");
    EXPECT_EQ(
        trouble(edge.ask("POST /api/threads" + token + "\r\nContent-Type: text/plain", body)),
        "415 unsupported_media"
    );
    EXPECT_EQ(
        trouble(edge.ask_as("ada", "POST /api/threads", R"({"kind":"channel","name":"x","y":1})")),
        "400 unknown_field"
    );
    EXPECT_EQ(trouble(edge.ask_as("ada", "POST /api/threads", "not json")), "400 bad_request");
    EXPECT_EQ(trouble(edge.ask_as("ada", "GET /api/me?token=x")), "400 unknown_field");
    EXPECT_EQ(trouble(edge.ask_as("ada", "GET /api/threads?limit=1&limit=1")), "400 bad_request");
    const std::string name(81, 'x');
    EXPECT_EQ(
        trouble(
            edge.ask_as("ada", "POST /api/threads", R"({"kind":"channel","name":")" + name + "\"}")
        ),
        "413 too_large"
    );
}

TEST(Router, the_cookie_counts_on_own_pages_and_changes_nothing_without_the_header) {
    Edge edge;
    const std::string cookie = "\r\nCookie: __session=" + edge.world.token("handle:ada");
    const std::string own = "\r\nOrigin: http://chat.example";
    EXPECT_EQ(edge.ask("GET /api/me" + cookie).status, 401);
    EXPECT_EQ(edge.ask("GET /api/me" + cookie + own).status, 200);
    EXPECT_EQ(edge.ask("GET /api/me" + cookie + "\r\nOrigin: https://evil.example").status, 401);
    const std::string thread = channel(edge, "ada");
    const std::string join = "POST /api/threads/" + thread + "/join" + cookie + own;
    EXPECT_EQ(edge.ask(join).status, 401);
    EXPECT_EQ(edge.ask(join + requested).status, 200);
}

TEST(Router, boot_and_config_are_what_an_app_starts_with) {
    Edge edge;
    const std::string thread = channel(edge, "ada");
    const auto boot = edge.ok("ada", "GET /api/boot");
    EXPECT_EQ(boot.at("threads").at("items").at(0).at("id"), boost::json::value(thread));
    EXPECT_EQ(boot.at("users").at(0), boot.at("user"));
    EXPECT_EQ(text_of(boot.at("epoch")), edge.world.installation().epoch);
    const auto config = edge.ask("GET /api/config");
    EXPECT_EQ(config.status, 200);
    EXPECT_EQ(boost::json::parse(config.body).at("setup"), true) << "nobody has registered";
    const auto keys = edge.ask("GET /.well-known/jwks.json");
    EXPECT_EQ(keys.body, edge.world.issuer.jwks());
    EXPECT_EQ(*keys.headers.find("Cache-Control"), "public, max-age=300");
}

TEST(Router, a_channel_is_opened_found_joined_and_read) {
    Edge edge;
    const std::string thread = channel(edge, "ada");
    const std::string path = "/api/threads/" + thread;
    EXPECT_EQ(edge.ok("ada", "GET " + path).at("membership").at("role"), "owner");
    EXPECT_TRUE(edge.ok("bob", "GET " + path).at("membership").is_null());
    EXPECT_EQ(edge.ok("bob", "GET /api/threads/discover?q=C").at("items").as_array().size(), 1U);
    EXPECT_EQ(edge.ok("bob", "GET /api/threads").at("items").as_array().size(), 0U);
    EXPECT_EQ(edge.ok("bob", "POST " + path + "/join").at("membership").at("role"), "member");
    send(edge, "ada", thread, "one");
    send(edge, "ada", thread, "two");
    EXPECT_EQ(edge.ok("bob", "GET " + path).at("membership").at("unread"), 2);
    EXPECT_EQ(edge.ok("bob", "PUT " + path + "/read", R"({"seq":2})").at("unread"), 0);
    EXPECT_EQ(edge.ok("bob", "PUT " + path + "/read", R"({"seq":1})").at("unread"), 1);
    EXPECT_EQ(
        trouble(edge.ask_as("eve", "PUT " + path + "/read", R"({"seq":1})")), "403 forbidden"
    );
}

TEST(Router, a_message_is_sent_read_edited_reacted_to_and_deleted) {
    Edge edge;
    const std::string thread = channel(edge, "ada");
    const auto sent =
        edge.ok("ada", "POST /api/threads/" + thread + "/messages", sending("hi", 0), 201);
    EXPECT_EQ(
        edge.ok("ada", "POST /api/threads/" + thread + "/messages", sending("hi", 0), 201), sent
    );
    const auto reused =
        edge.ask_as("ada", "POST /api/threads/" + thread + "/messages", sending("ho", 0));
    EXPECT_EQ(trouble(reused), "409 nonce_reused");
    const std::string path = "/api/messages/" + text_of(sent.at("id"));
    EXPECT_EQ(edge.ok("ada", "GET " + path), sent);
    EXPECT_EQ(edge.ok("ada", "PATCH " + path, R"({"content":"ho"})").at("content"), "ho");
    EXPECT_EQ(
        trouble(edge.ask_as("ada", "PATCH " + path, R"({"content":"x","ifRev":1})")), "409 conflict"
    );
    EXPECT_EQ(trouble(edge.ask_as("bob", "PATCH " + path, R"({"content":"x"})")), "403 forbidden");

    const std::string thumb = path + "/reactions/%F0%9F%91%8D";
    EXPECT_EQ(edge.ok("ada", "PUT " + thumb).at("reactions").at(0).at("mine"), true);
    const auto reacted = edge.ok("ada", "GET " + thumb);
    EXPECT_EQ(reacted.at("count"), 1);
    EXPECT_EQ(reacted.at("items").at(0).at("handle"), "ada");
    EXPECT_TRUE(reacted.at("next").is_null());
    EXPECT_EQ(edge.ok("ada", "GET " + path + "/reactions/%F0%9F%8E%89").at("count"), 0);
    EXPECT_EQ(trouble(edge.ask_as("ada", "GET " + thumb + "?limit=0")), "400 bad_request");
    EXPECT_EQ(edge.ok("ada", "DELETE " + thumb).at("reactions").as_array().size(), 0U);
    EXPECT_EQ(trouble(edge.ask_as("ada", "PUT " + path + "/reactions/x")), "400 bad_request");

    EXPECT_FALSE(edge.ok("ada", "DELETE " + path).at("deletedAt").is_null());
}

TEST(Router, history_comes_in_pages_that_go_on) {
    Edge edge;
    const std::string thread = channel(edge, "ada");
    for (int i = 0; i < 7; ++i) send(edge, "ada", thread, "m");
    const std::string path = "GET /api/threads/" + thread + "/messages?limit=3";
    std::vector<std::int64_t> seqs;
    std::string cursor;
    for (int page = 0; page < 5; ++page) {
        const auto json = edge.ok("ada", path + cursor);
        std::vector<std::int64_t> here;
        for (const auto& message : json.at("items").as_array())
            here.push_back(message.at("seq").as_int64());
        seqs.insert(seqs.begin(), here.begin(), here.end());
        EXPECT_EQ(json.at("users").as_array().size(), 1U);
        if (json.at("next").is_null()) break;
        cursor = "&cursor=" + text_of(json.at("next"));
    }
    EXPECT_EQ(seqs, (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7}));
    EXPECT_EQ(edge.ok("ada", path + "&after=5").at("items").as_array().size(), 2U);
    EXPECT_EQ(trouble(edge.ask_as("ada", path + "&after=5&before=6")), "400 bad_request");
}

TEST(Router, what_may_not_be_seen_is_told_byte_for_byte_as_if_it_did_not_exist) {
    Edge edge;
    const std::string thread = channel(edge, "ada", "private");
    const std::string message = send(edge, "ada", thread, "secret");
    const std::vector<std::array<std::string, 3>> requests = {
        {"GET /api/threads/T", "", ""},
        {"POST /api/threads/T/join", "", ""},
        {"GET /api/threads/T/messages", "", ""},
        {"GET /api/threads/T/messages?limit=1&before=5", "", ""},
        {"POST /api/threads/T/messages", sending("x", 99), ""},
        {"PUT /api/threads/T/read", R"({"seq":1})", ""},
        {"GET /api/messages/M", "", ""},
        {"PATCH /api/messages/M", R"({"content":"x"})", ""},
        {"DELETE /api/messages/M", "", ""},
        {"PUT /api/messages/M/reactions/%F0%9F%91%8D", "", ""},
        {"DELETE /api/messages/M/reactions/%F0%9F%91%8D", "", ""},
        {"GET /api/messages/M/reactions/%F0%9F%91%8D", "", ""},
    };
    const auto with =
        [](std::string head, const std::string& of_thread, const std::string& of_message) {
            if (const auto at = head.find("/T"); at != std::string::npos)
                head.replace(at + 1, 1, of_thread);
            if (const auto at = head.find("/M"); at != std::string::npos)
                head.replace(at + 1, 1, of_message);
            return head;
        };
    for (const auto& [head, body, unused] : requests) {
        const auto hidden = edge.ask_as("eve", with(head, thread, message), body);
        EXPECT_EQ(trouble(hidden), "404 not_found") << head;
        for (const char* id : {nowhere.c_str(), "x"}) {
            const auto missing = edge.ask_as("eve", with(head, id, id), body);
            EXPECT_EQ(hidden.body, missing.body) << head;
            EXPECT_TRUE(std::equal(
                hidden.headers.begin(),
                hidden.headers.end(),
                missing.headers.begin(),
                missing.headers.end()
            )) << head;
        }
    }
}

TEST(Router, a_user_makes_so_many_requests_and_sends_are_counted_apart) {
    Edge edge({.per_second = 1, .burst = 3});
    const std::string thread = channel(edge, "ada");
    for (int i = 0; i < 2; ++i) EXPECT_EQ(edge.ask_as("ada", "GET /api/me").status, 200);
    const auto limited = edge.ask_as("ada", "GET /api/me");
    EXPECT_EQ(trouble(limited), "429 rate_limited");
    EXPECT_EQ(*limited.headers.find("Retry-After"), "1");
    EXPECT_EQ(edge.ask_as("bob", "GET /api/me").status, 200);
    send(edge, "ada", thread, "sends have a limit of their own");
    edge.world.clock.advance(std::chrono::seconds(1));
    EXPECT_EQ(edge.ask_as("ada", "GET /api/me").status, 200);
}

TEST(Router, an_exception_becomes_a_problem_that_says_nothing_of_its_text) {
    Edge edge;
    EXPECT_EQ(edge.ask("GET /readyz").status, 200);
    edge.ready = false;
    EXPECT_EQ(trouble(edge.ask("GET /readyz")), "503 busy");
    edge.not_ready = std::make_exception_ptr(StorageFailure(Errc::storage_unavailable, "secret"));
    const auto away = edge.ask("GET /readyz");
    EXPECT_EQ(trouble(away), "503 storage_unavailable");
    EXPECT_EQ(away.body.find("secret"), std::string::npos);
    edge.not_ready = std::make_exception_ptr(std::runtime_error("secret"));
    const auto broken = edge.ask("GET /readyz");
    EXPECT_EQ(trouble(broken), "500 internal");
    EXPECT_EQ(broken.body.find("secret"), std::string::npos);
    EXPECT_EQ(edge.ask("GET /healthz").status, 200);
}

TEST(Router, metrics_are_for_this_machine_or_the_token) {
    Edge edge;
    edge.ask("GET /api/config");
    edge.ask("GET /api/threads/" + nowhere);
    const auto local = edge.ask("GET /metrics");
    EXPECT_EQ(local.status, 200);
    const std::string counted =
        R"(banter_http_request_seconds_count{route="GET /api/config",status="2xx"} 1)";
    EXPECT_NE(local.body.find(counted), std::string::npos) << local.body;
    EXPECT_NE(
        local.body.find(R"({route="GET /api/threads/:threadId",status="4xx"} 1)"), std::string::npos
    );
    EXPECT_EQ(local.body.find(nowhere), std::string::npos) << "an id became a label";

    const auto from_afar = [&](const std::string& headers) {
        auto request = Edge::request("GET /metrics" + headers);
        request.peer_address = "10.0.0.7";
        return edge.respond(std::move(request)).status;
    };
    EXPECT_EQ(from_afar(""), 403);
    EXPECT_EQ(from_afar("\r\nAuthorization: Bearer "), 403);
    EXPECT_EQ(edge.ask("GET /metrics\r\nX-Forwarded-For: 10.0.0.7").status, 403);
    edge.site.metrics_token = "scrape";
    EXPECT_EQ(from_afar("\r\nAuthorization: Bearer scrape"), 200);
    EXPECT_EQ(from_afar("\r\nAuthorization: Bearer scraps"), 403);
    EXPECT_EQ(from_afar(""), 403);
}

const std::string socket_head =
    "GET /ws\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

int refused_with(Edge& edge, const std::string& head) {
    auto decision = edge.upgrade(head);
    const auto* response = std::get_if<net::http::Response>(&decision);
    return response == nullptr ? 101 : response->status;
}

TEST(Upgrade, a_token_is_verified_before_the_socket_opens) {
    Edge edge;
    const std::string token = edge.world.token("handle:ada");
    EXPECT_EQ(refused_with(edge, socket_head + "\r\nAuthorization: Bearer " + token), 101);
    EXPECT_EQ(
        refused_with(
            edge, socket_head + "\r\nOrigin: https://app.example\r\nCookie: __session=" + token
        ),
        101
    );
    for (const ws::Opening& opening : edge.openings) {
        ASSERT_TRUE(opening.signed_in && *opening.signed_in);
        EXPECT_EQ((**opening.signed_in).user.handle, "ada");
        EXPECT_EQ(opening.peer, "127.0.0.1");
        EXPECT_TRUE(opening.protocol_spoken);
    }
    EXPECT_EQ(edge.openings.size(), 2U);
}

TEST(Upgrade, a_wrong_token_is_upgraded_for_the_connection_to_close) {
    Edge edge;
    for (const char* header : {"Bearer a.b.c", "Basic x", "Bearer "}) {
        EXPECT_EQ(refused_with(edge, socket_head + "\r\nAuthorization: " + header), 101) << header;
        ASSERT_TRUE(edge.openings.back().signed_in.has_value()) << header;
        EXPECT_EQ(edge.openings.back().signed_in->error().code, Errc::unauthenticated) << header;
    }
    EXPECT_EQ(refused_with(edge, socket_head), 101);
    EXPECT_FALSE(edge.openings.back().signed_in.has_value()) << "then `connect` has to come";
}

TEST(Upgrade, a_foreign_page_gets_no_socket_however_its_token_comes) {
    Edge edge;
    const std::string token = edge.world.token("handle:ada");
    const std::string cookie = "\r\nCookie: __session=" + token;
    for (const char* origin :
         {"null",
          "https://evil.example",
          "https://chat.example",
          "http://chat.example.evil.org",
          ""}) {
        const std::string line = std::string("\r\nOrigin: ") + origin;
        EXPECT_EQ(refused_with(edge, socket_head + line), 403) << origin;
        EXPECT_EQ(refused_with(edge, socket_head + line + cookie), 403) << origin;
        EXPECT_EQ(
            refused_with(edge, socket_head + line + "\r\nAuthorization: Bearer " + token), 403
        ) << origin;
    }
    EXPECT_EQ(refused_with(edge, socket_head + cookie), 403) << "a cookie without an Origin";
    EXPECT_TRUE(edge.openings.empty());
}

TEST(Upgrade, only_one_path_is_a_socket_and_its_query_is_strict) {
    Edge edge;
    const auto at = [](std::string target) {
        std::string head = socket_head;
        return head.replace(4, 3, target);
    };
    EXPECT_EQ(refused_with(edge, at("/api/me")), 404);
    EXPECT_EQ(refused_with(edge, at("/ws/")), 404);
    EXPECT_EQ(refused_with(edge, at("/ws?token=x")), 400);
    EXPECT_EQ(refused_with(edge, at("/ws?protocol=1&protocol=1")), 400);
    EXPECT_EQ(refused_with(edge, at("/ws?protocol=1")), 101);
    EXPECT_TRUE(edge.openings.back().protocol_spoken);
    for (const char* other : {"2", "0", "1.0", "x", ""}) {
        EXPECT_EQ(refused_with(edge, at(std::string("/ws?protocol=") + other)), 101) << other;
        EXPECT_FALSE(edge.openings.back().protocol_spoken) << other;
    }
}

}  // namespace
}  // namespace banter::api::http
