// How long requests took, by route and kind of answer.
#pragma once

#include "api/http/routes.hpp"
#include "base/metrics.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace banter::api::http {

/// banter_http_request_seconds{route="GET /api/threads/:threadId",status="2xx"}; what fits no route
/// has route="none". Ids never become labels.
class RouteMetrics {
public:
    RouteMetrics(std::span<const Route> routes, metrics::Registry& registry);

    /// route: its place in the table.
    void observe(std::optional<std::size_t> route, int status, std::chrono::nanoseconds took);

private:
    /// 1xx to 3xx count as 2xx: nothing here is refused with them.
    using Histograms = std::array<metrics::Histogram*, 3>;

    std::vector<Histograms> by_route_;  // the last one is for what fits no route
};

}  // namespace banter::api::http
