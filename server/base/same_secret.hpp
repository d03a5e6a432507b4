// Comparing what nobody may find out piece by piece.
#pragma once

#include <openssl/crypto.h>

#include <string_view>

namespace banter {

/// In a time that says nothing of where the two differ, only of whether they are of one length.
[[nodiscard]] inline bool same_secret(std::string_view left, std::string_view right) {
    return left.size() == right.size() &&
           CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace banter
