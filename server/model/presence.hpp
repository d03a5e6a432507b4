// Whether a person is there. Never stored.
#pragma once

#include "base/clock.hpp"
#include "model/id.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace banter::model {

/// `offline` is not chosen: it is what a user without connections is.
enum class Presence : std::uint8_t { online, away, dnd, offline };

[[nodiscard]] std::string_view wire_name(Presence presence);
/// Only what a user may choose.
[[nodiscard]] std::optional<Presence> parse_presence(std::string_view name);

struct UserPresence {
    UserId user;
    Presence presence = Presence::offline;
    /// To about a minute; nothing for one who has not been there lately.
    std::optional<Timestamp> last_active_at;
};

}  // namespace banter::model
