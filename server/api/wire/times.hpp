// Times on the wire (RFC 3339). Pure.
#pragma once

#include "base/clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace banter::api::wire {

/// `"2026-11-22T06:30:00.123Z"`, in its quotes.
void append_time(std::string& out, Timestamp time);
/// The same, or `null`.
void append_time(std::string& out, std::optional<Timestamp> time);

/// RFC 3339: "2026-11-22T06:30:00Z", with a fraction of up to nine digits and any offset. Nothing
/// for anything else, also for a day or time that doesn't exist.
[[nodiscard]] std::optional<Timestamp> parse_time(std::string_view text);

}  // namespace banter::api::wire
