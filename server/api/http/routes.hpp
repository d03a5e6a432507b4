// The whole HTTP interface as one table: what there is, who may ask, and what a request may hold.
#pragma once

#include "api/http/exchange.hpp"
#include "api/http/query.hpp"
#include "base/task.hpp"
#include "model/scope.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace banter::api::http {

using Handler = Task<Answer> (*)(Exchange exchange);

/// Who may ask. It stands in the table, so that no spelling of a path can change it; what says
/// nothing asks for a token.
enum class Access : std::uint8_t {
    signed_in,
    anyone,
    /// Acts by a cookie that browsers add by themselves: needs X-Requested-With, and no foreign
    /// Origin.
    own_page,
    /// Peers on loopback, and who has the token for metrics.
    operators,
    /// Other servers, whose signature the handler checks: no token, cookie or Origin is looked at.
    by_signature,
};

/// Of a body of Access::by_signature.
inline constexpr std::size_t hook_bytes_max = 256 * 1024;

enum class Body : std::uint8_t {
    /// Nothing, or an empty JSON object.
    none,
    /// application/json
    json,
    /// Nothing, or application/json
    optional_json,
    /// Bytes that the handler takes as they come, and whose form it checks.
    streamed,
};

/// By which limit a signed-in caller's requests are counted.
enum class Limit : std::uint8_t {
    requests,
    /// Counted by the service that sends.
    sends,
};

/// Whether HEAD is answered as GET is. Where GET acts it is refused: programs that look at links
/// before people open them send it.
enum class Head : std::uint8_t {
    as_get,
    refused,
};

struct Route {
    std::string_view method;
    /// "/api/threads/{threadId}/messages"
    std::string_view pattern;
    Handler handler;
    Access access = Access::signed_in;
    Body body = Body::none;
    QueryNames query = {};
    Limit limit = Limit::requests;
    Head head = Head::as_get;
    /// What a bot's token needs for it; nothing: no such token does.
    std::optional<model::Scope> scope{};
};

/// HEAD is not listed: see Route::head.
[[nodiscard]] std::span<const Route> routes();

}  // namespace banter::api::http
