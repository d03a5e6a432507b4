// Attempts to sign in at an issuer: what a browser brings back counts only as it was given, and for
// ten minutes. Which paths somebody may be led back to, and which URLs are an issuer's.
#include "service/oidc_attempt.hpp"

#include "service/oidc_client.hpp"

#include <gtest/gtest.h>

namespace banter::service {
namespace {

constexpr Timestamp now{std::chrono::seconds(1'795'330'200)};
constexpr MacKey key{1};

class OidcAttemptTest : public ::testing::Test {
protected:
    OidcAttempt attempt() { return OidcAttempt::begin("corp", "/t/a?b=c.d", random, now); }

    SeededRandom random{1};
};

TEST_F(OidcAttemptTest, comes_back_as_it_was) {
    const OidcAttempt begun = attempt();
    const auto opened = OidcAttempt::open(begun.sealed(key), key, now);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->name, "corp");
    EXPECT_EQ(opened->state, begun.state);
    EXPECT_EQ(opened->nonce, begun.nonce);
    EXPECT_EQ(opened->verifier, begun.verifier);
    EXPECT_EQ(opened->return_to, "/t/a?b=c.d");
    EXPECT_EQ(opened->expires_at, now + OidcAttempt::lifetime);
}

TEST_F(OidcAttemptTest, no_two_are_alike) {
    const OidcAttempt one = attempt();
    const OidcAttempt two = attempt();
    EXPECT_NE(one.state, two.state);
    EXPECT_NE(one.nonce, two.nonce);
    EXPECT_NE(one.verifier, two.verifier);
    EXPECT_NE(one.state, one.nonce);
    // RFC 7636 4.1.
    EXPECT_EQ(one.verifier.size(), 43U);
}

TEST_F(OidcAttemptTest, does_not_count_when_it_is_over_or_of_another_installation) {
    const std::string sealed = attempt().sealed(key);
    const Timestamp end = now + OidcAttempt::lifetime;
    EXPECT_TRUE(OidcAttempt::open(sealed, key, end - std::chrono::milliseconds(1)));
    EXPECT_FALSE(OidcAttempt::open(sealed, key, end));
    EXPECT_FALSE(OidcAttempt::open(sealed, MacKey{2}, now));
}

TEST_F(OidcAttemptTest, does_not_count_with_any_character_changed_left_out_or_added) {
    const std::string sealed = attempt().sealed(key);
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        std::string changed = sealed;
        changed[i] = changed[i] == 'x' ? 'y' : 'x';
        EXPECT_FALSE(OidcAttempt::open(changed, key, now)) << i;
        EXPECT_FALSE(OidcAttempt::open(sealed.substr(0, i), key, now)) << i;
        std::string longer = sealed;
        EXPECT_FALSE(OidcAttempt::open(longer.insert(i, 1, '.'), key, now)) << i;
    }
    EXPECT_FALSE(OidcAttempt::open(sealed + "x", key, now));
}

TEST_F(OidcAttemptTest, has_one_state) {
    const OidcAttempt begun = attempt();
    EXPECT_TRUE(begun.has_state(begun.state));
    EXPECT_FALSE(begun.has_state(""));
    EXPECT_FALSE(begun.has_state(begun.nonce));
    EXPECT_FALSE(begun.has_state(begun.state + "x"));
}

TEST_F(OidcAttemptTest, its_challenge_is_the_one_of_the_specification) {
    OidcAttempt begun = attempt();
    // RFC 7636, appendix B.
    begun.verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    EXPECT_EQ(begun.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST(OwnPath, leads_to_this_server_alone) {
    for (const char* path : {"/", "/t/a/m/b", "/browse?q=a%20b&c=d", "/a:b@c", "/a//b"})
        EXPECT_TRUE(is_own_path(path)) << path;
    for (const char* path :
         {"",
          "a",
          "//evil.example",
          "///evil.example",
          "/\\evil.example",
          "\\\\evil.example",
          "https://evil.example",
          "/\t/evil.example",
          "/a b",
          "/a\nb",
          "/a#b",
          "/<",
          "/\"",
          "/\xc3\xbc"})
        EXPECT_FALSE(is_own_path(path)) << path;
    EXPECT_FALSE(is_own_path("/" + std::string(1024, 'a')));
}

TEST(OidcUrl, is_by_https_or_to_this_machine) {
    for (const char* url :
         {"https://login.example.com",
          "https://login.example.com/realms/a/",
          "https://login.example.com:8443/?a=b",
          "http://127.0.0.1:9000",
          "http://127.8.9.1/a",
          "http://localhost:9000/a",
          "http://[::1]:9000"})
        EXPECT_TRUE(is_oidc_url(url)) << url;
    for (const char* url :
         {"",
          "login.example.com",
          "http://login.example.com",
          "http://localhost.evil.example",
          "http://127.0.0.1.evil.example",
          "http://127.0.0.1@evil.example",
          "http://[::2]",
          "http://[::1",
          "http://",
          "https://",
          "https:///a",
          "https://a@b.example",
          "https://a.example#b",
          "https://a.example/ b",
          "ftp://a.example",
          "HTTPS://a.example"})
        EXPECT_FALSE(is_oidc_url(url)) << url;
}

TEST(OidcName, is_fit_for_a_url_and_a_button) {
    for (const char* name : {"a", "corp", "our-corp-2"}) EXPECT_TRUE(is_oidc_name(name)) << name;
    for (const char* name : {"", "Corp", "a.b", "a/b", "a b", "\xc3\xbc", "a_b"})
        EXPECT_FALSE(is_oidc_name(name)) << name;
    EXPECT_FALSE(is_oidc_name(std::string(33, 'a')));
}

}  // namespace
}  // namespace banter::service
