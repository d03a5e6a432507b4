// What a token is limited to: within it, it may do what its user may.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace banter::model {

enum class Scope : std::uint8_t {
    /// See what the user sees, and hear of it on the socket.
    read,
    /// Messages, reactions, files, typing, read markers and the own presence.
    write,
    /// Make, change, join and leave threads, and say who is in them.
    threads,
    /// The own name, picture and status.
    profile,
    /// Change other users, and invite some, as far as the user's role goes.
    admin,
};

inline constexpr std::array all_scopes = {
    Scope::read,
    Scope::write,
    Scope::threads,
    Scope::profile,
    Scope::admin,
};

[[nodiscard]] std::string_view wire_name(Scope scope);
[[nodiscard]] std::optional<Scope> parse_scope(std::string_view name);

/// A set of them, a bit for each.
class Scopes {
public:
    constexpr Scopes() = default;
    /// Bits that mean nothing are left out.
    constexpr explicit Scopes(std::uint64_t bits)
        : bits_(static_cast<std::uint8_t>(bits & every_bit)) {}

    constexpr void add(Scope scope) { bits_ |= bit_of(scope); }
    [[nodiscard]] constexpr bool has(Scope scope) const { return (bits_ & bit_of(scope)) != 0; }
    [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
    [[nodiscard]] constexpr std::uint64_t bits() const { return bits_; }

    friend constexpr bool operator==(const Scopes&, const Scopes&) = default;

private:
    static constexpr std::uint8_t bit_of(Scope scope) {
        return static_cast<std::uint8_t>(1U << static_cast<unsigned>(scope));
    }
    static constexpr std::uint64_t every_bit = (1U << all_scopes.size()) - 1;

    std::uint8_t bits_ = 0;
};

}  // namespace banter::model
