// Which types of files are taken, and which are pictures. Pure.
#pragma once

#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::service {

/// Patterns are "type/subtype" or "type/*".
struct FileTypeRules {
    /// Empty: all types.
    std::vector<std::string> allowed;
    std::vector<std::string> denied;
};

/// unsupported_media if the rules don't take it.
[[nodiscard]] std::optional<Error> refused_type(
    const FileTypeRules& rules,
    std::string_view media_type
);

/// Pictures that are looked into, and so may be shown.
[[nodiscard]] bool is_picture(std::string_view media_type);

/// Whether whoever calls a file so, or says this of its type, means a picture as is_picture.
[[nodiscard]] bool claims_picture(std::string_view name, std::string_view claimed_type);

}  // namespace banter::service
