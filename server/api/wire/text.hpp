// Texts and numbers as JSON. Pure appending to a string.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace banter::api::wire {

/// `"…"` with the escapes of RFC 8259; the text is well-formed UTF-8.
void append_quoted(std::string& out, std::string_view text);
void append_number(std::string& out, std::uint64_t number);

}  // namespace banter::api::wire
