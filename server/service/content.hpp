// What a client may write into a message, and how a repeated request is known again. Pure.
#pragma once

#include "base/result.hpp"
#include "model/message.hpp"

#include <optional>
#include <string_view>

namespace banter::service {

/// bad_request: no storable text; too_large: above limits::content_bytes_max.
[[nodiscard]] std::optional<Error> mistake_in_content(std::string_view content);

/// bad_request for what is no emoji.
[[nodiscard]] std::optional<Error> mistake_in_emoji(std::string_view emoji);

/// Of everything that the client asked for; the nonce is what it is compared under.
[[nodiscard]] model::RequestHash request_hash(const model::SendMessage& request);

}  // namespace banter::service
