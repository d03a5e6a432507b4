// ES256: the vector of RFC 7515 A.3, the bounds of r and s, keys that are none.
#include "service/es256.hpp"

#include "base/encoding.hpp"

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

namespace banter::service {
namespace {

/// A public key from the coordinates of a JWK.
std::shared_ptr<EVP_PKEY> key_of(std::string_view x, std::string_view y) {
    std::string point = "\x04" + from_base64url(x).value() + from_base64url(y).value();
    std::string group = "P-256";
    const std::array<OSSL_PARAM, 3> params{
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY* key = nullptr;
    EVP_PKEY_CTX* const context = EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr);
    EXPECT_EQ(EVP_PKEY_fromdata_init(context), 1);
    const int made = EVP_PKEY_fromdata(
        context, &key, EVP_PKEY_PUBLIC_KEY, const_cast<OSSL_PARAM*>(params.data())
    );
    EXPECT_EQ(made, 1);
    EVP_PKEY_CTX_free(context);
    return {key, EVP_PKEY_free};
}

constexpr std::string_view rfc_x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
constexpr std::string_view rfc_y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
constexpr std::string_view rfc_text =
    "eyJhbGciOiJFUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290"
    "Ijp0cnVlfQ";
constexpr std::string_view rfc_signature =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

TEST(Es256, the_example_of_rfc_7515_verifies) {
    const Es256PublicKey key(key_of(rfc_x, rfc_y));
    const std::string signature = from_base64url(rfc_signature).value();
    EXPECT_TRUE(key.verifies(rfc_text, signature));
    EXPECT_EQ(key.x(), rfc_x);
    EXPECT_EQ(key.y(), rfc_y);
}

TEST(Es256, every_flipped_bit_of_text_or_signature_is_noticed) {
    const Es256PublicKey key(key_of(rfc_x, rfc_y));
    const std::string signature = from_base64url(rfc_signature).value();
    for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
        std::string changed = signature;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_FALSE(key.verifies(rfc_text, changed)) << bit;
    }
    for (std::size_t at = 0; at < rfc_text.size(); at += 7) {
        std::string changed(rfc_text);
        changed[at] = static_cast<char>(changed[at] ^ 1);
        EXPECT_FALSE(key.verifies(changed, signature)) << at;
    }
}

TEST(Es256, a_signature_of_another_size_is_refused) {
    const Es256PublicKey key(key_of(rfc_x, rfc_y));
    const std::string signature = from_base64url(rfc_signature).value();
    EXPECT_FALSE(key.verifies(rfc_text, ""));
    EXPECT_FALSE(key.verifies(rfc_text, signature.substr(0, 63)));
    EXPECT_FALSE(key.verifies(rfc_text, signature + '\0'));
    EXPECT_FALSE(key.verifies(rfc_text, signature + signature));
}

TEST(Es256, r_and_s_outside_of_the_group_are_refused) {
    const Es256PublicKey key(key_of(rfc_x, rfc_y));
    const std::string zero(32, '\0');
    const std::string one = std::string(31, '\0') + '\x01';
    const std::string full(32, '\xff');
    const std::string order = from_base64url("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE").value();
    const std::string signature = from_base64url(rfc_signature).value();
    for (const std::string& r : {zero, one, full, order, signature.substr(0, 32)}) {
        for (const std::string& s : {zero, one, full, order, std::string(32, '\x55')}) {
            EXPECT_FALSE(key.verifies(rfc_text, r + s));
        }
    }
}

TEST(Es256, what_a_new_key_signs_verifies_by_its_public_half_alone) {
    const Es256PrivateKey key(Es256PrivateKey::make_pem());
    const auto own = key.public_key();
    const Es256PublicKey published(key_of(own->x(), own->y()));
    // Some signatures have leading zeros in r or s: enough of them to meet both.
    for (int i = 0; i < 600; ++i) {
        const std::string text = "text " + std::to_string(i);
        const std::string signature = key.sign(text);
        ASSERT_EQ(signature.size(), 64U);
        ASSERT_TRUE(published.verifies(text, signature)) << i;
    }
}

TEST(Es256, a_key_does_not_verify_what_another_signed) {
    const Es256PrivateKey first(Es256PrivateKey::make_pem());
    const Es256PrivateKey second(Es256PrivateKey::make_pem());
    EXPECT_FALSE(second.public_key()->verifies("text", first.sign("text")));
}

TEST(Es256, the_same_pem_gives_the_same_key_and_thumbprint) {
    const std::string pem = Es256PrivateKey::make_pem();
    EXPECT_TRUE(pem.starts_with("-----BEGIN PRIVATE KEY-----"));
    const Es256PrivateKey first(pem);
    const Es256PrivateKey second(pem);
    EXPECT_EQ(first.public_key()->thumbprint(), second.public_key()->thumbprint());
    EXPECT_TRUE(second.public_key()->verifies("text", first.sign("text")));
}

TEST(Es256, text_that_is_no_p256_private_key_is_refused_with_a_sentence) {
    const std::string encrypted =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAg=\n"
        "-----END ENCRYPTED PRIVATE KEY-----\n";
    for (const std::string& pem : {std::string(), std::string("no key"), encrypted}) {
        EXPECT_THROW(const Es256PrivateKey key(pem), std::runtime_error);
    }
}

}  // namespace
}  // namespace banter::service
