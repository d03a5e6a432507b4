// Makes pictures that stand for files which are none: the first page of a PDF, a moment of a video.
// Where a hostile file can reach nothing, as with pictures.hpp.
//
// Every call may throw StorageFailure: busy (too much is waiting), storage_unavailable,
// storage_full.
#pragma once

#include "base/task.hpp"
#include "model/file.hpp"
#include "storage/object_store.hpp"
#include "storage/pictures.hpp"

#include <memory>
#include <string_view>

namespace banter::storage {

class Posters {
public:
    virtual ~Posters() = default;

    /// Whether it is worth trying with files of this type, on this machine.
    [[nodiscard]] virtual bool can_draw(std::string_view media_type) const = 0;

    /// A picture as if it had come in; it is to be looked into like any. Nothing if none can be
    /// made of the file, for whatever is wrong with it.
    ///
    /// file     its media type, size and object count
    /// objects  where its bytes lie
    [[nodiscard]] virtual Task<std::unique_ptr<IncomingPicture>> draw(
        const model::File& file,
        ObjectStore& objects
    ) = 0;
};

}  // namespace banter::storage
