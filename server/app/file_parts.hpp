// Where files lie, who looks into them, and who gives them out: made from the configuration, once
// for the process.
#pragma once

#include "app/config.hpp"
#include "base/offload.hpp"
#include "service/local_issuer.hpp"
#include "storage/magic/media_types.hpp"
#include "storage/storage.hpp"

#include <cstddef>
#include <memory>

namespace banter::app {

class FileParts {
public:
    /// Throws std::exception with a sentence for the operator.
    FileParts(const Config& config, const service::LocalIssuer& issuer);
    ~FileParts();

    /// For one shard.
    [[nodiscard]] storage::FileStorage storage_of(std::size_t shard);

private:
    void make_cdn(const Config& config, const service::LocalIssuer& issuer);

    Offload offload_;
    magic::MagicMediaTypes media_types_;
    std::unique_ptr<storage::ObjectStore> objects_;
    std::unique_ptr<storage::Cdn> cdn_;
    const storage::LinkVerifier* links_ = nullptr;
};

}  // namespace banter::app
