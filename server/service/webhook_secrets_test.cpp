// Web hooks count exactly if a secret has signed them lately: Svix's own vector, and forged ones of
// every kind, of which none does. Rows of attacks.md: web hook forgery, replay, timing.
#include "service/webhook_secrets.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>

namespace banter::service {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

// docs.svix.com/receiving/verifying-payloads/how-manual
constexpr const char* secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr const char* hook_id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr const char* hook_time = "1614265330";
constexpr const char* hook_body = R"({"test": 2432232314})";
constexpr const char* hook_signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
constexpr Timestamp sent_at{1'614'265'330s};

// Of the same text with another secret: 24 bytes of zeros.
constexpr const char* other_secret = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

struct Hook {
    std::string id = hook_id;
    std::string timestamp = hook_time;
    std::string signatures = hook_signature;
    std::string body = hook_body;
    Timestamp now = sent_at;
};

WebhookSecrets secrets(const std::string& text = secret) {
    return WebhookSecrets::parse(text).value();
}

bool counts(const Hook& hook, const WebhookSecrets& with = secrets()) {
    const SignedHook shown{hook.id, hook.timestamp, hook.signatures, hook.body};
    const auto refused = with.refused(shown, hook.now);
    if (refused) {
        EXPECT_EQ(refused->code, Errc::bad_request);
    }
    return !refused;
}

/// What stands behind "v1,".
std::string bare() { return std::string(hook_signature).substr(3); }

std::string times(std::size_t count, const std::string& text) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += text;
    return all;
}

TEST(WebhookSecrets, take_the_vector_of_svix) { EXPECT_TRUE(counts({})); }

TEST(WebhookSecrets, take_one_good_signature_among_others) {
    for (const std::string& signatures :
         {fmt::format("v1a,AAAA {}", hook_signature),
          fmt::format("v2,{} {}", bare(), hook_signature),
          fmt::format("v1, {}", hook_signature),
          fmt::format("v1,AAAA= {} v1,xyz", hook_signature),
          fmt::format("{0} {0}", hook_signature),
          times(WebhookSecrets::signatures_max - 1, "v1,AAAA ") + hook_signature}) {
        EXPECT_TRUE(counts({.signatures = signatures})) << signatures;
    }
}

TEST(WebhookSecrets, look_at_so_many_signatures_and_no_more) {
    const std::string crowd = times(WebhookSecrets::signatures_max, "v1,AAAA ");
    EXPECT_FALSE(counts({.signatures = crowd + hook_signature}));
    EXPECT_FALSE(counts({.signatures = times(1'000, "v1,AAAA ") + hook_signature}));
}

TEST(WebhookSecrets, count_beside_each_other_while_one_replaces_the_other) {
    const std::string both = fmt::format("{}\n{}\n", other_secret, secret);
    EXPECT_TRUE(counts({}, secrets(both)));
    EXPECT_TRUE(counts({}, secrets(fmt::format("\r\n  {} \r\n\n{}", secret, other_secret))));
    EXPECT_FALSE(counts({}, secrets(other_secret)));
}

TEST(WebhookSecrets, hold_to_the_time_of_the_attempt_both_ways) {
    EXPECT_TRUE(counts({.now = sent_at + 300s + 999ms}));
    EXPECT_TRUE(counts({.now = sent_at - 300s}));
    EXPECT_FALSE(counts({.now = sent_at + 301s}));
    EXPECT_FALSE(counts({.now = sent_at - 300s - 1ms}));
    EXPECT_FALSE(counts({.now = sent_at + 24h * 365}));
    EXPECT_FALSE(counts({.now = Timestamp{}}));
}

TEST(WebhookSecrets, take_nothing_that_is_forged) {
    std::vector<Hook> forged;
    for (const std::string& signatures : std::vector<std::string>{
             "",
             " ",
             "v1",
             "v1,",
             "v1, ",
             "v1,,",
             ",",
             "v1,=",
             "v1,v1,",
             "v1,null",
             "v1,undefined",
             "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
             times(1'000, "v1, "),
             times(1'000, "v1,AAAA "),
             bare(),
             "," + bare(),
             "v0," + bare(),
             "v2," + bare(),
             "v1a," + bare(),
             "v11," + bare(),
             "V1," + bare(),
             "v1;" + bare(),
             "v1=" + bare(),
             "v1:" + bare(),
             "v1 ," + bare(),
             "v1, " + bare(),
             "v1,\t" + bare(),
             "v1,\"" + bare() + "\"",
             "v1,,"s + bare(),
             "v1,v1," + bare(),
             "\tv1," + bare(),
             hook_signature + "="s,
             hook_signature + "A"s,
             hook_signature + "\n"s,
             hook_signature + "\0"s,
             hook_signature + ","s,
             hook_signature + ",x"s,
             hook_signature + ",v1"s,
             hook_signature + "AAAA"s,
             "v1," + bare().substr(1),
             "v1," + bare().substr(0, 43),
             "v1," + bare().substr(0, 42) + "==",
             "v1," + bare().substr(0, 40),
             "v1," + bare().substr(0, 4),
             // The same bytes in other forms: stray bits, the alphabet of URLs, hexadecimal.
             "v1," + bare().substr(0, 42) + "F=",
             "v1,g0hM9SsE-OTPJTGt_tmIKtSyZlE3uFJELVlNIOLJ1OE=",
             "v1,g0hM9SsE-OTPJTGt_tmIKtSyZlE3uFJELVlNIOLJ1OE",
             "v1,83484cf52b04f8e4cf2531adfed9882ad4b2665137b852442d594d20e2c9d4e1",
         }) {
        forged.push_back({.signatures = signatures});
    }
    for (const std::string& id : std::vector<std::string>{
             "",
             "msg_p5jXN8AQM9LWM0D4loKWxJe",
             "msg_p5jXN8AQM9LWM0D4loKWxJel",
             "MSG_P5JXN8AQM9LWM0D4LOKWXJEK",
             hook_id + " "s,
             fmt::format(" {}", hook_id),
             hook_id + "\n"s,
             hook_id + "\0"s,
             hook_id + "\xc3\xa4"s,
             hook_id + "."s,
             // The same signed text, cut elsewhere.
             fmt::format("{}.{}", hook_id, hook_time),
             times(10'000, "m"),
         }) {
        forged.push_back({.id = id});
    }
    for (const std::string& timestamp : std::vector<std::string>{
             "",
             "0",
             "-1614265330",
             "+1614265330",
             " 1614265330",
             "1614265330 ",
             "01614265330",
             "1614265331",
             "1614265329",
             "1614265330.0",
             "1614265330.",
             "1.614265330e9",
             "1614265330000",
             "0x60380d72",
             "16142653301614265330",
             "99999999999999999999999999",
             "now",
             "2021-02-25T15:02:10Z",
             "1614265330\n",
             "1614265330\0"s,
         }) {
        forged.push_back({.timestamp = timestamp});
    }
    for (const std::string& body : std::vector<std::string>{
             "",
             "{}",
             R"({"test": 2432232315})",
             R"({"test":2432232314})",
             R"({"test": 2432232314} )",
             R"( {"test": 2432232314})",
             R"({"test": 2432232314})"
             "\n",
             R"({"test": 2432232314})"
             "\0"s,
             "\xef\xbb\xbf"
             R"({"test": 2432232314})",
             R"({"test": 2432232314}{"test": 2432232314})",
         }) {
        forged.push_back({.body = body});
    }
    // The parts of one text, with the points elsewhere.
    forged.push_back({.id = "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330", .timestamp = ""});
    forged.push_back({.timestamp = "1614265330.{\"test\": 2432232314}", .body = ""});
    ASSERT_GE(forged.size(), 60U);
    for (const Hook& hook : forged) {
        EXPECT_FALSE(counts(hook))
            << hook.id << '|' << hook.timestamp << '|' << hook.signatures << '|' << hook.body;
    }
}

TEST(WebhookSecrets, take_nothing_that_one_changed_letter_makes_of_a_signature) {
    for (std::size_t at = 0; at < bare().size(); ++at) {
        std::string signature = bare();
        signature[at] = signature[at] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(counts({.signatures = "v1," + signature})) << at;
    }
}

TEST(WebhookSecrets, that_are_malformed_are_refused_with_the_line_and_never_repeated) {
    const std::string key = std::string(secret).substr(6);
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"", "it has no secret"},
        {" \n\r\n", "it has no secret"},
        {key, "line 1 is no secret"},
        {"WHSEC_" + key, "line 1 is no secret"},
        {"whsec_", "line 1 is no secret"},
        {"whsec_" + key + "!", "line 1 is no secret"},
        {"whsec_" + key + "=", "line 1 is no secret"},
        {"whsec_" + key + "====", "line 1 is no secret"},
        {"whsec_" + key.substr(1), "line 1 is no secret"},
        {"whsec_" + key.substr(0, 16), "line 1 is no secret"},
        {"whsec_" + key + key + key, "line 1 is no secret"},
        {"whsec_" + key.substr(0, 28) + "-_-_", "line 1 is no secret"},
        {fmt::format("{0} {0}", secret), "line 1 is no secret"},
        {secret + "\n\n"s + key, "line 3 is no secret"},
        {times(WebhookSecrets::secrets_max + 1, secret + "\n"s), "more than 8 secrets"},
    };
    for (const auto& [text, why] : wrong) {
        const auto refused = WebhookSecrets::parse(text);
        ASSERT_FALSE(refused.has_value()) << text;
        EXPECT_NE(refused.error().detail.find(why), std::string::npos) << refused.error().detail;
        EXPECT_EQ(refused.error().detail.find(key.substr(0, 8)), std::string::npos);
    }
}

}  // namespace
}  // namespace banter::service
