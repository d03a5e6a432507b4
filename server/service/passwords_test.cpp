// Passwords: hashed with what OWASP asks for, and the same work for nobody's as for somebody's.
#include "service/passwords.hpp"

#include <gtest/gtest.h>
#include <sodium/crypto_pwhash.h>

namespace banter::service {
namespace {

TEST(Passwords, a_hash_matches_its_password_only) {
    const std::string hash = hash_password("correct horse");
    EXPECT_TRUE(password_matches(hash, "correct horse"));
    EXPECT_FALSE(password_matches(hash, "correct horse "));
    EXPECT_FALSE(password_matches(hash, ""));
}

TEST(Passwords, the_same_password_has_another_hash_each_time) {
    EXPECT_NE(hash_password("correct horse"), hash_password("correct horse"));
}

TEST(Passwords, a_hash_is_argon2id_with_19_mib_and_two_passes) {
    EXPECT_TRUE(hash_password("correct horse").starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

TEST(Passwords, nobodys_hash_costs_what_every_other_costs_and_has_no_known_password) {
    const std::string parameters = "$argon2id$v=19$m=19456,t=2,p=1$";
    EXPECT_TRUE(nobodys_hash().starts_with(parameters));
    EXPECT_EQ(nobodys_hash().size(), hash_password("x").size());
    // 0: these are the parameters asked for; anything else would be verified at another cost or not
    // at all.
    EXPECT_EQ(crypto_pwhash_str_needs_rehash(nobodys_hash().c_str(), 2, 19 * 1024 * 1024), 0);
    EXPECT_FALSE(password_matches(nobodys_hash(), ""));
    EXPECT_FALSE(password_matches(nobodys_hash(), "password"));
}

TEST(Passwords, every_verification_is_counted) {
    const auto before = password_verifications().value();
    (void)password_matches(nobodys_hash(), "x");
    (void)password_matches("no hash", "x");
    EXPECT_EQ(password_verifications().value(), before + 2);
}

TEST(Passwords, a_password_may_hold_any_bytes) {
    const std::string password("a\0b", 3);
    const std::string hash = hash_password(password);
    EXPECT_TRUE(password_matches(hash, password));
    EXPECT_FALSE(password_matches(hash, "a"));
}

}  // namespace
}  // namespace banter::service
