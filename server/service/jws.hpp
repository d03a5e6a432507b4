// Signed tokens as text: the compact form of a JSON Web Signature (RFC 7515 7.1), and strict
// readers of what is in one. Pure; nothing here proves anything.
#pragma once

#include "base/clock.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace banter::service::jws {

/// The parts, decoded.
struct Parts {
    std::string header;
    std::string payload;
    std::string signature;
    /// Of the token that was split.
    std::string_view signed_text;
};

struct Header {
    std::string algorithm;
    /// Empty: the token names no key.
    std::string key_id;
};

/// Nothing unless it is three parts of base64url.
[[nodiscard]] std::optional<Parts> split(std::string_view token);

/// Nothing for what is no object, or nests deeper than a token may.
[[nodiscard]] std::optional<boost::json::object> parse_object(std::string_view text);

/// A member that is text: nothing if it is absent, not text, empty, too long or not storable.
[[nodiscard]] std::optional<std::string> text_of(
    const boost::json::object& object,
    std::string_view name
);

/// A member that is the address of a picture (model::is_https_url), which may be longer.
[[nodiscard]] std::optional<std::string> picture_of(const boost::json::object& object);

/// NumericDate (RFC 7519 2): seconds, perhaps with a fraction; nothing beyond the year 9999.
[[nodiscard]] std::optional<Timestamp> time_of(const boost::json::value& value);

/// Nothing if a header is there that changes what the token means, or is malformed. `jku`, `jwk`,
/// `x5u` and whatever else an issuer adds is not looked at.
[[nodiscard]] std::optional<Header> read_header(const boost::json::object& object);

}  // namespace banter::service::jws
