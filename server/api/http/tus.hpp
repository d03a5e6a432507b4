// Headers of the tus protocol, version 1.0 (tus.io/protocols/resumable-upload). Pure.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace banter::api::http::tus {

inline constexpr std::string_view version = "1.0.0";
inline constexpr std::string_view extensions =
    "creation,creation-with-upload,expiration,termination";
inline constexpr std::string_view bytes_type = "application/offset+octet-stream";

/// Decimal digits of a number below 2^63; nothing for anything else, or no header.
[[nodiscard]] std::optional<std::uint64_t> number_of(const std::string* header);

/// What a client says of the file.
struct Metadata {
    /// Of the key `filename`, or `name`; any bytes.
    std::string name;
    /// Of the key `filetype`, or `type`.
    std::string media_type;
};

/// Of Upload-Metadata: keys and base64 values. Keys that nothing is known of are left aside; no
/// header says nothing. Returns bad_request for one that is malformed.
[[nodiscard]] Result<Metadata> metadata_of(const std::string* header);

}  // namespace banter::api::http::tus
