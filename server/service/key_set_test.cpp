// What of a published key set is taken, and what makes all of it be refused.
#include "service/key_set.hpp"

#include "service/es256.hpp"
#include "service/testing/rsa_signer.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace banter::service {
namespace {

std::string changed(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(KeySet, a_key_is_found_by_its_name_and_proves_what_it_signed) {
    const RsaSigner one("one");
    const RsaSigner two("two");
    const auto keys = parse_key_set(key_set_of({one.jwk(), two.jwk()})).value();
    EXPECT_EQ(find_key(keys, "three"), nullptr);
    const auto key = find_key(keys, "two");
    ASSERT_NE(key, nullptr);
    EXPECT_EQ(key->algorithm(), "RS256");
    EXPECT_TRUE(key->verifies("a text", two.sign("a text")));
    EXPECT_FALSE(key->verifies("a text", one.sign("a text")));
    EXPECT_FALSE(key->verifies("another", two.sign("a text")));
    EXPECT_FALSE(key->verifies("a text", two.sign("a text", EVP_sha512())));
    EXPECT_FALSE(key->verifies("a text", two.sign("a text", EVP_sha256(), true)));
    for (const char* signature : {"", "x"}) EXPECT_FALSE(key->verifies("a text", signature));
}

TEST(KeySet, what_is_for_something_else_is_left_out) {
    const RsaSigner signer("one");
    const std::string own = signer.jwk();
    for (const std::string& other :
         {changed(changed(own, "\"sig\"", "\"enc\""), "\"one\"", "\"two\""),
          changed(changed(own, "RS256", "PS256"), "\"one\"", "\"two\""),
          std::string(R"({"kty":"EC","crv":"P-256","kid":"two","x":"AA","y":"AA"})"),
          std::string(R"({"kty":"oct","kid":"two","k":"AAAA"})")}) {
        const auto keys = parse_key_set(key_set_of({other, own}));
        ASSERT_TRUE(keys) << other;
        EXPECT_EQ(keys->size(), 1U) << other;
    }
    const std::string silent =
        changed(changed(own, R"("use":"sig",)", ""), R"("alg":"RS256",)", "");
    EXPECT_TRUE(parse_key_set(key_set_of({silent})));
}

TEST(KeySet, what_no_issuer_means_is_refused_whole) {
    const RsaSigner signer("one");
    const std::string own = signer.jwk();
    const RsaSigner little("one", 1024);
    const std::vector<std::string> many(keys_max + 1, R"({"kty":"oct","kid":"x"})");
    for (const std::string& text :
         {std::string(),
          std::string("[]"),
          std::string(R"({"keys":{}})"),
          std::string(R"({"keys":[1]})"),
          key_set_of({}),
          key_set_of({own, own}),
          key_set_of({little.jwk()}),
          key_set_of(many),
          key_set_of({changed(own, "\"one\"", "7")}),
          key_set_of({changed(own, "\"one\"", "\"\"")}),
          key_set_of({changed(own, "\"e\":\"AQAB\"", "\"e\":\"AQ\"")}),
          key_set_of({changed(own, "\"e\":\"AQAB\"", "\"e\":\"Ag\"")}),
          key_set_of({changed(own, "\"e\":\"AQAB\"", "\"e\":\"\"")}),
          key_set_of({changed(own, "\"e\":\"AQAB\"", "\"e\":\"AQAB!\"")}),
          key_set_of({changed(own, signer.modulus(), std::string(1400, 'A'))}),
          key_set_of({own}) + std::string(key_set_bytes_max, ' ')}) {
        EXPECT_FALSE(parse_key_set(text)) << text.substr(0, 80);
    }
}

std::string elliptic_jwk(const Es256PublicKey& key, const std::string& id) {
    return R"({"kty":"EC","crv":"P-256","use":"sig","kid":")" + id + R"(","x":")" + key.x() +
           R"(","y":")" + key.y() + R"("})";
}

TEST(KeySet, elliptic_keys_are_taken_where_the_rules_say_so) {
    const RsaSigner signer("one");
    const Es256PrivateKey elliptic(Es256PrivateKey::make_pem());
    const auto half = elliptic.public_key();
    const std::string jwk = elliptic_jwk(*half, "two");
    const std::string both = key_set_of({signer.jwk(), jwk});
    EXPECT_EQ(parse_key_set(both).value().size(), 1U);
    const KeySetRules rules{.elliptic = true};
    const auto keys = parse_key_set(both, rules).value();
    ASSERT_EQ(keys.size(), 2U);
    const auto key = find_key(keys, "two");
    ASSERT_NE(key, nullptr);
    EXPECT_EQ(key->algorithm(), "ES256");
    EXPECT_TRUE(key->verifies("a text", elliptic.sign("a text")));
    EXPECT_FALSE(key->verifies("another", elliptic.sign("a text")));
    EXPECT_TRUE(parse_key_set(key_set_of({jwk}), rules));
    // On no curve, too short, too long, or swapped.
    for (const auto& [x, y] : std::vector<std::pair<std::string, std::string>>{
             {half->x(), half->x()},
             {half->x(), ""},
             {"AA", "AA"},
             {half->x() + "AAAA", half->y()},
             {half->x(), "!" + half->y().substr(1)},
             {std::string(43, 'A'), std::string(43, 'A')}}) {
        const std::string wrong =
            changed(changed(jwk, half->x(), x), "\"y\":\"" + half->y(), "\"y\":\"" + y);
        EXPECT_FALSE(parse_key_set(key_set_of({signer.jwk(), wrong}), rules)) << x << " " << y;
    }
    // What is for something else is left out as ever.
    const std::string other = changed(changed(jwk, "sig", "enc"), "P-256", "P-384");
    EXPECT_EQ(parse_key_set(key_set_of({signer.jwk(), other}), rules).value().size(), 1U);
}

TEST(KeySet, one_key_without_a_name_is_taken_where_the_rules_say_so) {
    const RsaSigner signer("one");
    const std::string nameless = changed(signer.jwk(), R"("kid":"one",)", "");
    const KeySetRules rules{.nameless = true};
    EXPECT_FALSE(parse_key_set(key_set_of({nameless})));
    const auto keys = parse_key_set(key_set_of({nameless}), rules);
    ASSERT_TRUE(keys);
    EXPECT_NE(find_key(*keys, ""), nullptr);
    EXPECT_EQ(find_key(*keys, "one"), nullptr);
    EXPECT_FALSE(parse_key_set(key_set_of({nameless, nameless}), rules));
    EXPECT_FALSE(parse_key_set(key_set_of({changed(signer.jwk(), "\"one\"", "\"\"")}), rules));
}

TEST(KeySet, pem_may_hold_several_keys_and_nothing_else_is_taken) {
    const RsaSigner one("one");
    const RsaSigner two("two");
    const auto keys = Rs256PublicKey::from_pem(one.pem() + two.pem());
    ASSERT_EQ(keys.size(), 2U);
    EXPECT_TRUE(keys[1]->verifies("a text", two.sign("a text")));
    for (const std::string& text :
         {std::string(), std::string("no key"), RsaSigner("little", 1024).pem()}) {
        EXPECT_THROW((void)Rs256PublicKey::from_pem(text), std::runtime_error) << text;
    }
}

}  // namespace
}  // namespace banter::service
