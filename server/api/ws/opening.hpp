// What is known of a WebSocket connection when it opens, from its upgrade request.
#pragma once

#include "base/result.hpp"
#include "service/caller.hpp"

#include <optional>
#include <string>

namespace banter::api::ws {

struct Opening {
    /// The outcome of the token in the header or cookie; nothing if there was none: then `connect`
    /// has to come.
    std::optional<Result<service::SignedIn>> signed_in;
    /// False: the client asked for a protocol that isn't spoken here.
    bool protocol_spoken = true;
    /// The peer's address, for the limits on failed tokens.
    std::string peer;
};

}  // namespace banter::api::ws
