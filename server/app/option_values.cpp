#include "app/option_values.hpp"

#include "api/http/origins.hpp"
#include "base/encoding.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <sstream>

namespace banter::app {

std::vector<std::string> split(const std::string& list) {
    std::vector<std::string> parts;
    std::stringstream stream(list);
    for (std::string part; std::getline(stream, part, ',');) {
        if (!part.empty()) parts.push_back(part);
    }
    return parts;
}

std::string joined(const std::vector<std::string>& parts) {
    return fmt::format("{}", fmt::join(parts, ","));
}

std::string host_of(std::string_view text) {
    const std::size_t scheme = text.find("://");
    if (scheme != std::string_view::npos) text.remove_prefix(scheme + 3);
    if (text.starts_with('[')) return std::string(text.substr(1, text.find(']') - 1));
    return std::string(text.substr(0, text.find(':')));
}

bool is_loopback(const std::string& host) {
    if (host == "localhost") return true;
    boost::system::error_code failure;
    const auto address = boost::asio::ip::make_address(host, failure);
    return !failure && address.is_loopback();
}

bool is_origin(std::string_view text) { return api::http::normal_origin(text).has_value(); }

bool is_postgres_url(std::string_view value) {
    return value.starts_with("postgresql://") || value.starts_with("postgres://");
}

std::string without_password(std::string url) {
    constexpr std::string_view parameter = "password=";
    for (std::size_t at = url.find(parameter); at != std::string::npos;
         at = url.find(parameter, at + parameter.size())) {
        const std::size_t value = at + parameter.size();
        url.replace(value, std::min(url.find('&', value), url.size()) - value, "…");
    }
    const std::size_t authority = url.find("://") + 3;
    const std::size_t at = url.find('@', authority);
    const std::size_t colon = url.find(':', authority);
    if (at == std::string::npos || colon == std::string::npos || colon > at) return url;
    return url.substr(0, colon + 1) + "…" + url.substr(at);
}

std::string set_origins(std::vector<std::string>& field, const std::string& value) {
    for (const std::string& origin : split(value)) {
        if (!is_origin(origin)) return fmt::format("has {} in it, which is no origin", origin);
    }
    field = split(value);
    return {};
}

namespace {

bool is_safe_origin(const std::string& value) {
    return is_origin(value) && (value.starts_with("https://") || is_loopback(host_of(value)));
}

}  // namespace

std::string set_safe_origin(std::string& field, const std::string& value) {
    if (!is_safe_origin(value)) return "has to be an origin with https, or http on this machine";
    field = value;
    return {};
}

std::string set_issuer(std::string& field, const std::string& value) {
    if (!is_safe_origin(value))
        return "has to be the Frontend API URL of the instance, such as https://clerk.example.com";
    field = value;
    return {};
}

std::string frontend_api_of(std::string_view publishable_key) {
    constexpr std::size_t prefix_bytes = std::string_view("pk_live_").size();
    std::string text(publishable_key.substr(std::min(prefix_bytes, publishable_key.size())));
    text.erase(text.find_last_not_of('=') + 1);
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    auto host = from_base64url(text);
    if (!host || !host->ends_with('$')) return {};
    host->pop_back();
    return "https://" + *host;
}

std::string set_publishable_key(std::string& field, const std::string& value) {
    const bool is_named = value.starts_with("pk_live_") || value.starts_with("pk_test_");
    if (!is_named || !is_origin(frontend_api_of(value)))
        return "has to be the publishable key of the instance, such as pk_live_…";
    field = value;
    return {};
}

std::string set_existing(std::filesystem::path& field, const std::string& value) {
    field = value;
    std::error_code unseen;
    return std::filesystem::exists(value, unseen) ? "" : "does not exist";
}

std::string set_truth(bool& field, const std::string& value) {
    if (value != "true" && value != "false") return "has to be true or false";
    field = value == "true";
    return {};
}

}  // namespace banter::app
