// Where files are kept at a service that speaks S3, as an operator writes it:
// s3://BUCKET/PREFIX?endpoint=https://host:port&region=…&style=path|virtual. Pure.
#pragma once

#include "base/result.hpp"
#include "storage/s3/signature.hpp"

#include <string>
#include <string_view>

namespace banter::s3 {

struct S3Options {
    Bucket bucket;
    bool tls = true;
    std::string region;
    /// Before each object's key: empty, or it ends with "/".
    std::string prefix;

    /// Of the service, or of the bucket if its name stands in the host: "https://host:port".
    [[nodiscard]] std::string origin() const;
};

/// Without an endpoint it is Amazon's of the region. With one, the region is "us-east-1" if nothing
/// is said, and the bucket's name stands in the path.
///
/// Returns  bad_request: the detail is a sentence on what to change
[[nodiscard]] Result<S3Options> parse_options(std::string_view url);

}  // namespace banter::s3
