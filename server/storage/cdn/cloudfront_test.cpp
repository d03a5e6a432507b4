// Links to CloudFront: the policy letter by letter, and signatures that the public key verifies, as
// CloudFront would.
#include "storage/cdn/cloudfront.hpp"

#include "base/encoding.hpp"
#include "base/openssl.hpp"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

namespace banter::cdn {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using storage::LinkedFile;
using storage::ObjectKey;

std::string pem_of(EVP_PKEY* key, const EVP_CIPHER* cipher = nullptr) {
    BIO* out = BIO_new(BIO_s_mem());
    unsigned char passphrase[] = "secret";
    const int size = cipher == nullptr ? 0 : 6;
    EXPECT_EQ(PEM_write_bio_PrivateKey(out, key, cipher, passphrase, size, nullptr, nullptr), 1);
    char* text = nullptr;
    const long length = BIO_get_mem_data(out, &text);
    std::string pem(text, static_cast<std::size_t>(length));
    BIO_free(out);
    return pem;
}

/// Making one takes a moment: all tests share it.
EVP_PKEY* key() {
    static const openssl::Key made(EVP_RSA_gen(2048));
    return made.get();
}

std::string base64_of_cloudfront(std::string text) {
    for (char& letter : text) {
        if (letter == '-') {
            letter = '+';
        } else if (letter == '_') {
            letter = '=';
        } else if (letter == '~') {
            letter = '/';
        }
    }
    return text;
}

bool verifies(const std::string& text, const std::string& signature, const EVP_MD* digest) {
    const std::string base64 = base64_of_cloudfront(signature);
    std::string raw(base64.size(), '\0');
    auto* bytes = reinterpret_cast<unsigned char*>(raw.data());
    const int decoded = EVP_DecodeBlock(
        bytes,
        reinterpret_cast<const unsigned char*>(base64.data()),
        static_cast<int>(base64.size())
    );
    const auto padding = std::count(base64.begin(), base64.end(), '=');
    const auto size = static_cast<std::size_t>(decoded - padding);
    const openssl::Digester digester(EVP_MD_CTX_new());
    EXPECT_EQ(EVP_DigestVerifyInit(digester.get(), nullptr, digest, nullptr, key()), 1);
    const auto* signed_text = reinterpret_cast<const unsigned char*>(text.data());
    return EVP_DigestVerify(digester.get(), bytes, size, signed_text, text.size()) == 1;
}

/// The value of a parameter, as it stands in the URL.
std::optional<std::string> parameter(const std::string& url, const std::string& name) {
    std::size_t at = url.find("?" + name + "=");
    if (at == std::string::npos) at = url.find("&" + name + "=");
    if (at == std::string::npos) return std::nullopt;
    at += name.size() + 2;
    return url.substr(at, url.find('&', at) - at);
}

CloudFrontCdn cdn(SignatureHash hash = SignatureHash::sha1) {
    return CloudFrontCdn(
        {"https://d111111abcdef8.cloudfront.net", "K2JCJMDEHXQW5F", pem_of(key()), hash}
    );
}

LinkedFile file(std::string name = "a cat.png", std::string type = "image/png") {
    LinkedFile made;
    made.key = *ObjectKey::parse("00112233445566778899aabbccddeeff");
    made.name = std::move(name);
    made.media_type = std::move(type);
    return made;
}

constexpr Timestamp start{seconds(1'800'000'000)};
constexpr std::chrono::sys_seconds new_year{seconds(1'767'290'400)};

}  // namespace

TEST(CloudFront, the_canned_policy_is_exactly_as_it_is_written_down) {
    EXPECT_EQ(
        canned_policy("https://d111111abcdef8.cloudfront.net/images/cat.png?size=large", new_year),
        R"({"Statement":[{"Resource":"https://d111111abcdef8.cloudfront.net/images/cat.png?size=large",)"
        R"("Condition":{"DateLessThan":{"AWS:EpochTime":1767290400}}}]})"
    );
}

TEST(CloudFront, an_address_gets_end_signature_and_key_after_its_own_query) {
    const std::string plain = "https://d111111abcdef8.cloudfront.net/cat.png";
    const std::string url = cdn().signed_url(plain, new_year);
    EXPECT_TRUE(url.starts_with(plain + "?Expires=1767290400&Signature=")) << url;
    EXPECT_TRUE(url.ends_with("&Key-Pair-Id=K2JCJMDEHXQW5F")) << url;
    const std::string with_query = cdn().signed_url(plain + "?size=large", new_year);
    EXPECT_TRUE(with_query.starts_with(plain + "?size=large&Expires=1767290400&Signature="));
}

TEST(CloudFront, the_signature_is_of_the_policy_by_sha_1_and_means_nothing_in_a_url) {
    const std::string plain = "https://d111111abcdef8.cloudfront.net/cat.png";
    const std::string policy = canned_policy(plain, new_year);
    const auto signature = *parameter(cdn().signed_url(plain, new_year), "Signature");
    EXPECT_EQ(signature.size(), 344U);
    EXPECT_EQ(signature.find_first_of("+=/%&"), std::string::npos);
    EXPECT_TRUE(verifies(policy, signature, EVP_sha1()));
    EXPECT_FALSE(verifies(policy, signature, EVP_sha256()));
    EXPECT_FALSE(verifies(canned_policy(plain, new_year + seconds(1)), signature, EVP_sha1()));
}

TEST(CloudFront, sha_256_is_said_in_the_url) {
    const std::string plain = "https://d111111abcdef8.cloudfront.net/cat.png";
    const std::string url = cdn(SignatureHash::sha256).signed_url(plain, new_year);
    EXPECT_EQ(parameter(url, "Hash-Algorithm"), "SHA256");
    EXPECT_FALSE(parameter(cdn().signed_url(plain, new_year), "Hash-Algorithm"));
    const auto signature = *parameter(url, "Signature");
    EXPECT_TRUE(verifies(canned_policy(plain, new_year), signature, EVP_sha256()));
}

TEST(CloudFront, a_link_names_the_object_and_what_the_answer_is_to_say) {
    const auto link = cdn().link(file(), start);
    const std::string own =
        "https://d111111abcdef8.cloudfront.net/00112233445566778899aabbccddeeff"
        "?response-content-disposition=inline%3B%20filename%3D%22a%20cat.png%22"
        "&response-content-type=image%2Fpng";
    EXPECT_TRUE(link.url.starts_with(own + "&Expires=1800000600&Signature=")) << link.url;
    EXPECT_EQ(link.expires_at, start + minutes(10));
    const std::string policy = canned_policy(own, std::chrono::floor<seconds>(link.expires_at));
    EXPECT_TRUE(verifies(policy, *parameter(link.url, "Signature"), EVP_sha1()));
}

TEST(CloudFront, what_may_not_be_shown_or_is_asked_for_as_a_download_is_saved) {
    const auto said = [](const LinkedFile& linked) {
        const auto url = cdn().link(linked, start).url;
        return *percent_decoded(*parameter(url, "response-content-disposition"));
    };
    EXPECT_EQ(said(file("x.svg", "image/svg+xml")), "attachment; filename=\"x.svg\"");
    LinkedFile picture = file();
    EXPECT_EQ(said(picture), "inline; filename=\"a cat.png\"");
    picture.download = true;
    EXPECT_EQ(said(picture), "attachment; filename=\"a cat.png\"");
}

TEST(CloudFront, a_name_of_any_kind_stays_within_its_parameter) {
    const std::string name = "a\"&Expires=1&Policy=*?\\\r\n\u202e\u00e9.png";
    const auto url = cdn().link(file(name), start).url;
    EXPECT_EQ(parameter(url, "Expires"), "1800000600");
    EXPECT_FALSE(parameter(url, "Policy"));
    EXPECT_EQ(url.find_first_of("*\"\\ \r\n"), std::string::npos);
    EXPECT_EQ(std::count(url.begin(), url.end(), '?'), 1);
}

TEST(CloudFront, links_within_five_minutes_are_equal) {
    const CloudFrontCdn here = cdn();
    const auto first = here.link(file(), start);
    EXPECT_EQ(here.link(file(), start + minutes(5) - std::chrono::milliseconds(1)).url, first.url);
    EXPECT_NE(here.link(file(), start + minutes(5)).url, first.url);
}

TEST(CloudFront, a_key_that_cloudfront_would_not_take_is_refused) {
    const auto refusal = [](const std::string& pem) -> std::string {
        try {
            const CloudFrontKey made(pem);
            return "";
        } catch (const std::runtime_error& error) {
            return error.what();
        }
    };
    EXPECT_EQ(refusal(pem_of(key())), "");
    EXPECT_EQ(refusal(""), "the key for CloudFront is no private key in PEM form");
    EXPECT_EQ(refusal("text"), "the key for CloudFront is no private key in PEM form");
    EXPECT_EQ(
        refusal(pem_of(key(), EVP_aes_128_cbc())),
        "the key for CloudFront is no private key in PEM form"
    ) << "nobody is asked for a passphrase";
    const openssl::Key curve(EVP_EC_gen("P-256"));
    EXPECT_EQ(refusal(pem_of(curve.get())), "the key for CloudFront is no RSA key");
    const openssl::Key small(EVP_RSA_gen(1024));
    EXPECT_EQ(refusal(pem_of(small.get())), "the key for CloudFront has less than 2048 bits");
}

}  // namespace banter::cdn
