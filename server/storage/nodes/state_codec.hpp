// What nodes tell each other of their own sessions, in bytes.
#pragma once

#include "model/presence.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace banter::nodes {

/// What has become of a user of the node. Offline: the last connection has gone.
struct PresenceNews {
    model::UserPresence user;
    /// The user wants to be shown so.
    bool chosen = false;
};

/// Everybody that the node has, in pieces.
struct PresenceList {
    bool first = false;
    bool last = false;
    std::vector<model::UserPresence> users;
};

/// A node has begun, and has heard of nobody; or it ends.
struct NodeNews {
    bool begins = false;
};

/// Tokens that somebody took from a bucket at the node.
struct TokensTaken {
    std::string key;
    std::uint64_t count = 0;
    /// Thousandths.
    std::uint64_t per_second = 0;
    std::uint64_t burst = 0;
};

struct RateNews {
    std::vector<TokensTaken> taken;
};

using State = std::variant<PresenceNews, PresenceList, NodeNews, RateNews>;

[[nodiscard]] std::string encode_state(const State& state);

/// Nothing if it is none, or one of another layout.
[[nodiscard]] std::optional<State> decode_state(std::string_view bytes);

}  // namespace banter::nodes
