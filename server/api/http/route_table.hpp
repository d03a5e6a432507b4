// Method and path -> route. Pure.
#pragma once

#include "api/http/routes.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::api::http {

struct Match {
    /// Place in the table; nothing if no route has this path, or none of those that do has the
    /// method.
    std::optional<std::size_t> index;
    std::vector<std::string> parameters;
    /// Whether other servers send to the path, by whichever method: no page asks there.
    bool for_servers = false;
    /// The value of Allow if the path is known and the method isn't; else empty.
    std::string allow;
};

class RouteTable {
public:
    explicit RouteTable(std::span<const Route> routes);

    /// path: decoded segments. HEAD is looked up as GET, where that is so (Route::head). The first
    /// pattern in the table's order that fits the path is taken.
    [[nodiscard]] Match find(std::string_view method, const std::vector<std::string>& path) const;

    [[nodiscard]] const Route& operator[](std::size_t index) const { return routes_[index]; }
    [[nodiscard]] std::size_t size() const { return routes_.size(); }

private:
    [[nodiscard]] bool fits(std::size_t index, const std::vector<std::string>& path) const;

    std::span<const Route> routes_;
    std::vector<std::vector<std::string_view>> segments_;
};

}  // namespace banter::api::http
