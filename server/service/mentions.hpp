// Who a message's content mentions: <@userId>, <!channel>, <!here>. Pure and linear in the content.
#pragma once

#include "storage/message_store.hpp"

#include <string_view>

namespace banter::service {

/// Different users in the order of their first mention, at most limits::mentions_max and one more,
/// by which too many are known.
[[nodiscard]] storage::MentionCandidates mentions_in(std::string_view content);

}  // namespace banter::service
