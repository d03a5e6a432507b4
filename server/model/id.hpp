// Distinct types for the ids of distinct things. On the wire an id is a UUID in lower-case
// canonical text.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace banter::model {

/// 16 bytes in network order (RFC 9562).
struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

/// Lower-case canonical text: 8-4-4-4-12.
[[nodiscard]] std::string to_string(const Uuid& uuid);
void append_to(std::string& out, const Uuid& uuid);
/// Nothing for anything but canonical text; upper-case digits are accepted and mean the same.
[[nodiscard]] std::optional<Uuid> parse_uuid(std::string_view text);

template <typename Tag>
struct Id {
    Uuid uuid;

    [[nodiscard]] static std::optional<Id> parse(std::string_view text) {
        const auto parsed = parse_uuid(text);
        if (!parsed) return std::nullopt;
        return Id{*parsed};
    }

    [[nodiscard]] std::string text() const { return to_string(uuid); }
    /// The random half is the last 8 bytes, so it alone is a hash.
    [[nodiscard]] std::size_t hash() const {
        std::size_t low;
        std::memcpy(&low, uuid.bytes.data() + 8, sizeof low);
        return low;
    }

    friend auto operator<=>(const Id&, const Id&) = default;
    friend std::size_t hash_value(const Id& id) { return id.hash(); }
};

using UserId = Id<struct UserTag>;
using WorkspaceId = Id<struct WorkspaceTag>;
using ThreadId = Id<struct ThreadTag>;
using MessageId = Id<struct MessageTag>;
/// A sign-in of a user on one device, the `sid` of its tokens.
using SignInId = Id<struct SignInTag>;
using InviteId = Id<struct InviteTag>;
using FileId = Id<struct FileTag>;
using UploadId = Id<struct UploadTag>;
/// Made by the client for one send; unique for its author, for ever.
using Nonce = Id<struct NonceTag>;

/// Makes UUIDv7 (RFC 9562 5.7), ascending within one maker: a counter in the 12 bits after the
/// time.
class IdMaker {
public:
    IdMaker(const Clock& clock, Random& random) : clock_(clock), random_(random) {}

    template <typename Of>
    [[nodiscard]] Of make() {
        return Of{next()};
    }

private:
    [[nodiscard]] Uuid next();

    const Clock& clock_;
    Random& random_;
    std::uint64_t last_ms_ = 0;
    std::uint32_t counter_ = 0;
};

}  // namespace banter::model

template <typename Tag>
struct std::hash<banter::model::Id<Tag>> {
    std::size_t operator()(const banter::model::Id<Tag>& id) const noexcept { return id.hash(); }
};
