// What everyone is told: encoded once for the whole process. Pure.
#pragma once

#include "model/event.hpp"
#include "service/file_links.hpp"

#include <string>

namespace banter::api::wire {

/// As everybody gets it whom it concerns.
[[nodiscard]] std::string encode(const model::Event& event, const service::FileLinks& links);
/// What the sessions of the user whom it is about get in its place; empty if that is the same.
[[nodiscard]] std::string encode_own(const model::Event& event);

}  // namespace banter::api::wire
