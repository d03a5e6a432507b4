// Cookies (RFC 6265): those that are read, and those that are set. Pure.
#pragma once

#include "base/clock.hpp"
#include "net/http/request.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace banter::api::http {

/// The token of a browser session (Clerk's, or an own page's).
inline constexpr std::string_view session_cookie = "__session";

/// The value of the cookie of that name. Nothing if there is none, or more than one: which of them
/// is meant would be for whoever planted the other to decide.
[[nodiscard]] std::optional<std::string> find_cookie(
    const net::http::Request& request,
    std::string_view name
);

/// The cookie that holds the secret with which a new token is had. Scripts can't read it, other
/// sites can't send it, and where people come by https other hosts can't set it.
class RefreshCookie {
public:
    explicit RefreshCookie(bool https) : https_(https) {}

    [[nodiscard]] std::string_view name() const { return https_ ? "__Host-banter" : "banter"; }
    /// The value of Set-Cookie.
    [[nodiscard]] std::string set(std::string_view secret, Timestamp expires_at, Timestamp now)
        const;
    [[nodiscard]] std::string clear() const;

private:
    bool https_;
};

/// The cookie that holds an attempt to sign in at an issuer while its pages are shown. It comes
/// back with the navigation from there, which a strict one would not.
class AttemptCookie {
public:
    explicit AttemptCookie(bool https) : https_(https) {}

    [[nodiscard]] std::string_view name() const {
        return https_ ? "__Host-banter-oidc" : "banter-oidc";
    }
    /// The value of Set-Cookie.
    [[nodiscard]] std::string set(std::string_view attempt, Timestamp expires_at, Timestamp now)
        const;
    [[nodiscard]] std::string clear() const;

private:
    bool https_;
};

}  // namespace banter::api::http
