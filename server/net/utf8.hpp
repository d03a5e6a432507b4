// Validity of UTF-8 that arrives in pieces (Unicode 15, table 3-7). Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace banter::net {

/// Finds the first wrong byte as soon as it is there, so that a session can be failed at once.
class Utf8Validator {
public:
    /// False: what came so far is not the beginning of any valid text.
    [[nodiscard]] bool feed(std::string_view bytes);
    /// Whether the text may end here.
    [[nodiscard]] bool complete() const { return state_ == 0; }

private:
    std::uint8_t state_ = 0;
};

[[nodiscard]] bool is_valid_utf8(std::string_view text);

}  // namespace banter::net
