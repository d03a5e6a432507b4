// Text that came from outside: UTF-8, lengths, handles.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace banter::model {

/// Well-formed UTF-8 (RFC 3629: no surrogates, nothing above U+10FFFF, shortest form) without
/// U+0000, which PostgreSQL can't store.
[[nodiscard]] bool is_storable_text(std::string_view text);

/// Shortens text that is well-formed to at most so many bytes, between two characters.
void cut(std::string& text, std::size_t bytes_max);

/// Of text that is well-formed.
[[nodiscard]] std::size_t code_points(std::string_view text);

/// 2 to 32 of [a-z0-9._-].
[[nodiscard]] bool is_handle(std::string_view text);

/// Line breaks, tabs and the like.
[[nodiscard]] bool has_controls(std::string_view text);

/// 1 to 80 code points, of which one can be seen, no control characters.
[[nodiscard]] bool is_name(std::string_view text);

/// At most 500 code points of storable text, no control characters but line feeds; may be empty.
[[nodiscard]] bool is_topic(std::string_view text);
/// An absolute link by https to a host that is named: printable ASCII without spaces, quotes and
/// brackets, without a user's name in it; at most limits::avatar_url_bytes_max.
[[nodiscard]] bool is_https_url(std::string_view text);

/// One emoji as a reaction: 1 to 64 bytes, no ASCII letters, spaces or control characters; `:name:`
/// of [a-z0-9_+-] is one too.
[[nodiscard]] bool is_emoji(std::string_view text);

}  // namespace banter::model
