// The public keys of an issuer as it publishes them: a JWK set (RFC 7517 5). Pure.
#pragma once

#include "base/result.hpp"
#include "service/tokens.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace banter::service {

struct NamedKey {
    std::string id;  // the `kid` of a token's header
    std::shared_ptr<const VerificationKey> key;
};

using KeySet = std::vector<NamedKey>;

/// What an issuer publishes is not believed to be small or well formed.
inline constexpr std::size_t key_set_bytes_max = 64 * 1024;
inline constexpr std::size_t keys_max = 16;

/// What else is taken from a set than RSA keys that have a name.
struct KeySetRules {
    /// Keys on P-256, for ES256.
    bool elliptic = false;
    /// One key without a `kid`; its id is empty.
    bool nameless = false;
};

/// Takes the keys for RS256 signatures, and for ES256 where the rules say so, and leaves out what
/// is for something else. Without one such key, or with more than keys_max of whatever kind, it is
/// an error: bad_request with a detail for the operator. A key that is said to be for that and is
/// too short or malformed is one too: the set is not what the issuer meant.
[[nodiscard]] Result<KeySet> parse_key_set(std::string_view text, KeySetRules rules = {});

/// Null: there is none of this id.
[[nodiscard]] std::shared_ptr<const VerificationKey> find_key(
    const KeySet& keys,
    std::string_view id
);

}  // namespace banter::service
