// Types of files by libmagic, the library of file(1).
#pragma once

#include "base/offload.hpp"
#include "storage/media_types.hpp"

#include <string>

namespace banter::magic {

/// One serves all loops. The library's database is read at the first question. One takes up to some
/// milliseconds, which hostile bytes can make of it: `offload` had better be nobody else's.
class MagicMediaTypes final : public storage::MediaTypes {
public:
    explicit MagicMediaTypes(Offload& offload) : offload_(offload) {}

    /// Throws StorageFailure: storage_unavailable if the library's database can't be read; busy.
    [[nodiscard]] Task<std::string> detect(std::string head) override;

private:
    Offload& offload_;
};

}  // namespace banter::magic
