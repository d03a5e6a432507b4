// ID tokens and answers of UserInfo: the one that was asked for counts, and none that differs from
// it in one place.
#include "service/id_token.hpp"

#include "base/encoding.hpp"
#include "model/limits.hpp"
#include "service/es256.hpp"
#include "service/key_set.hpp"
#include "service/testing/rsa_signer.hpp"

#include <gtest/gtest.h>
#include <openssl/hmac.h>

#include <array>
#include <utility>

namespace banter::service {
namespace {

constexpr std::int64_t now_seconds = 1'795'330'200;
constexpr Timestamp now{std::chrono::seconds(now_seconds)};
constexpr std::string_view issuer = "https://login.example.com";
constexpr std::string_view client_id = "banter";
constexpr std::string_view nonce = "n-0S6_WzA2Mj";

std::string seconds(std::int64_t after_now) { return std::to_string(now_seconds + after_now); }

/// A member and its value as JSON; an empty value leaves it out.
using Member = std::pair<std::string, std::string>;

std::string object(std::vector<Member> members, const std::vector<Member>& changes) {
    for (const Member& change : changes) {
        std::erase_if(members, [&](const Member& one) { return one.first == change.first; });
        members.push_back(change);
    }
    std::string text = "{";
    for (const auto& [name, value] : members) {
        if (value.empty()) continue;
        if (text.size() > 1) text += ',';
        text += '"' + name + "\":" + value;
    }
    return text + '}';
}

class IdTokenTest : public ::testing::Test {
protected:
    static std::string claims(const std::vector<Member>& changes = {}) {
        return object(
            {{"iss", R"("https://login.example.com")"},
             {"sub", R"("248289761001")"},
             {"aud", R"("banter")"},
             {"nonce", R"("n-0S6_WzA2Mj")"},
             {"exp", seconds(300)},
             {"iat", seconds(0)},
             {"name", R"("Ada Lovelace")"},
             {"preferred_username", R"("ada")"},
             {"picture", R"("https://pictures.example/ada.png")"}},
            changes
        );
    }
    [[nodiscard]] std::string header(const std::vector<Member>& changes = {}) const {
        return object(
            {{"alg", R"("RS256")"}, {"typ", R"("JWT")"}, {"kid", '"' + signer.id + '"'}}, changes
        );
    }
    [[nodiscard]] std::string token(const std::vector<Member>& changes = {}) const {
        return signer.token(header(), claims(changes));
    }

    [[nodiscard]] Result<IdToken> verify(
        const std::string& text,
        std::vector<std::string> algorithms = {"RS256", "ES256"},
        Timestamp at = now
    ) const {
        const IdTokenRules rules{
            .issuer = issuer,
            .client_id = client_id,
            .nonce = nonce,
            .algorithms = algorithms,
            .find_key = [this](std::string_view id) -> std::shared_ptr<const VerificationKey> {
                if (id == elliptic_id) return elliptic.public_key();
                return find_key(keys, id);
            },
        };
        return verify_id_token(text, rules, at);
    }
    [[nodiscard]] bool counts(const std::string& text) const { return verify(text).has_value(); }

    RsaSigner signer{"one"};
    RsaSigner stranger{"one"};
    Es256PrivateKey elliptic{Es256PrivateKey::make_pem()};
    const std::string elliptic_id = "two";
    const KeySet keys = parse_key_set(key_set_of({signer.jwk()})).value();
};

TEST_F(IdTokenTest, what_was_asked_for_says_who_somebody_is) {
    const auto verified = verify(token());
    ASSERT_TRUE(verified) << verified.error().detail;
    EXPECT_EQ(verified->profile.subject, "248289761001");
    EXPECT_EQ(verified->profile.name, "Ada Lovelace");
    EXPECT_EQ(verified->profile.username, "ada");
    EXPECT_EQ(verified->profile.picture, "https://pictures.example/ada.png");
    EXPECT_EQ(verified->issued_at, now);

    const auto silent = verify(token({{"name", ""}, {"preferred_username", "7"}, {"picture", ""}}));
    ASSERT_TRUE(silent);
    EXPECT_FALSE(silent->profile.name || silent->profile.username || silent->profile.picture);
}

TEST_F(IdTokenTest, what_the_specification_allows_counts) {
    for (const std::vector<Member>& changes : std::vector<std::vector<Member>>{
             {{"aud", R"(["banter"])"}},
             {{"aud", R"(["banter","other"])"}, {"azp", R"("banter")"}},
             {{"azp", R"("banter")"}},
             {{"exp", seconds(-59)}},
             {{"iat", seconds(60)}},
             {{"nbf", seconds(0)}},
             {{"exp", seconds(300) + ".5"}},
             {{"auth_time", "1"}, {"at_hash", R"("x")"}, {"acr", R"("0")"}},
         }) {
        EXPECT_TRUE(counts(token(changes))) << claims(changes);
    }
    EXPECT_TRUE(counts(signer.token(header({{"typ", ""}}), claims())));
    const std::string es256 = header({{"alg", R"("ES256")"}, {"kid", R"("two")"}});
    const std::string text = base64url(es256) + "." + base64url(claims());
    EXPECT_TRUE(counts(text + "." + base64url(elliptic.sign(text))));
}

TEST_F(IdTokenTest, what_says_something_else_is_refused) {
    const std::string long_text = '"' + std::string(model::limits::claim_bytes_max + 1, 'a') + '"';
    const std::vector<std::vector<Member>> wrong{
        {{"iss", ""}},
        {{"iss", R"("https://login.example.com/")"}},
        {{"iss", R"("http://login.example.com")"}},
        {{"iss", R"("https://LOGIN.example.com")"}},
        {{"iss", R"("https://evil.example")"}},
        {{"iss", R"(["https://login.example.com"])"}},
        {{"sub", ""}},
        {{"sub", "\"\""}},
        {{"sub", "248289761001"}},
        {{"sub", "null"}},
        {{"sub", R"(["a"])"}},
        {{"sub", long_text}},
        {{"sub", R"("a\u0000b")"}},
        {{"aud", ""}},
        {{"aud", "\"\""}},
        {{"aud", R"("other")"}},
        {{"aud", R"("Banter")"}},
        {{"aud", R"("banter ")"}},
        {{"aud", "[]"}},
        {{"aud", R"(["other"])"}},
        {{"aud", R"(["banter","other"])"}},
        {{"aud", R"(["banter",7])"}},
        {{"aud", R"({"banter":true})"}},
        {{"aud", "null"}},
        {{"aud", R"(["banter","other"])"}, {"azp", R"("other")"}},
        {{"azp", R"("other")"}},
        {{"azp", R"(["banter"])"}},
        {{"azp", "null"}},
        {{"nonce", ""}},
        {{"nonce", "\"\""}},
        {{"nonce", R"("n-0S6_WzA2MJ")"}},
        {{"nonce", R"("n-0S6_WzA2M")"}},
        {{"nonce", R"("n-0S6_WzA2Mj ")"}},
        {{"nonce", R"(["n-0S6_WzA2Mj"])"}},
        {{"exp", ""}},
        {{"exp", "null"}},
        {{"exp", '"' + seconds(300) + '"'}},
        {{"exp", seconds(-60)}},
        {{"exp", "0"}},
        {{"exp", "-1"}},
        {{"exp", "1e300"}},
        {{"iat", ""}},
        {{"iat", "null"}},
        {{"iat", '"' + seconds(0) + '"'}},
        {{"iat", seconds(61)}},
        {{"nbf", seconds(61)}},
        {{"nbf", R"("now")"}},
    };
    for (const auto& changes : wrong) EXPECT_FALSE(counts(token(changes))) << claims(changes);
}

TEST_F(IdTokenTest, no_header_chooses_how_it_is_proved) {
    const std::vector<std::vector<Member>> wrong{
        {{"alg", ""}},
        {{"alg", "\"\""}},
        {{"alg", R"("none")"}},
        {{"alg", R"("None")"}},
        {{"alg", R"("HS256")"}},
        {{"alg", R"("RS384")"}},
        {{"alg", R"("PS256")"}},
        {{"alg", R"("ES256")"}},
        {{"alg", R"("rs256")"}},
        {{"alg", "7"}},
        {{"kid", ""}},
        {{"kid", "\"\""}},
        {{"kid", "7"}},
        {{"kid", R"("two")"}},
        {{"kid", R"("three")"}},
        {{"typ", R"("at+jwt")"}},
        {{"typ", R"("logout+jwt")"}},
        {{"typ", "7"}},
        {{"crit", R"(["exp"])"}},
    };
    for (const auto& changes : wrong) {
        EXPECT_FALSE(counts(signer.token(header(changes), claims()))) << header(changes);
    }
    // The key that everybody knows, as a secret.
    const std::string hs256 =
        base64url(header({{"alg", R"("HS256")"}})) + "." + base64url(claims());
    const std::string pem = signer.pem();
    std::array<unsigned char, 32> tag;
    HMAC(
        EVP_sha256(),
        pem.data(),
        static_cast<int>(pem.size()),
        reinterpret_cast<const unsigned char*>(hs256.data()),
        hs256.size(),
        tag.data(),
        nullptr
    );
    EXPECT_FALSE(counts(hs256 + "." + base64url(tag)));
    EXPECT_FALSE(verify(hs256 + "." + base64url(tag), {"RS256", "HS256"}));
    // An algorithm that the issuer says it doesn't use.
    EXPECT_FALSE(verify(token(), {"ES256"}));
    EXPECT_FALSE(verify(token(), {}));
    EXPECT_TRUE(verify(token(), {"RS256"}));
}

TEST_F(IdTokenTest, what_is_no_token_or_not_signed_by_the_issuer_is_refused) {
    const std::string good = token();
    const std::size_t first = good.find('.');
    const std::size_t last = good.rfind('.');
    const std::string payload = good.substr(first + 1, last - first - 1);
    const std::string other = base64url(claims({{"sub", R"("admin")"}}));
    for (const std::string& text :
         {std::string(),
          std::string("."),
          std::string(".."),
          std::string("x.y.z"),
          good.substr(0, last),
          good.substr(0, last + 1),
          good + ".x",
          good + "=",
          good.substr(1),
          good + "AAAA",
          good.substr(0, first + 1) + other + good.substr(last),
          payload + "." + payload + good.substr(last),
          base64url("[]") + good.substr(first),
          good.substr(0, first + 1) + base64url("[]") + good.substr(last),
          stranger.token(header(), claims()),
          signer.token(header(), std::string("{\"a\":") + std::string(100, '[')),
          signer.token(header(), claims({{"x", '"' + std::string(9000, 'a') + '"'}}))}) {
        EXPECT_FALSE(counts(text)) << text.substr(0, 200);
    }
    EXPECT_FALSE(verify(good, {"RS256"}, now + std::chrono::seconds(360)));
    EXPECT_FALSE(verify(good, {"RS256"}, now - std::chrono::seconds(61)));
}

TEST_F(IdTokenTest, a_refusal_says_nothing_of_what_is_in_the_token) {
    for (const auto& changes : std::vector<std::vector<Member>>{
             {{"iss", R"("SECRET")"}}, {{"aud", R"("SECRET")"}}, {{"nonce", R"("SECRET")"}}}) {
        const auto verified = verify(token(changes));
        ASSERT_FALSE(verified);
        EXPECT_EQ(verified.error().code, Errc::unauthenticated);
        EXPECT_EQ(verified.error().detail.find("SECRET"), std::string::npos);
    }
}

TEST_F(IdTokenTest, the_key_that_a_token_names_is_known_before_it_is_proved) {
    EXPECT_EQ(key_named_by(token()), "one");
    EXPECT_EQ(key_named_by(signer.token(header({{"kid", ""}}), claims())), "");
    EXPECT_EQ(key_named_by("x.y.z"), std::nullopt);
    EXPECT_EQ(key_named_by(""), std::nullopt);
}

TEST(UserInfo, says_more_of_the_same_person_and_of_no_other) {
    const auto said = parse_user_info(R"({"sub":"a","name":"Ada","picture":"https://p/a"})", "a");
    ASSERT_TRUE(said);
    EXPECT_EQ(said->name, "Ada");
    EXPECT_EQ(said->picture, "https://p/a");
    EXPECT_FALSE(said->username);
    for (const char* text :
         {"",
          "[]",
          "{}",
          "eyJ.a.b",
          R"({"name":"Ada"})",
          R"({"sub":"b","name":"Ada"})",
          R"({"sub":"A"})",
          R"({"sub":["a"]})",
          R"({"sub":""})"}) {
        EXPECT_FALSE(parse_user_info(text, "a")) << text;
    }
}

}  // namespace
}  // namespace banter::service
