// Who a message's content mentions: <@userId>, <!channel>, <!here>. Pure and linear in the content.
#pragma once

#include "storage/message_store.hpp"

#include <string_view>

namespace banter::service {

/// At most limits::mentions_max different users, in the order of their first mention; more is left
/// out.
[[nodiscard]] storage::MentionCandidates mentions_in(std::string_view content);

}  // namespace banter::service
