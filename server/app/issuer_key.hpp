// The key file of the local issuer, made at the first use, and tokens made from it without a
// server.
#pragma once

#include "app/config.hpp"
#include "service/local_issuer.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace banter::app {

/// Made, if it isn't there, for this user only.
void make_data_directory(const std::filesystem::path& data);

/// Reads `DIR/issuer-key.pem`, or makes it (mode 0600; two makers at once agree on one).
/// Throws std::runtime_error with a sentence for the operator.
[[nodiscard]] service::LocalIssuer open_issuer(const std::filesystem::path& data);

/// The key of the installation in the database at `url`, which all its nodes share: the first one's
/// file, which the others get. Throws std::runtime_error: the directory has the key of another
/// installation.
[[nodiscard]] service::LocalIssuer open_shared_issuer(
    const std::filesystem::path& data,
    const std::string& url
);

/// The text of that file. Throws std::runtime_error if it can't be read.
[[nodiscard]] std::string read_issuer_key(const std::filesystem::path& data);

/// The tokens that `banter token` prints: one for the subject, or `count` for NAME0 … NAME(count -
/// 1).
[[nodiscard]] std::vector<std::string> make_tokens(
    const service::LocalIssuer& issuer,
    const Invocation& invocation,
    Timestamp now
);

}  // namespace banter::app
