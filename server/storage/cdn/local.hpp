// The CDN that this server is itself: links to `/files/…` that it signs and knows again. Pure.
//
//   /files/KEY?name=NAME&type=TYPE[&download=1]&expires=SECONDS&signature=HMAC
//
// Everything before `&signature=` is signed, byte for byte.
#pragma once

#include "storage/cdn.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace banter::cdn {

/// Where the links lead.
inline constexpr std::string_view local_path = "/files/";

class LocalCdn final : public storage::Cdn, public storage::LinkVerifier {
public:
    /// The same on all nodes; whoever has it reads every file whose key is known.
    using Key = std::array<std::uint8_t, 32>;

    /// origin  scheme and host, without a slash at the end, of a name by which this server is
    ///         reached, better one without cookies; or empty, for links relative to the API's own
    LocalCdn(const Key& key, std::string origin);

    [[nodiscard]] storage::FileLink link(const storage::LinkedFile& file, Timestamp now)
        const override;
    [[nodiscard]] std::optional<storage::SignedFile> verify(std::string_view target, Timestamp now)
        const override;

private:
    [[nodiscard]] std::array<std::uint8_t, 32> mac(std::string_view text) const;

    Key key_;
    std::string origin_;
};

}  // namespace banter::cdn
