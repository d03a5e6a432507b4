// Ids that anybody can make of what they stand for: the first half of a hash.
#pragma once

#include "service/sha256.hpp"

#include <algorithm>

namespace banter::service {

template <typename Id>
[[nodiscard]] Id hashed_id(const Digest& digest) {
    Id id;
    std::copy_n(digest.begin(), id.uuid.bytes.size(), id.uuid.bytes.begin());
    return id;
}

}  // namespace banter::service
