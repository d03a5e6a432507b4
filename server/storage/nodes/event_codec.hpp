// An event as nodes hand it to each other: a number for its layout, then its fields in their order.
//
// What another layout wrote (a node of another version, while a cluster is being updated) is
// nothing: who gets it reads the log instead, as after any loss.
#pragma once

#include "model/event.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace banter::nodes {

[[nodiscard]] std::string encode(const model::Event& event);

/// Nothing if it is no event, or one of another layout.
[[nodiscard]] std::optional<model::Event> decode(std::string_view bytes);

}  // namespace banter::nodes
