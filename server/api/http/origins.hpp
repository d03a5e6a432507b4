// Which web pages may act in a user's name: their origins (RFC 6454), compared exactly. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::api::http {

/// "https://chat.example:8443" in its one form: lower case, no default port. Nothing for `null`,
/// for a path, a user, white space, any other scheme than http and https, or anything else that is
/// no origin.
[[nodiscard]] std::optional<std::string> normal_origin(std::string_view text);

class Origins {
public:
    struct Own {
        /// Where people reach this server; empty: where it listens.
        std::string public_url;
        /// Numeric addresses that are listened on. An address that stands for all ("0.0.0.0", "::")
        /// counts as loopback: who serves others by other names says so with a public URL.
        std::vector<std::string> listened_addresses;
        std::uint16_t port = 0;
    };

    /// Throws std::invalid_argument with a sentence that names what is no origin.
    Origins(const Own& own, const std::vector<std::string>& allowed);

    /// Whether a page of this origin may act: the server's own, or an allowed one. secure: how the
    /// request came, which is the scheme of where the server listens if there is no public URL.
    [[nodiscard]] bool accepts(std::string_view origin, bool secure = false) const;
    [[nodiscard]] bool is_own(std::string_view origin, bool secure = false) const;
    /// Whether people reach this server by https, so that cookies can be Secure: what the public
    /// URL says, without one how this request came.
    [[nodiscard]] bool https(bool secure = false) const { return https_.value_or(secure); }

private:
    std::vector<std::string> own_;
    /// The same where a request came by https.
    std::vector<std::string> own_secure_;
    std::vector<std::string> allowed_;
    std::optional<bool> https_;
};

}  // namespace banter::api::http
