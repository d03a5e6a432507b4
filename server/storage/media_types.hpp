// Tells what a file is from its first bytes, whatever it is called.
#pragma once

#include "base/task.hpp"

#include <cstddef>
#include <string>

namespace banter::storage {

/// As many bytes as are looked at: archives of office documents tell late what they are.
inline constexpr std::size_t media_type_bytes = 64 * 1024;

class MediaTypes {
public:
    virtual ~MediaTypes() = default;

    /// `type/subtype` in lower case; `application/octet-stream` for what nobody knows.
    ///
    /// head  the first media_type_bytes of it, or all of it
    [[nodiscard]] virtual Task<std::string> detect(std::string head) = 0;
};

}  // namespace banter::storage
