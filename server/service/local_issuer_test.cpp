// The local issuer: what it signs is believed, and its JWK set is the key that proves it.
#include "service/local_issuer.hpp"

#include "base/encoding.hpp"
#include "service/sha256.hpp"

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

namespace banter::service {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr Timestamp now{std::chrono::milliseconds(1'795'330'200'123)};

json::object part_of(const std::string& token, std::size_t index) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < index; ++i) begin = token.find('.', begin) + 1;
    return json::parse(from_base64url(token.substr(begin, token.find('.', begin) - begin)).value())
        .as_object();
}

TEST(LocalIssuer, a_token_says_what_it_was_asked_to_say) {
    const LocalIssuer issuer(LocalIssuer::make_key());
    const auto sign_in = model::SignInId::parse("01923456-789a-7bcd-8ef0-123456789abc");
    const TokenRequest request{
        .subject = "somebody", .sign_in = sign_in, .issued_at = now, .expires_at = now + 15min};
    const auto claims = part_of(issuer.sign(request), 1);
    EXPECT_EQ(claims.at("iss").as_string(), "banter");
    EXPECT_EQ(claims.at("sub").as_string(), "somebody");
    EXPECT_EQ(claims.at("sid").as_string(), "01923456-789a-7bcd-8ef0-123456789abc");
    EXPECT_EQ(claims.at("iat").as_int64(), 1'795'330'200);
    EXPECT_EQ(claims.at("exp").as_int64(), 1'795'330'200 + 900);
    EXPECT_EQ(claims.size(), 5U);
}

TEST(LocalIssuer, a_token_verifies_with_its_own_issuer_and_comes_back_as_claims) {
    const LocalIssuer issuer(LocalIssuer::make_key());
    Issuers issuers;
    issuers.add(issuer.issuer());
    const TokenRequest request{
        .subject = "handle:\"quoted\\", .issued_at = now, .expires_at = now + 15min};
    const auto claims = issuers.verify(issuer.sign(request), now);
    ASSERT_TRUE(claims) << claims.error().detail;
    EXPECT_EQ(claims->issuer, "banter");
    EXPECT_EQ(claims->subject, request.subject);
    EXPECT_EQ(claims->sign_in, std::nullopt);
    EXPECT_EQ(claims->workspace, std::nullopt);
    EXPECT_EQ(claims->expires_at, std::chrono::floor<std::chrono::seconds>(now + 15min));
    EXPECT_EQ(claims->issued_at, std::chrono::floor<std::chrono::seconds>(now));
}

TEST(LocalIssuer, another_installations_token_is_refused) {
    const LocalIssuer ours(LocalIssuer::make_key());
    const LocalIssuer theirs(LocalIssuer::make_key());
    Issuers issuers;
    issuers.add(ours.issuer());
    const TokenRequest request{.subject = "somebody", .issued_at = now, .expires_at = now + 15min};
    EXPECT_FALSE(issuers.verify(theirs.sign(request), now));
}

TEST(LocalIssuer, the_jwk_set_holds_the_public_key_under_its_thumbprint_and_nothing_private) {
    const LocalIssuer issuer(LocalIssuer::make_key());
    const auto set = json::parse(issuer.jwks()).as_object();
    ASSERT_EQ(set.at("keys").as_array().size(), 1U);
    const auto& key = set.at("keys").as_array()[0].as_object();
    EXPECT_EQ(key.at("kty").as_string(), "EC");
    EXPECT_EQ(key.at("crv").as_string(), "P-256");
    EXPECT_EQ(key.at("alg").as_string(), "ES256");
    EXPECT_EQ(key.at("use").as_string(), "sig");
    EXPECT_FALSE(key.contains("d"));
    const std::string x(key.at("x").as_string());
    const std::string y(key.at("y").as_string());
    EXPECT_EQ(from_base64url(x)->size(), 32U);
    EXPECT_EQ(from_base64url(y)->size(), 32U);
    const std::string canonical =
        R"({"crv":"P-256","kty":"EC","x":")" + x + R"(","y":")" + y + R"("})";
    EXPECT_EQ(
        std::string(key.at("kid").as_string()), base64url(Sha256().bytes(canonical).finish())
    );

    const TokenRequest request{.subject = "somebody", .issued_at = now, .expires_at = now + 15min};
    EXPECT_EQ(part_of(issuer.sign(request), 0).at("kid"), key.at("kid"));
}

TEST(LocalIssuer, a_key_that_is_none_stops_the_start_with_a_sentence) {
    try {
        const LocalIssuer issuer("-----BEGIN NOTHING-----");
        FAIL() << "was taken";
    } catch (const std::runtime_error& refused) {
        EXPECT_EQ(std::string(refused.what()), "the signing key is no private key in PEM form");
    }
}

}  // namespace
}  // namespace banter::service
