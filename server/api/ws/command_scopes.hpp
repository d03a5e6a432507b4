// Which scope a bot's token needs for a command. Pure.
#pragma once

#include "api/wire/commands.hpp"
#include "model/scope.hpp"

namespace banter::api::ws {

/// What shows is within Scope::read, as is whatever every connection does.
[[nodiscard]] model::Scope scope_of(const wire::Command& command);

}  // namespace banter::api::ws
