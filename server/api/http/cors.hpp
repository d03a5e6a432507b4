// What lets pages of accepted origins use the API (the Fetch standard, "CORS protocol"). Pure.
#pragma once

#include "api/http/origins.hpp"
#include "net/http/request.hpp"
#include "net/http/response.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace banter::api::http {

/// Taken from a request, to be added to its answer, whatever that is.
class Cors {
public:
    /// for_servers: no page asks there.
    Cors(const net::http::Request& request, const Origins& origins, bool for_servers = false);

    /// Under /api, but for what is for servers: says that the answer depends on the Origin, and
    /// lets a page of an accepted one read it, credentials and all. A foreign origin is told
    /// nothing.
    void add_to(net::http::Response& response) const;

private:
    bool concerned_ = false;
    /// That of the request, if it is accepted.
    std::optional<std::string> origin_;
    /// Headers of the answer that the page may read.
    std::string seen_;
};

/// Answers OPTIONS for a path that has `methods`, as they stand in Allow: which requests a page may
/// make. A foreign Origin is refused as forbidden.
[[nodiscard]] net::http::Response preflight(
    const net::http::Request& request,
    const Origins& origins,
    std::string_view methods
);

}  // namespace banter::api::http
