#include "service/oidc_attempt.hpp"

#include "base/ascii.hpp"
#include "base/encoding.hpp"
#include "base/same_secret.hpp"
#include "base/text.hpp"
#include "service/sha256.hpp"

#include <algorithm>
#include <charconv>

namespace banter::service {

namespace {

constexpr std::size_t secret_bytes = 32;
constexpr std::size_t path_bytes_max = 1024;
constexpr char between = '.';
/// RFC 3986 3.3 and 3.4, beside letters and digits.
constexpr std::string_view path_marks = "-._~!$&'()*+,;=:@/?%";

std::string secret(Random& random) { return base64url(random.bytes<secret_bytes>()); }

std::optional<Timestamp> time_of(std::string_view text) {
    std::int64_t milliseconds = 0;
    const char* const end = text.data() + text.size();
    const auto [last, failure] = std::from_chars(text.data(), end, milliseconds);
    if (failure != std::errc() || last != end) return std::nullopt;
    return Timestamp(std::chrono::milliseconds(milliseconds));
}

}  // namespace

OidcAttempt OidcAttempt::begin(
    std::string name,
    std::string return_to,
    Random& random,
    Timestamp now
) {
    return {
        .name = std::move(name),
        .state = secret(random),
        .nonce = secret(random),
        .verifier = secret(random),
        .return_to = std::move(return_to),
        .expires_at = now + lifetime,
    };
}

std::string OidcAttempt::sealed(const MacKey& key) const {
    // No part has a dot in it.
    std::string text = name;
    for (const std::string& part :
         {state,
          nonce,
          verifier,
          base64url(return_to),
          std::to_string(expires_at.time_since_epoch().count())}) {
        text += between + part;
    }
    return text + between + base64url(mac(key, text));
}

std::optional<OidcAttempt> OidcAttempt::open(
    std::string_view sealed,
    const MacKey& key,
    Timestamp now
) {
    const std::size_t end = sealed.rfind(between);
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view text = sealed.substr(0, end);
    if (!same_secret(sealed.substr(end + 1), base64url(mac(key, text)))) return std::nullopt;
    OidcAttempt attempt;
    for (std::string* part : {&attempt.name, &attempt.state, &attempt.nonce, &attempt.verifier})
        *part = take_until(text, between);
    const auto path = from_base64url(take_until(text, between));
    const auto expiry = time_of(text);
    if (!path || !expiry || *expiry <= now) return std::nullopt;
    attempt.return_to = *path;
    attempt.expires_at = *expiry;
    return attempt;
}

bool OidcAttempt::has_state(std::string_view presented) const {
    return same_secret(state, presented);
}

std::string OidcAttempt::challenge() const {
    return base64url(Sha256().bytes(std::string_view(verifier)).finish());
}

bool is_own_path(std::string_view text) {
    if (!text.starts_with('/') || text.starts_with("//") || text.size() > path_bytes_max)
        return false;
    return std::ranges::all_of(text, [](char letter) {
        return is_letter_or_digit(letter) || path_marks.find(letter) != std::string_view::npos;
    });
}

}  // namespace banter::service
