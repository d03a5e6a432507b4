#include "api/http/route_table.hpp"

namespace banter::api::http {

namespace {

bool is_parameter(std::string_view segment) { return segment.starts_with('{'); }

std::vector<std::string_view> segments_of(std::string_view pattern) {
    std::vector<std::string_view> segments;
    while (!pattern.empty()) {
        pattern.remove_prefix(1);  // the slash
        const std::size_t size = std::min(pattern.find('/'), pattern.size());
        segments.push_back(pattern.substr(0, size));
        pattern.remove_prefix(size);
    }
    return segments;
}

bool answers(const Route& route, std::string_view method) {
    if (method == "HEAD") return route.method == "GET" && route.head == Head::as_get;
    return route.method == method;
}

std::string_view methods_of(const Route& route) {
    return answers(route, "HEAD") ? "GET, HEAD" : route.method;
}

}  // namespace

RouteTable::RouteTable(std::span<const Route> routes) : routes_(routes) {
    for (const Route& route : routes_) segments_.push_back(segments_of(route.pattern));
}

bool RouteTable::fits(std::size_t index, const std::vector<std::string>& path) const {
    const auto& segments = segments_[index];
    if (segments.size() != path.size()) return false;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const bool same = is_parameter(segments[i]) ? !path[i].empty() : segments[i] == path[i];
        if (!same) return false;
    }
    return true;
}

Match RouteTable::find(std::string_view method, const std::vector<std::string>& path) const {
    Match match;
    std::string_view pattern;
    for (std::size_t index = 0; index < routes_.size(); ++index) {
        if (!fits(index, path)) continue;
        const Route& route = routes_[index];
        // A path belongs to the first pattern that it fits: a literal segment is no parameter.
        if (pattern.empty()) {
            pattern = route.pattern;
            match.for_servers = route.access == Access::by_signature;
        }
        if (route.pattern != pattern) continue;
        if (answers(route, method)) {
            match.index = index;
            break;
        }
        if (!match.allow.empty()) match.allow += ", ";
        match.allow += methods_of(route);
    }
    if (!match.index) return match;
    match.allow.clear();
    const auto& segments = segments_[*match.index];
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (is_parameter(segments[i])) match.parameters.push_back(path[i]);
    }
    return match;
}

}  // namespace banter::api::http
