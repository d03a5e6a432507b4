// Whose the files under a prefix are: an object beside them says so.
#pragma once

#include "storage/s3/endpoint.hpp"

#include <string>
#include <string_view>

namespace banter::s3 {

/// After the prefix. No object of a file is called so (storage/object_key.hpp).
inline constexpr std::string_view owner_name = "banter-owner";

/// Writes that object unless there is one. True: it says `owner`. With `take_over` it is written
/// over if it says something else. Throws StorageFailure.
[[nodiscard]] Task<bool> claim_prefix(Endpoint& endpoint, std::string owner, bool take_over);

}  // namespace banter::s3
