// Session tokens of Clerk (clerk.com/docs/backend-requests/resources/session-tokens), signed by an
// issuer's own key wherever a test is about what they say. Rows of attacks.md: JWT, kid, azp, skew.
#include "base/encoding.hpp"
#include "model/limits.hpp"
#include "service/key_set.hpp"
#include "service/local_issuer.hpp"
#include "service/testing/rsa_signer.hpp"
#include "service/tokens.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

#include <functional>

namespace banter::service {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using namespace std::string_literals;

constexpr std::int64_t now_seconds = 1'795'330'200;
constexpr Timestamp now{std::chrono::seconds(now_seconds)};
constexpr const char* party = "https://app.example";

class SessionTokensTest : public ::testing::Test {
protected:
    SessionTokensTest() { admit({party}); }

    /// Takes tokens of these pages alone; of all, if there are none.
    void admit(std::vector<std::string> parties) {
        issuers = {};
        issuers.add(local.issuer());
        issuers.add(issuer_of(std::move(parties)));
    }
    [[nodiscard]] Issuer issuer_of(std::vector<std::string> parties) const {
        Issuer issuer{.name = "https://clerk.example", .find_key = {}};
        issuer.find_key = [keys = parse_key_set(key_set_of({signer.jwk()})).value()](
                              std::string_view id
                          ) { return find_key(keys, id); };
        issuer.rules = {.needs_sign_in = true, .authorized_parties = std::move(parties)};
        return issuer;
    }

    /// A token of the second version as Clerk makes it, and what it says of an organization aside.
    [[nodiscard]] static json::object claims() {
        return {
            {"azp", party},
            {"exp", now_seconds + 60},
            {"fva", json::array{5, -1}},
            {"iat", now_seconds},
            {"iss", "https://clerk.example"},
            {"jti", "9fb2a8"},
            {"nbf", now_seconds - 10},
            {"pla", "u:free"},
            {"sid", "sess_2abc"},
            {"sts", "active"},
            {"sub", "user_2def"},
            {"v", 2},
        };
    }
    [[nodiscard]] static json::object header() {
        return {{"alg", "RS256"}, {"cat", "cl_B7d4PD111AAA"}, {"kid", "ins_1"}, {"typ", "JWT"}};
    }
    /// With one member set, or left out if there is no value.
    [[nodiscard]] static json::object with(
        json::object object,
        std::string_view name,
        const std::string& value
    ) {
        if (value.empty()) {
            object.erase(name);
        } else {
            object[name] = json::parse(value);
        }
        return object;
    }

    [[nodiscard]] std::string token(const json::object& header, const json::object& claims) const {
        return signer.token(json::serialize(header), json::serialize(claims));
    }
    [[nodiscard]] std::string claiming(std::string_view name, const std::string& value) const {
        return token(header(), with(claims(), name, value));
    }

    [[nodiscard]] Result<Claims> verify(const std::string& token, Timestamp at = now) const {
        return issuers.verify(token, at);
    }

    void expect_refused(const std::string& token, const std::string& why) {
        const auto verdict = verify(token);
        EXPECT_FALSE(verdict) << why << ": " << token.substr(0, 200);
        ++refused;
    }
    void expect_claims_refused(std::string_view name, const std::vector<std::string>& values) {
        for (const std::string& value : values)
            expect_refused(claiming(name, value), std::string(name) + " = " + value);
    }
    void expect_headers_refused(std::string_view name, const std::vector<std::string>& values) {
        for (const std::string& value : values) {
            const std::string bad = token(with(header(), name, value), claims());
            expect_refused(bad, std::string(name) + " = " + value);
        }
    }

    RsaSigner signer{"ins_1"};
    RsaSigner stranger{"ins_1"};
    LocalIssuer local{LocalIssuer::make_key()};
    Issuers issuers;
    std::size_t refused = 0;
};

TEST_F(SessionTokensTest, a_picture_is_an_address_by_https) {
    const std::string address = "https://img.example/" + std::string(600, 'a');
    EXPECT_EQ(verify(claiming("picture", '"' + address + '"'))->picture, address);
    for (const char* none :
         {"null", "7", "[]", R"("")", R"("http://img.example/1")", R"("data:,x")"}) {
        EXPECT_EQ(verify(claiming("picture", none))->picture, std::nullopt) << none;
    }
}

TEST_F(SessionTokensTest, one_of_each_version_is_believed) {
    const auto second = verify(token(header(), claims()));
    ASSERT_TRUE(second) << second.error().detail;
    EXPECT_EQ(second->subject, "user_2def");
    EXPECT_EQ(second->sign_in, "sess_2abc");
    EXPECT_EQ(second->authorized_party, party);
    EXPECT_EQ(second->actor, std::nullopt);

    json::object first = claims();
    for (const char* newer : {"v", "sts", "pla", "jti"}) first.erase(newer);
    first["org_id"] = "org_1";
    first["org_role"] = "org:admin";
    first["org_slug"] = "acme";
    EXPECT_EQ(verify(token(header(), first))->workspace, "org_1");
    EXPECT_EQ(verify(token(header(), first))->organization_slug, "acme");
    EXPECT_EQ(verify(token(header(), first))->role, model::WorkspaceRole::admin);
    const auto organized = claiming("o", R"({"id":"org_2","rol":"admin","slg":"acme"})");
    EXPECT_EQ(verify(organized)->workspace, "org_2");
    EXPECT_EQ(verify(organized)->organization_slug, "acme");
    EXPECT_EQ(verify(organized)->role, model::WorkspaceRole::admin);
    const auto bare = verify(claiming("o", R"({"id":"org_2"})"));
    EXPECT_EQ(bare->role, model::WorkspaceRole::member);
    EXPECT_EQ(bare->organization_slug, std::nullopt);
    EXPECT_EQ(
        verify(claiming("act", R"({"iss":"x","sid":"s","sub":"user_boss"})"))->actor, "user_boss"
    );
}

TEST_F(SessionTokensTest, where_only_organizations_come_in_a_token_without_one_is_forbidden) {
    auto issuer = issuer_of({party});
    issuer.rules.needs_organization = true;
    issuers = {};
    issuers.add(std::move(issuer));
    const auto alone = verify(token(header(), claims()));
    ASSERT_FALSE(alone);
    EXPECT_EQ(alone.error().code, Errc::forbidden);
    EXPECT_TRUE(verify(claiming("o", R"({"id":"org_2"})")));
    EXPECT_TRUE(verify(claiming("org_id", R"("org_1")")));
}

TEST_F(SessionTokensTest, what_was_made_by_nobody_or_somebody_else_is_refused) {
    const std::string good = token(header(), claims());
    const std::string text = good.substr(0, good.rfind('.'));
    const std::string own = good.substr(good.rfind('.') + 1);
    expect_refused(
        stranger.token(json::serialize(header()), json::serialize(claims())), "another key"
    );
    for (const std::string& signature :
         {""s,
          "A"s,
          own.substr(1),
          own + "AAAA",
          own.substr(0, own.size() / 2),
          base64url(std::string(256, '\0')),
          base64url(std::string(256, '\xff')),
          base64url(signer.sign(text, EVP_sha384())),
          base64url(signer.sign(text, EVP_sha512())),
          base64url(signer.sign(text, EVP_sha256(), true)),
          base64url(signer.sign(text + "x"))}) {
        expect_refused(text + "." + signature, "signature");
    }
    expect_refused(good + "." + own, "four parts");
    expect_refused(text, "two parts");
    expect_refused(" " + good, "a space before");
    expect_refused(good + "\n", "a line's end");
    expect_refused(good + std::string(model::limits::token_bytes_max, 'A'), "too long");
    for (std::size_t at = 0; at < text.size(); at += text.size() / 20) {
        std::string changed = good;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        expect_refused(changed, "a character changed");
    }
    EXPECT_TRUE(verify(good));
    EXPECT_GE(refused, 30U);
}

TEST_F(SessionTokensTest, the_header_chooses_neither_algorithm_nor_key) {
    expect_headers_refused(
        "alg",
        {R"("none")",
         R"("None")",
         R"("NONE")",
         R"("")",
         R"("HS256")",
         R"("HS384")",
         R"("RS384")",
         R"("RS512")",
         R"("PS256")",
         R"("ES256")",
         R"("EdDSA")",
         R"("rs256")",
         R"("RSA-OAEP")",
         R"("dir")",
         R"(["RS256"])",
         "1",
         "null",
         "{}",
         ""}
    );
    expect_headers_refused(
        "kid",
        {R"("")",
         R"("ins_2")",
         R"("../../dev/null")",
         R"("/etc/passwd")",
         R"("' or 1=1 --")",
         R"("ins_1\u0000")",
         R"("INS_1")",
         R"(" ins_1")",
         R"("http://127.0.0.1/")",
         "1",
         "null",
         R"(["ins_1"])",
         "\"" + std::string(4000, 'k') + "\"",
         ""}
    );
    expect_headers_refused("crit", {R"(["exp"])", "[]", R"(["b64"])", "null", "1"});
    expect_headers_refused("typ", {R"("JWE")", R"("at+jwt")", "1", "null", R"("")"});
    // A key that the token brings along proves nothing.
    for (const char* brought : {"jku", "jwk", "x5u", "x5c"}) {
        json::object offering = with(header(), brought, stranger.jwk());
        const std::string claimed = json::serialize(claims());
        expect_refused(stranger.token(json::serialize(offering), claimed), brought);
        EXPECT_TRUE(verify(token(offering, claims()))) << brought;
    }
    EXPECT_GE(refused, 45U);
}

TEST_F(SessionTokensTest, times_are_those_of_the_issuer_give_or_take_five_seconds) {
    const auto at = [](std::int64_t from_now) { return std::to_string(now_seconds + from_now); };
    expect_claims_refused(
        "exp",
        {at(-5),
         at(-60),
         at(-86'400),
         "0",
         "-1",
         "null",
         "\"" + at(60) + "\"",
         "[]",
         "{}",
         "true",
         "1e300",
         ""}
    );
    expect_claims_refused("nbf", {at(6), at(60), "\"" + at(0) + "\"", "null", "[]", "-1"});
    expect_claims_refused("iat", {at(6), at(60), "\"" + at(0) + "\"", "null", "{}", "-1"});
    for (const auto& [name, value] :
         {std::pair("exp", at(-4)), std::pair("nbf", at(5)), std::pair("iat", at(5))}) {
        EXPECT_TRUE(verify(claiming(name, value))) << name;
    }
}

TEST_F(SessionTokensTest, only_sessions_of_this_instance_and_its_pages_count) {
    expect_claims_refused(
        "iss",
        {R"("https://other.example")",
         R"("https://clerk.example/")",
         R"("http://clerk.example")",
         R"("https://clerk.example.evil")",
         R"("HTTPS://CLERK.EXAMPLE")",
         R"("banter")",
         R"("")",
         R"(["https://clerk.example"])",
         "null",
         "1",
         ""}
    );
    expect_claims_refused(
        "azp",
        {R"("https://evil.example")",
         R"("https://app.example.evil")",
         R"("http://app.example")",
         R"("https://app.example/")",
         R"("https://app.example:8443")",
         R"("null")",
         R"("")",
         R"(["https://app.example"])",
         "null",
         "1",
         ""}
    );
    expect_claims_refused("sid", {R"("")", "null", "1", R"(["sess_2abc"])", "{}", ""});
    expect_claims_refused(
        "sub", {R"("")", "null", "1", R"(["user_2def"])", "{}", R"("a\u0000b")", ""}
    );
    expect_claims_refused(
        "o", {"null", "1", "{}", R"({"id":""})", R"({"id":7})", R"("org_1")", "[]"}
    );
    expect_claims_refused("act", {"null", "1", "{}", R"({"sub":""})", R"({"sub":7})", R"("user")"});
    EXPECT_GE(refused, 45U);
}

TEST_F(SessionTokensTest, who_is_not_done_with_signing_in_is_told_so) {
    for (const char* status : {R"("pending")", R"("Active")", R"("")", "null", "1"}) {
        const auto verdict = verify(claiming("sts", status));
        ASSERT_FALSE(verdict) << status;
        EXPECT_EQ(verdict.error().code, Errc::forbidden) << status;
    }
}

TEST_F(SessionTokensTest, without_a_list_of_pages_the_page_does_not_count) {
    admit({});
    for (const std::string& value : {""s, R"("https://any.example")"s})
        EXPECT_TRUE(verify(claiming("azp", value)));
    expect_claims_refused("sid", {""});
}

TEST_F(SessionTokensTest, neither_issuer_proves_what_the_other_says) {
    const TokenRequest request{
        .subject = "handle:ada", .sign_in = {}, .issued_at = now, .expires_at = now + 60s};
    EXPECT_TRUE(verify(local.sign(request)));
    json::object as_local = claims();
    as_local["iss"] = "banter";
    expect_refused(token(header(), as_local), "Clerk's key for a local token");
}

}  // namespace
}  // namespace banter::service
