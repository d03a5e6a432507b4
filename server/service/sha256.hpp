// SHA-256 over several values without ambiguity: each text carries its length.
#pragma once

#include "base/openssl.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace banter::service {

using Digest = std::array<std::uint8_t, 32>;

class Sha256 {
public:
    Sha256();

    /// The bytes as they are; for values of one size only, or for one value alone.
    Sha256& bytes(std::span<const std::uint8_t> bytes);
    Sha256& bytes(std::string_view text);
    Sha256& number(std::uint64_t number);
    /// Length, then bytes.
    Sha256& text(std::string_view text);

    /// Once, at the end.
    [[nodiscard]] Digest finish();

private:
    openssl::Digester state_;
};

}  // namespace banter::service
