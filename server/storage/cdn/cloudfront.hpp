// Links to Amazon CloudFront, signed with a canned policy: one object, until one time. Pure.
//
// The distribution has the key's public half in a key group, and passes the query parameters
// `response-content-disposition` and `response-content-type` on to S3 (both in the cache's key),
// which answers with what they say.
//
// Source  docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide:
//         private-content-creating-signed-url-canned-policy
#pragma once

#include "storage/cdn.hpp"

#include <openssl/evp.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace banter::cdn {

/// SHA-1 is what CloudFront takes if nothing else is said.
enum class SignatureHash { sha1, sha256 };

/// The policy that is signed and not sent: no white space, in this order.
///
/// url  with its own query; no quotes or backslashes, which have no place in a URL
[[nodiscard]] std::string canned_policy(std::string_view url, std::chrono::sys_seconds expires_at);

/// An RSA key as CloudFront's key groups have them.
class CloudFrontKey {
public:
    /// The text of a PEM file, not encrypted. Throws std::runtime_error, which says what is wrong
    /// with it, for anything but an RSA key of at least 2048 bits.
    explicit CloudFrontKey(const std::string& pem);

    /// RSASSA-PKCS1-v1_5, in CloudFront's base64 (`-` for `+`, `_` for `=`, `~` for `/`): 344
    /// characters for a key of 2048 bits. Costs about a millisecond.
    [[nodiscard]] std::string sign(std::string_view text, SignatureHash hash) const;

private:
    std::shared_ptr<EVP_PKEY> key_;
};

struct CloudFrontOptions {
    /// What stands before "/KEY" in a link: "https://d111111abcdef8.cloudfront.net", perhaps with a
    /// path.
    std::string origin;
    /// The public key's id at CloudFront.
    std::string key_pair_id;
    std::string private_key_pem;
    SignatureHash hash = SignatureHash::sha1;
};

class CloudFrontCdn final : public storage::Cdn {
public:
    /// Throws as CloudFrontKey does.
    explicit CloudFrontCdn(CloudFrontOptions options);

    [[nodiscard]] storage::FileLink link(const storage::LinkedFile& file, Timestamp now)
        const override;

    /// `url`, which may have a query of its own but none of CloudFront's parameters, signed.
    [[nodiscard]] std::string signed_url(
        const std::string& url,
        std::chrono::sys_seconds expires_at
    ) const;

private:
    std::string origin_;
    std::string key_pair_id_;
    CloudFrontKey key_;
    SignatureHash hash_;
};

}  // namespace banter::cdn
