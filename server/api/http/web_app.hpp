// The web app: files that are part of the program, and one page for every address of the app.
#pragma once

#include "net/http/request.hpp"
#include "net/http/response.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace banter::api::http {

/// A file of the app, in as many encodings as it is worth. All of it lives as long as the program.
struct WebAsset {
    /// Without the leading slash: "assets/index-4f2a.js".
    std::string_view path;
    std::string_view media_type;
    /// Its name changes with its content: it may be kept for ever.
    bool immutable = false;
    std::string_view bytes;
    /// Empty: it is not kept compressed.
    std::string_view gzip;
    std::string_view brotli;
    /// Of `bytes`: what its entity tag is.
    std::string_view hash;
};

struct WebAppOptions {
    std::span<const WebAsset> assets;
    /// For script-src: "'sha256-…'" of each script within the page.
    std::string_view script_hashes;
    /// Where files come from if not from this server: "https://files.example.com", or empty.
    std::string files_origin;
    /// Of Clerk's Frontend API, whose script signs people in, or empty.
    std::string clerk_origin{};
};

class WebApp {
public:
    /// Without an index.html there is no app, and nothing is found.
    explicit WebApp(WebAppOptions options);

    /// What a GET or HEAD of a path that is none of the API's gets; nothing if that is no file of
    /// the app and the client wants no page.
    [[nodiscard]] std::optional<net::http::Response> respond(const net::http::Request& request
    ) const;

private:
    [[nodiscard]] const WebAsset* find(const net::http::Request& request) const;
    [[nodiscard]] net::http::Response give(const WebAsset& asset, const net::http::Request& request)
        const;

    std::unordered_map<std::string_view, const WebAsset*> assets_;
    const WebAsset* page_ = nullptr;
    std::string policy_;
};

}  // namespace banter::api::http
