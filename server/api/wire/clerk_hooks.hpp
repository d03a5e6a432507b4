// Bodies of the web hooks of Clerk (clerk.com/docs/webhooks): JSON text -> what they tell. Pure.
#pragma once

#include "base/result.hpp"
#include "service/clerk_event.hpp"

#include <string_view>

namespace banter::api::wire {

/// body: verified. Members that nobody asked for are passed over, as Clerk adds some with time, and
/// so are events of kinds that are not known. Returns bad_request: it is no event, or says not of
/// whom.
[[nodiscard]] Result<service::ClerkEvent> read_clerk_hook(std::string_view body);

}  // namespace banter::api::wire
