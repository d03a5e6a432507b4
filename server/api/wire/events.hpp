// What everyone is told: encoded once for the whole process. Pure.
#pragma once

#include "model/event.hpp"

#include <string>

namespace banter::api::wire {

[[nodiscard]] std::string encode(const model::Event& event);

}  // namespace banter::api::wire
