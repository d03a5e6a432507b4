// HMAC-SHA-256 against the published vectors, and keys derived for one purpose.
#include "service/mac.hpp"

#include "base/encoding.hpp"
#include "service/es256.hpp"

#include <gtest/gtest.h>

#include <string>

namespace banter::service {
namespace {

TEST(Mac, is_hmac_sha_256) {
    // RFC 4231, test case 1, whose key HMAC fills up with zeros.
    MacKey key{};
    std::fill_n(key.begin(), 20, 0x0b);
    EXPECT_EQ(
        hex(mac(key, "Hi There")),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    );
}

TEST(Mac, a_derived_key_is_the_same_for_the_same_key_and_purpose_only) {
    const std::string pem = Es256PrivateKey::make_pem();
    const MacKey derived = Es256PrivateKey(pem).derive("one purpose");
    EXPECT_EQ(Es256PrivateKey(pem).derive("one purpose"), derived);
    EXPECT_NE(Es256PrivateKey(pem).derive("another"), derived);
    EXPECT_NE(Es256PrivateKey(Es256PrivateKey::make_pem()).derive("one purpose"), derived);
}

}  // namespace
}  // namespace banter::service
