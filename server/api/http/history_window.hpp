// Which part of a thread's history a request asks for, and the cursor that goes on from it. Pure.
#pragma once

#include "base/result.hpp"
#include "net/http/request.hpp"
#include "service/messages.hpp"

#include <optional>
#include <string>

namespace banter::api::http {

/// before, after, around (a seq), at (a time) or a cursor; at most one of them. None: the newest.
[[nodiscard]] Result<storage::HistoryPlace> read_place(const net::http::Request& request);

/// Where the same request would go on: to newer messages from `after`, `at` and their cursors, to
/// older ones from everything else. Nothing if there is nothing more there.
[[nodiscard]] std::optional<std::string> next_cursor(
    const storage::HistoryPlace& place,
    const service::MessagesPage& page
);

}  // namespace banter::api::http
