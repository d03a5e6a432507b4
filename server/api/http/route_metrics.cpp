#include "api/http/route_metrics.hpp"

#include <string>

namespace banter::api::http {

namespace {

/// "GET /api/threads/:threadId"
std::string label_of(const Route& route) {
    std::string label(route.method);
    label += ' ';
    for (const char letter : route.pattern) {
        if (letter == '{') {
            label += ':';
        } else if (letter != '}') {
            label += letter;
        }
    }
    return label;
}

constexpr double seconds_per_microsecond = 1e-6;

}  // namespace

RouteMetrics::RouteMetrics(std::span<const Route> routes, metrics::Registry& registry) {
    const auto add = [&](const std::string& route) {
        Histograms& histograms = by_route_.emplace_back();
        std::size_t at = 0;
        for (const char* status : {"2xx", "4xx", "5xx"}) {
            const std::string labels = "route=\"" + route + "\",status=\"" + status + "\"";
            histograms[at++] = &registry.histogram(
                "banter_http_request_seconds",
                "Time from a whole request to its response",
                seconds_per_microsecond,
                labels
            );
        }
    };
    for (const Route& route : routes) add(label_of(route));
    add("none");
}

void RouteMetrics::observe(
    std::optional<std::size_t> route,
    int status,
    std::chrono::nanoseconds took
) {
    const Histograms& histograms = by_route_[route.value_or(by_route_.size() - 1)];
    const std::size_t kind = status >= 500 ? 2 : status >= 400 ? 1 : 0;
    const auto microseconds = std::chrono::ceil<std::chrono::microseconds>(took).count();
    histograms[kind]->observe(static_cast<std::uint64_t>(microseconds));
}

}  // namespace banter::api::http
