#include "api/http/web_app.hpp"

#include "base/text.hpp"
#include "net/http/accept_encoding.hpp"

#include <fmt/format.h>

#include <utility>

namespace banter::api::http {

namespace {

using net::http::Request;
using net::http::Response;

constexpr std::string_view page_name = "index.html";
/// Where Clerk has the pictures of its users.
constexpr std::string_view clerk_pictures = "https://img.clerk.com";

std::string after_space(std::string_view source) {
    return source.empty() ? "" : " " + std::string(source);
}

/// Nothing runs, loads or frames the app but what it brings itself, the files of messages, and
/// Clerk's script where people sign in by it (CSP level 3).
std::string policy_with(const WebAppOptions& options) {
    const bool has_clerk = !options.clerk_origin.empty();
    return fmt::format(
        "default-src 'none'; script-src 'self'{0}{2}; style-src 'self'; img-src 'self'{1}{3} blob: "
        "data:; connect-src 'self'{1}{2}; worker-src 'self'; manifest-src 'self'; font-src 'self'; "
        "media-src 'self'{1} blob:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
        "require-trusted-types-for 'script'",
        after_space(options.script_hashes),
        after_space(options.files_origin),
        after_space(options.clerk_origin),
        after_space(has_clerk ? clerk_pictures : "")
    );
}

std::string path_of(const Request& request) {
    std::string path;
    for (const std::string& segment : request.path) {
        if (!path.empty()) path += '/';
        path += segment;
    }
    return path;
}

bool wants_page(const Request& request) {
    const std::string* accept = request.headers.find("Accept");
    return accept != nullptr && accept->find("text/html") != std::string::npos;
}

/// These belong to the API, whatever the client would like to see.
bool is_of_the_api(const Request& request) {
    if (request.path.empty()) return false;
    const std::string& first = request.path.front();
    return first == "api" || first == "files" || first == "ws" || first == ".well-known";
}

/// If-None-Match names this entity tag, weakly compared (RFC 9110 13.1.2).
bool has_it_already(const Request& request, std::string_view etag) {
    for (std::string_view line : request.headers.find_all("If-None-Match")) {
        while (!line.empty()) {
            std::string_view tag = trimmed(take_until(line, ','));
            if (tag == "*") return true;
            if (tag.starts_with("W/")) tag.remove_prefix(2);
            if (tag == etag) return true;
        }
    }
    return false;
}

struct Encoded {
    std::string_view bytes;
    /// As Content-Encoding has it; empty: as it is.
    std::string_view coding;
};

Encoded encoded_for(const Request& request, const WebAsset& asset) {
    if (!asset.brotli.empty() && net::http::accepts_coding(request, "br")) {
        return {asset.brotli, "br"};
    }
    if (!asset.gzip.empty() && net::http::accepts_coding(request, "gzip"))
        return {asset.gzip, "gzip"};
    return {asset.bytes, ""};
}

}  // namespace

WebApp::WebApp(WebAppOptions options) : policy_(policy_with(options)) {
    for (const WebAsset& asset : options.assets) assets_.emplace(asset.path, &asset);
    const auto page = assets_.find(page_name);
    if (page != assets_.end()) page_ = page->second;
}

const WebAsset* WebApp::find(const Request& request) const {
    const auto found = assets_.find(path_of(request));
    if (found != assets_.end()) return found->second;
    return wants_page(request) ? page_ : nullptr;
}

std::optional<Response> WebApp::respond(const Request& request) const {
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (page_ == nullptr || !reads || is_of_the_api(request)) return std::nullopt;
    const WebAsset* asset = find(request);
    if (asset == nullptr) return std::nullopt;
    return give(*asset, request);
}

Response WebApp::give(const WebAsset& asset, const Request& request) const {
    const Encoded encoded = encoded_for(request, asset);
    const std::string etag = encoded.coding.empty()
                                 ? fmt::format("\"{}\"", asset.hash)
                                 : fmt::format("\"{}-{}\"", asset.hash, encoded.coding);
    Response response = Response::empty(has_it_already(request, etag) ? 304 : 200);
    auto& headers = response.headers;
    headers.set("ETag", etag);
    headers.set("Vary", "Accept, Accept-Encoding");
    headers.set(
        "Cache-Control", asset.immutable ? "public, max-age=31536000, immutable" : "no-cache"
    );
    headers.set("Content-Security-Policy", policy_);
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Referrer-Policy", "same-origin");
    if (response.status == 304) return response;
    headers.set("Content-Type", std::string(asset.media_type));
    if (!encoded.coding.empty()) headers.set("Content-Encoding", std::string(encoded.coding));
    response.body = encoded.bytes;
    return response;
}

}  // namespace banter::api::http
