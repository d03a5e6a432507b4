#include "storage/cdn/cloudfront.hpp"

#include "base/check.hpp"
#include "base/encoding.hpp"
#include "base/openssl.hpp"
#include "storage/cdn/disposition.hpp"
#include "storage/cdn/expiry.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

namespace banter::cdn {

namespace {

constexpr int key_bits_min = 2048;

using openssl::Bio;
using openssl::Digester;

/// An encrypted key is refused instead of asked about at the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

/// Base64 of which nothing has a meaning in a URL.
std::string cloudfront_base64(const std::vector<std::uint8_t>& bytes) {
    std::string text = base64(bytes);
    for (char& letter : text) {
        if (letter == '+') letter = '-';
        if (letter == '=') letter = '_';
        if (letter == '/') letter = '~';
    }
    return text;
}

}  // namespace

std::string canned_policy(std::string_view url, std::chrono::sys_seconds expires_at) {
    CHECK(url.find_first_of("\"\\") == std::string_view::npos);
    return fmt::format(
        R"({{"Statement":[{{"Resource":"{}","Condition":{{"DateLessThan":{{"AWS:EpochTime":{}}}}}}}]}})",
        url,
        expires_at.time_since_epoch().count()
    );
}

CloudFrontKey::CloudFrontKey(const std::string& pem) {
    const Bio in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    CHECK(in != nullptr);
    key_.reset(PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr), EVP_PKEY_free);
    ERR_clear_error();
    if (key_ == nullptr) {
        throw std::runtime_error("the key for CloudFront is no private key in PEM form");
    }
    if (EVP_PKEY_is_a(key_.get(), "RSA") != 1) {
        throw std::runtime_error("the key for CloudFront is no RSA key");
    }
    if (EVP_PKEY_get_bits(key_.get()) < key_bits_min) {
        throw std::runtime_error("the key for CloudFront has less than 2048 bits");
    }
}

std::string CloudFrontKey::sign(std::string_view text, SignatureHash hash) const {
    const Digester digester(EVP_MD_CTX_new());
    CHECK(digester != nullptr);
    const EVP_MD* digest = hash == SignatureHash::sha1 ? EVP_sha1() : EVP_sha256();
    CHECK(EVP_DigestSignInit(digester.get(), nullptr, digest, nullptr, key_.get()) == 1);
    std::vector<std::uint8_t> signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())));
    std::size_t size = signature.size();
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    CHECK(EVP_DigestSign(digester.get(), signature.data(), &size, bytes, text.size()) == 1);
    signature.resize(size);
    return cloudfront_base64(signature);
}

CloudFrontCdn::CloudFrontCdn(CloudFrontOptions options)
    : origin_(std::move(options.origin)),
      key_pair_id_(std::move(options.key_pair_id)),
      key_(options.private_key_pem),
      hash_(options.hash) {}

storage::FileLink CloudFrontCdn::link(const storage::LinkedFile& file, Timestamp now) const {
    const auto expires_at = link_expiry(now);
    const bool shown = !file.download && may_be_shown(file.media_type);
    const std::string url = fmt::format(
        "{}/{}?response-content-disposition={}&response-content-type={}",
        origin_,
        file.key.text(),
        percent_encoded(content_disposition(file.name, shown)),
        percent_encoded(served_type(file.media_type))
    );
    return {signed_url(url, expires_at), expires_at};
}

std::string CloudFrontCdn::signed_url(const std::string& url, std::chrono::sys_seconds expires_at)
    const {
    std::string out = fmt::format(
        "{}{}Expires={}&Signature={}&Key-Pair-Id={}",
        url,
        url.find('?') == std::string::npos ? '?' : '&',
        expires_at.time_since_epoch().count(),
        key_.sign(canned_policy(url, expires_at), hash_),
        percent_encoded(key_pair_id_)
    );
    if (hash_ == SignatureHash::sha256) out += "&Hash-Algorithm=SHA256";
    return out;
}

}  // namespace banter::cdn
