// HMAC-SHA-256 (RFC 2104, RFC 6234): proof that only the holder of a key can make.
#pragma once

#include "service/sha256.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace banter::service {

using MacKey = std::array<std::uint8_t, 32>;

[[nodiscard]] Digest mac(const MacKey& key, std::string_view text);

}  // namespace banter::service
