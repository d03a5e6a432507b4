// Part of an object that is read from S3; where the connection breaks it goes on over another.
#pragma once

#include "storage/object_store.hpp"
#include "storage/s3/endpoint.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace banter::s3 {

/// Of an object: how large it is. Nothing if there is none.
[[nodiscard]] Task<std::optional<std::uint64_t>> load_size(Endpoint& endpoint, std::string key);

/// Nothing if there is no such object.
[[nodiscard]] Task<std::unique_ptr<storage::ObjectReader>> open_object(
    Endpoint& endpoint,
    std::string key,
    storage::ByteRange range
);

}  // namespace banter::s3
