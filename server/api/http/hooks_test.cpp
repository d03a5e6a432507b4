// The place where web hooks arrive: only what is signed counts, and nothing else about a request.
#include "api/http/testing/edge.hpp"
#include "base/encoding.hpp"
#include "service/webhook_secrets.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sodium/crypto_auth_hmacsha256.h>

namespace banter::api::http {
namespace {

using testing::Edge;
using testing::trouble;

const std::string json = "\r\nContent-Type: application/json";

struct HooksTest : ::testing::Test {
    HooksTest() {
        // 24 bytes of zeros.
        const auto* const secret = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        edge.clerk_rules.secrets = service::WebhookSecrets::parse(secret).value();
    }

    [[nodiscard]] static std::string signature(const std::string& text) {
        const std::array<unsigned char, 24> key{};
        crypto_auth_hmacsha256_state state;
        crypto_auth_hmacsha256_init(&state, key.data(), key.size());
        const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
        crypto_auth_hmacsha256_update(&state, bytes, text.size());
        std::array<std::uint8_t, crypto_auth_hmacsha256_BYTES> out;
        crypto_auth_hmacsha256_final(&state, out.data());
        return fmt::format("v1,{}", base64(out));
    }
    [[nodiscard]] std::string seconds() const {
        using std::chrono::seconds;
        const auto now = std::chrono::floor<seconds>(edge.world.clock.now().time_since_epoch());
        return std::to_string(now.count());
    }
    /// The lines that prove the body.
    [[nodiscard]] std::string proof(const std::string& body, const std::string& id = "msg_1")
        const {
        const std::string signed_text = fmt::format("{}.{}.{}", id, seconds(), body);
        return fmt::format(
            "\r\nsvix-id: {}\r\nsvix-timestamp: {}\r\nsvix-signature: {}",
            id,
            seconds(),
            signature(signed_text)
        );
    }
    net::http::Response post(const std::string& lines, const std::string& body) {
        return edge.ask(path + json + lines, body);
    }

    const std::string path = "POST /api/webhooks/clerk";
    const std::string event = R"({"type":"email.created","data":{"id":"e"}})";
    Edge edge;
};

TEST_F(HooksTest, what_is_signed_is_taken_whoever_brings_it) {
    EXPECT_EQ(post(proof(event), event).status, 204);
    EXPECT_EQ(
        post(proof(event) + "\r\nAuthorization: Bearer x\r\nCookie: banter=x", event).status, 204
    );
    const auto response = post(proof(event) + "\r\nOrigin: https://evil.example", event);
    EXPECT_EQ(response.status, 204);
    EXPECT_FALSE(response.headers.has("Access-Control-Allow-Origin"));
    EXPECT_FALSE(response.headers.has("Vary"));
}

TEST_F(HooksTest, of_a_line_that_stands_twice_none_counts) {
    EXPECT_EQ(trouble(post(proof(event) + "\r\nsvix-id: msg_1", event)), "400 bad_request");
    EXPECT_EQ(trouble(post(proof(event) + proof(event), event)), "400 bad_request");
    EXPECT_EQ(trouble(post("", event)), "400 bad_request");
    EXPECT_EQ(trouble(post(proof(event), R"({"type":"x"})")), "400 bad_request");
}

TEST_F(HooksTest, a_signed_body_that_is_no_event_is_refused) {
    for (const std::string none : {"{}", "[]", "x"})
        EXPECT_EQ(trouble(post(proof(none), none)), "400 bad_request") << none;
    EXPECT_EQ(trouble(edge.ask(path + proof(event), event)), "415 unsupported_media");
}

TEST_F(HooksTest, pages_can_ask_nothing_of_it) {
    const std::string origin = "\r\nOrigin: https://app.example";
    const auto response = edge.ask(
        "OPTIONS /api/webhooks/clerk" + origin + "\r\nAccess-Control-Request-Method: POST"
    );
    EXPECT_EQ(response.status, 405);
    EXPECT_FALSE(response.headers.has("Access-Control-Allow-Origin"));
}

TEST_F(HooksTest, pages_read_no_answer_of_it_whatever_was_asked) {
    const std::string origin = "\r\nOrigin: https://app.example";
    for (const char* method : {"GET", "POST", "DELETE"}) {
        const auto head = Edge::request(std::string(method) + " /api/webhooks/clerk" + origin);
        EXPECT_FALSE(edge.respond(head).headers.has("Vary")) << method;
        EXPECT_FALSE(edge.router.refuse(413, "too long", &head).headers.has("Vary")) << method;
    }
    const auto other = Edge::request("GET /api/webhooks" + origin);
    EXPECT_TRUE(edge.respond(other).headers.has("Vary")) << "there is nothing of the kind";
    EXPECT_TRUE(edge.router.refuse(413, "too long", &other).headers.has("Vary"));
}

TEST_F(HooksTest, without_a_secret_there_is_no_such_place) {
    edge.clerk_rules.secrets.reset();
    EXPECT_EQ(trouble(post(proof(event), event)), "404 not_found");
}

TEST_F(HooksTest, its_bodies_may_be_longer_than_others) {
    constexpr std::size_t usual = 64 * 1024;
    EXPECT_EQ(edge.router.body_bytes_max(Edge::request(path), usual), 256U * 1024);
    EXPECT_EQ(edge.router.body_bytes_max(Edge::request("POST /api/threads"), usual), usual);
    EXPECT_EQ(edge.router.body_bytes_max(Edge::request("POST /api/nothing"), usual), usual);
}

TEST_F(HooksTest, a_hook_that_could_not_be_kept_comes_again) {
    const std::string deleted = R"({"type":"user.deleted","data":{"id":"user_1"}})";
    edge.world.stop_database();
    EXPECT_EQ(post(proof(deleted), deleted).status, 503);
}

}  // namespace
}  // namespace banter::api::http
