// What the HTTP edge knows of this installation beside the services. One for the process, const
// while it serves.
#pragma once

#include "api/http/origins.hpp"
#include "api/http/proxies.hpp"
#include "base/metrics.hpp"
#include "base/offload.hpp"
#include "base/task.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace banter::api::http {

struct Site {
    Origins origins;
    Proxies proxies;
    const metrics::Registry& registry;
    /// Where people reach this server, such as "https://chat.example.com"; links begin with it.
    std::string address;
    /// Per second and user, for `GET /api/config`; 0: no limit.
    double sends_per_second = 0;
    double requests_per_second = 0;
    /// Of one file.
    std::uint64_t file_bytes_max = 0;
    /// The only host whose files are given out under /files, with its port; empty: any by which
    /// this server is reached.
    std::string files_host;
    /// For compressing files on their way.
    Offload* offload = nullptr;
    /// With this bearer token /metrics answers everybody; without it only loopback.
    std::optional<std::string> metrics_token;
    /// Whether requests can be served: the database answers, and the node is not draining.
    std::function<Task<bool>()> ready;
};

}  // namespace banter::api::http
