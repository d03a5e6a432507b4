// The header Content-Disposition (RFC 6266), for whatever name a file was given. Pure.
#pragma once

#include <string>
#include <string_view>

namespace banter::net::http {

enum class Disposition {
    attachment,  // to be saved
    inline_      // may be shown in its place
};

/// The header's value: the name as ASCII in `filename`, and where that is not all of it, in UTF-8
/// as `filename*` too. Visible ASCII whatever comes in, and below 1,100 bytes.
[[nodiscard]] std::string content_disposition(Disposition disposition, std::string_view name);

/// `name` as a file may be called on every system: the last segment of a path (of Unix or Windows),
/// without control characters and those that turn the direction of writing (with which "exe.txt"
/// may end in "exe"), without dots or white space at its ends, at most 255 bytes of UTF-8, its
/// ending kept. Control characters and bytes that are no UTF-8 become "_". Where nothing is left:
/// "file".
[[nodiscard]] std::string plain_file_name(std::string_view name);

}  // namespace banter::net::http
