// Bytes as text: base64url without padding (RFC 4648 5), base64 (RFC 4648 4), lower-case hex,
// percent-encoding.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace banter {

[[nodiscard]] std::string base64url(std::span<const std::uint8_t> bytes);
[[nodiscard]] std::string base64url(std::string_view bytes);
/// Nothing for padding, characters outside the alphabet, an impossible length or stray bits.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

/// With padding.
[[nodiscard]] std::string base64(std::span<const std::uint8_t> bytes);

[[nodiscard]] std::string hex(std::span<const std::uint8_t> bytes);

/// Escapes all bytes but the unreserved ones of RFC 3986 2.3 (`A-Z a-z 0-9 - . _ ~`) and those of
/// `kept`; with upper-case digits.
[[nodiscard]] std::string percent_encoded(std::string_view text, std::string_view kept = {});
/// Decodes %XX; nothing for a broken escape. `+` stays `+`.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace banter
