// What the bytes of a file are called in a store: made by the server, never of anything that a user
// wrote.
#pragma once

#include "base/random.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace banter::model {

/// 128 random bits: fresh without asking anybody, and not to be guessed.
struct ObjectKey {
    std::array<std::uint8_t, 16> bytes{};

    [[nodiscard]] static ObjectKey make(Random& random);
    /// Nothing for anything but 32 lower-case hex digits.
    [[nodiscard]] static std::optional<ObjectKey> parse(std::string_view text);

    /// 32 lower-case hex digits: the same on every file system and in every URL, and in the order
    /// of the keys.
    [[nodiscard]] std::string text() const;

    friend auto operator<=>(const ObjectKey&, const ObjectKey&) = default;
};

}  // namespace banter::model
