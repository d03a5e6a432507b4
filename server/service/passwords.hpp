// Passwords as Argon2id hashes (RFC 9106) with the parameters OWASP asks for: 19 MiB, two passes.
// Each call computes for some 20 ms: call it off the shards.
#pragma once

#include "base/metrics.hpp"

#include <string>

namespace banter::service {

/// 8 to 1,024 bytes of text: what may become a password.
[[nodiscard]] bool is_password(const std::string& text);

/// In PHC text form, with a salt of its own.
[[nodiscard]] std::string hash_password(const std::string& password);

/// Takes the same work whatever the hash is of.
[[nodiscard]] bool password_matches(const std::string& hash, const std::string& password);

/// A hash of the same cost of a password that nobody knows: verified for handles that don't exist.
[[nodiscard]] const std::string& nobodys_hash();

/// How many passwords were verified since the start, those for unknown handles too.
[[nodiscard]] metrics::Counter& password_verifications();

}  // namespace banter::service
