// A sign-in at an issuer that has begun and not ended: what the browser keeps of it in a cookie, so
// that any node can end it. Pure.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "service/mac.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace banter::service {

struct OidcAttempt {
    /// How long somebody may take to sign in there.
    static constexpr std::chrono::minutes lifetime{10};

    /// Of the issuer.
    std::string name;
    /// RFC 6749 10.12: the answer comes from the browser that asked.
    std::string state;
    /// OpenID Connect Core 15.5.2: the ID token is of this attempt.
    std::string nonce;
    /// RFC 7636: the code is redeemed by who asked for it.
    std::string verifier;
    /// A path of this server's own.
    std::string return_to;
    Timestamp expires_at;

    /// return_to: an is_own_path.
    [[nodiscard]] static OidcAttempt begin(
        std::string name,
        std::string return_to,
        Random& random,
        Timestamp now
    );

    /// As a cookie's value, with a proof that it was made here. Whoever holds it can read it: that
    /// is who signs in.
    [[nodiscard]] std::string sealed(const MacKey& key) const;
    /// Nothing: it was not made with this key, or is over.
    [[nodiscard]] static std::optional<OidcAttempt> open(
        std::string_view sealed,
        const MacKey& key,
        Timestamp now
    );

    /// In a time that says nothing of where they differ.
    [[nodiscard]] bool has_state(std::string_view presented) const;
    /// The code_challenge by S256.
    [[nodiscard]] std::string challenge() const;
};

/// A path with its query and nothing that a browser would take for another host's: it begins with
/// one slash, and has no backslash and nothing else that doesn't belong into a URL.
[[nodiscard]] bool is_own_path(std::string_view text);

}  // namespace banter::service
