// What the HTTP edge knows of this installation beside the services. One for the process, const
// while it serves.
#pragma once

#include "api/http/origins.hpp"
#include "api/http/proxies.hpp"
#include "base/budget.hpp"
#include "base/metrics.hpp"
#include "base/offload.hpp"
#include "base/task.hpp"
#include "net/http/request.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace banter::api::http {

class WebApp;

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
    /// For `GET /api/config`; empty: nobody signs in at Clerk from a page.
    std::string clerk_publishable_key{};
    /// The only host whose files are given out under /files, with its port; empty: any by which
    /// this server is reached.
    std::string files_host;
    /// For the files that are on their way to clients from this machine's disk.
    Budget& downloads;
    /// For compressing files on their way.
    Offload* compressing = nullptr;
    /// What people see who open the address in a browser; null: nothing.
    const WebApp* web_app = nullptr;
    /// With this bearer token /metrics answers everybody; without it only loopback.
    std::optional<std::string> metrics_token;
    /// Whether requests can be served: the database answers, and the node is not draining.
    std::function<Task<bool>()> ready;

    /// Whether files have a host of their own, and the request is to that.
    [[nodiscard]] bool is_to_files_host(const net::http::Request& request) const;
};

}  // namespace banter::api::http
