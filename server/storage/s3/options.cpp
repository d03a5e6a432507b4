#include "storage/s3/options.hpp"

#include "base/encoding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace banter::s3 {

namespace {

constexpr std::string_view scheme = "s3://";
constexpr std::string_view form =
    "s3://BUCKET/PREFIX?endpoint=https://HOST:PORT&region=REGION&style=path";
/// S3 allows keys of 1,024 bytes.
constexpr std::size_t prefix_bytes_max = 512;
constexpr std::string_view usual_region = "us-east-1";

Error wrong(std::string text) { return Error{Errc::bad_request, std::move(text)}; }

bool is_lower_or_digit(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
}

bool consists_of(std::string_view text, std::string_view more, bool upper) {
    return std::all_of(text.begin(), text.end(), [&](char letter) {
        return is_lower_or_digit(letter) || (upper && letter >= 'A' && letter <= 'Z') ||
               more.find(letter) != std::string_view::npos;
    });
}

bool is_bucket(std::string_view name) {
    return name.size() >= 3 && name.size() <= 63 && consists_of(name, ".-", false) &&
           is_lower_or_digit(name.front()) && is_lower_or_digit(name.back());
}

bool is_prefix(std::string_view prefix) {
    if (prefix.size() > prefix_bytes_max || !consists_of(prefix, "._/-", true)) return false;
    // Some services and proxies take such segments for ways through folders.
    const std::string whole = "/" + std::string(prefix);
    return whole.find("//") == std::string::npos && whole.find("/./") == std::string::npos &&
           whole.find("/../") == std::string::npos;
}

bool is_port(std::string_view text) {
    unsigned port = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
    return failure == std::errc() && end == text.data() + text.size() && port > 0 && port < 65536;
}

/// A name, an IPv4 address or an IPv6 address in brackets; with a port or without.
bool is_host(std::string_view host) {
    std::size_t name_end = host.find(':');
    if (host.starts_with('[')) {
        const std::size_t bracket = host.find(']');
        if (bracket == std::string_view::npos || bracket < 3) return false;
        if (host.substr(1, bracket - 1).find_first_not_of("0123456789abcdefABCDEF:.") !=
            std::string_view::npos) {
            return false;
        }
        name_end = bracket + 1;
    } else if (!consists_of(host.substr(0, name_end), ".-_", true) || name_end == 0) {
        return false;
    }
    name_end = std::min(name_end, host.size());
    const std::string_view port = host.substr(name_end);
    return !host.empty() && (port.empty() || (port.front() == ':' && is_port(port.substr(1))));
}

struct Parameters {
    std::optional<std::string> endpoint;
    std::optional<std::string> region;
    std::optional<std::string> style;
};

Result<Parameters> parse_parameters(std::string_view query) {
    Parameters found;
    while (!query.empty()) {
        const std::string_view one = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), one.size() + 1));
        const std::string_view name = one.substr(0, one.find('='));
        const auto value = percent_decoded(one.substr(std::min(one.size(), name.size() + 1)));
        std::optional<std::string>* place = nullptr;
        if (name == "endpoint") place = &found.endpoint;
        if (name == "region") place = &found.region;
        if (name == "style") place = &found.style;
        if (place == nullptr) {
            return wrong(fmt::format(
                "has a parameter \"{}\" that is none of endpoint, region and style", name
            ));
        }
        if (!value || value->empty()) return wrong(fmt::format("gives {} no value", name));
        if (*place) return wrong(fmt::format("gives {} twice", name));
        *place = *value;
    }
    return found;
}

/// Sets tls and the endpoint; returns what is wrong with it, or nothing.
std::string set_endpoint(S3Options& options, std::string_view endpoint) {
    options.tls = endpoint.starts_with("https://");
    if (!options.tls && !endpoint.starts_with("http://")) {
        return "has an endpoint without https:// or http:// in front";
    }
    endpoint.remove_prefix(endpoint.find("//") + 2);
    if (endpoint.ends_with('/')) endpoint.remove_suffix(1);
    if (!is_host(endpoint)) {
        return "has an endpoint that is not https://HOST:PORT; the bucket goes in front of the ?";
    }
    const std::string_view usual_port = options.tls ? ":443" : ":80";
    if (endpoint.ends_with(usual_port)) endpoint.remove_suffix(usual_port.size());
    options.bucket.endpoint = endpoint;
    return {};
}

std::string set_parameters(S3Options& options, const Parameters& parameters) {
    options.region = parameters.region.value_or("");
    if (!consists_of(options.region, "-", false)) {
        return "has a region that is none, such as eu-central-1";
    }
    if (parameters.endpoint) {
        if (options.region.empty()) options.region = usual_region;
        options.bucket.addressing = Addressing::path;
        std::string trouble = set_endpoint(options, *parameters.endpoint);
        if (!trouble.empty()) return trouble;
    } else {
        if (options.region.empty()) {
            return "needs region=, such as eu-central-1, or the endpoint= of another service";
        }
        options.bucket.endpoint = "s3." + options.region + ".amazonaws.com";
        options.bucket.addressing = preferred_addressing(options.bucket.name);
    }
    if (!parameters.style) return {};
    if (*parameters.style != "path" && *parameters.style != "virtual") {
        return "has a style that is neither path nor virtual";
    }
    options.bucket.addressing =
        *parameters.style == "path" ? Addressing::path : Addressing::virtual_host;
    return {};
}

}  // namespace

std::string S3Options::origin() const { return (tls ? "https://" : "http://") + bucket.host(); }

Result<S3Options> parse_options(std::string_view url) {
    if (!url.starts_with(scheme)) return wrong(fmt::format("is not {}", form));
    url.remove_prefix(scheme.size());
    const std::string_view place = url.substr(0, url.find('?'));
    const std::string_view query = url.substr(std::min(url.size(), place.size() + 1));
    S3Options options;
    options.bucket.name = place.substr(0, place.find('/'));
    if (!is_bucket(options.bucket.name)) {
        return wrong(fmt::format(
            "names the bucket \"{}\"; names have 3 to 63 of a-z, 0-9, . and -", options.bucket.name
        ));
    }
    options.prefix = place.substr(std::min(place.size(), options.bucket.name.size() + 1));
    if (!options.prefix.empty() && !options.prefix.ends_with('/')) options.prefix += '/';
    if (!is_prefix(options.prefix)) {
        return wrong("has a prefix that is not of a-z, A-Z, 0-9, ., _, - and single slashes");
    }
    const auto parameters = parse_parameters(query);
    if (!parameters) return parameters.error();
    const std::string trouble = set_parameters(options, *parameters);
    if (!trouble.empty()) return wrong(trouble);
    return options;
}

}  // namespace banter::s3
