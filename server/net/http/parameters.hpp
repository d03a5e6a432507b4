// Parameters behind a header's value: `; name=value; name="quoted value"` (RFC 9110 5.6.6). Pure.
#pragma once

#include <string>
#include <string_view>

namespace banter::net::http {

struct Parameter {
    /// A token, in lower case.
    std::string name;
    /// Without quotes. `\"` and `\\` stand for `"` and `\`; any other backslash is itself, as
    /// programs that send a path of Windows mean it.
    std::string value;
};

enum class NextParameter { there, end, malformed };

/// Takes the next parameter, with the `;` before it, off `text`. Empty ones (`;;`) are passed over.
/// Malformed: a missing `;`, `=` or quote, a name or an unquoted value that is no token, white
/// space around `=`.
[[nodiscard]] NextParameter take_parameter(std::string_view& text, Parameter& parameter);

}  // namespace banter::net::http
