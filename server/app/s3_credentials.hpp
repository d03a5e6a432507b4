// The key for S3: from the environment, or from a file that somebody else may renew.
#pragma once

#include "storage/s3/signature.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace banter::app {

/// Of the profile "default", or of the first one, in a file as Amazon's tools write it
/// (docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html). Throws std::runtime_error
/// with what is missing.
[[nodiscard]] s3::Credentials parse_credentials(std::string_view text);

/// Asked before each request. file: looked at again whenever it has changed; while it can't be
/// read the last key counts. Empty: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.
/// For one shard. Throws std::runtime_error with a sentence for the operator.
[[nodiscard]] std::function<s3::Credentials()> s3_credentials(const std::filesystem::path& file);

}  // namespace banter::app
