// What a client says of a message: the same members over HTTP and over the socket.
#pragma once

#include "api/wire/fields.hpp"
#include "model/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace banter::api::wire {

/// `content`: at most limits::content_bytes_max bytes.
[[nodiscard]] std::string read_content(Fields& fields);

/// nonce, content, attachments, replyTo.
[[nodiscard]] model::SendMessage read_send(Fields& fields, model::ThreadId thread);
/// content, ifRev.
[[nodiscard]] model::EditMessage read_edit(Fields& fields, model::MessageId message);

/// Why this is no emoji to react with: bad_request.
[[nodiscard]] std::optional<Error> refused_emoji(std::string_view emoji);

}  // namespace banter::api::wire
