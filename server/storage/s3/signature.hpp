// Signatures of requests to S3: AWS Signature Version 4, in the Authorization header, in the URL
// ("presigned") and over a body in chunks. Pure: no sockets, no clock.
//
// Source  docs.aws.amazon.com/AmazonS3/latest/API: sig-v4-authenticating-requests, sigv4-streaming
#pragma once

#include "base/clock.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace banter::s3 {

struct Credentials {
    std::string key_id;
    std::string secret;
    /// Of temporary credentials; else empty.
    std::string session_token;
};

/// Where a bucket's name stands: in the host (Amazon's own way) or in the path (most others').
enum class Addressing { virtual_host, path };

/// In the host if it fits there: a DNS label, without a dot, which no wildcard certificate covers.
[[nodiscard]] Addressing preferred_addressing(std::string_view bucket);

struct Bucket {
    std::string name;
    /// Host, with the port unless it is the usual one: "s3.eu-central-1.amazonaws.com".
    std::string endpoint;
    Addressing addressing = Addressing::virtual_host;

    /// For the Host header.
    [[nodiscard]] std::string host() const;
    /// Of an object, or of the bucket itself for an empty key; not yet encoded.
    [[nodiscard]] std::string path(std::string_view key) const;
};

/// A header, or a parameter of the query.
struct Field {
    std::string name;
    std::string value;
};

using Fields = std::vector<Field>;

/// For a body whose hash isn't known before it is sent, over a transport that protects it.
inline constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";
/// For a body that is sent as ChunkSigner says.
inline constexpr std::string_view streamed_payload = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
/// For a body of these bytes: SHA-256 in hex.
[[nodiscard]] std::string payload_hash(std::string_view body);

struct Request {
    std::string method;
    std::string host;
    /// From "/" on; not yet encoded, as the query isn't.
    std::string path;
    Fields query;
    /// All are signed, so all have to be sent just so. Without Host.
    Fields headers;
};

/// Path and query as they are signed, and so as they are to be sent: each segment encoded once,
/// nothing normalised, parameters in order.
[[nodiscard]] std::string target_of(const Request& request);

/// What is signed of a request, and the names of its headers. `headers` are all of them.
struct Canonical {
    std::string text;
    std::string signed_headers;
};

[[nodiscard]] Canonical canonical(
    const Request& request,
    const Fields& headers,
    std::string_view payload
);

using Digest = std::array<std::uint8_t, 32>;

/// `day`: YYYYMMDD.
[[nodiscard]] Digest signing_key(
    std::string_view secret,
    std::string_view day,
    std::string_view region
);

/// Signs a body piece by piece ("aws-chunked"), so that none of it is held back for a hash of all.
class ChunkSigner {
public:
    /// seed  the signature in the headers of the request
    ChunkSigner(const Digest& key, std::string time, std::string scope, std::string seed);

    /// The line before `chunk` in the body; after the chunk follows "\r\n". All chunks but the last
    /// two have at least 8 KiB; the last is empty.
    [[nodiscard]] std::string line_before(std::string_view chunk);

private:
    Digest key_;
    std::string time_;
    std::string scope_;
    std::string previous_;
};

/// Content-Length of `size` bytes that are sent in chunks of `chunk_size` and the empty one; `size`
/// itself goes into x-amz-decoded-content-length.
[[nodiscard]] std::uint64_t streamed_size(std::uint64_t size, std::uint64_t chunk_size);

/// A presigned URL lives at most so long.
inline constexpr std::chrono::seconds presigned_life_max{7 * 24 * 3600};

class Signer {
public:
    Signer(Credentials credentials, std::string region);

    struct Signed {
        /// All that are to be sent: those of the request, Host, those that the signature needs, and
        /// Authorization.
        Fields headers;
        std::string signature;
    };

    /// payload  payload_hash of the body, unsigned_payload or streamed_payload
    /// now      by at most 15 minutes wrong
    [[nodiscard]] Signed sign(const Request& request, std::string_view payload, Timestamp now)
        const;

    /// The target of a request that whoever holds it may make from `now` on for `life`, with the
    /// headers of `request` and its Host. Ends earlier if temporary credentials do.
    ///
    /// life  1 s to presigned_life_max
    [[nodiscard]] std::string presign(
        const Request& request,
        Timestamp now,
        std::chrono::seconds life
    ) const;

    /// For the body of a request that was signed at `now` with streamed_payload.
    [[nodiscard]] ChunkSigner chunks(const Signed& head, Timestamp now) const;

private:
    [[nodiscard]] std::string scope(std::string_view day) const;
    [[nodiscard]] std::string signature(const Canonical& request, std::string_view time) const;

    Credentials credentials_;
    std::string region_;
};

}  // namespace banter::s3
