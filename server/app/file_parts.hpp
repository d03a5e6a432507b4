// Where files lie, who looks into them, and who gives them out: made from the configuration, once
// for the process.
#pragma once

#include "app/config.hpp"
#include "base/budget.hpp"
#include "base/clock.hpp"
#include "base/offload.hpp"
#include "base/sharded.hpp"
#include "net/shards.hpp"
#include "service/local_issuer.hpp"
#include "storage/clamd/scanner.hpp"
#include "storage/magic/media_types.hpp"
#include "storage/storage.hpp"
#include "storage/vips/pictures.hpp"
#include "storage/vips/posters.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace banter::app {

class FileParts {
public:
    /// Throws std::exception with a sentence for the operator, also if a bucket can't be used or no
    /// clamd answers.
    FileParts(
        const Config& config,
        const service::LocalIssuer& issuer,
        net::Shards& shards,
        const Clock& clock
    );
    ~FileParts();

    /// Throws std::exception with a sentence for the operator if a bucket has the files of another
    /// installation. epoch: of this one.
    void claim_bucket(const Config& config, net::Shards& shards, const std::string& epoch);

    /// For one shard.
    [[nodiscard]] storage::FileStorage storage_of(std::size_t shard);
    [[nodiscard]] Sharded<storage::FreshObjects>& fresh_objects() { return fresh_; }
    /// On that shard, after all who use it: ends what it has under way.
    [[nodiscard]] Task<> stop(std::size_t shard);

private:
    /// What a shard has of its own to reach a bucket.
    struct S3Part;

    void make_cdn(const Config& config, const service::LocalIssuer& issuer);
    void reach_bucket(const Config& config, net::Shards& shards, const Clock& clock);
    void reach_scanner(const Config& config, net::Shard& shard);

    Sharded<storage::FreshObjects> fresh_;
    Offload offload_;
    /// What files are is found out here: bytes that take long hold up no disk.
    Offload media_type_offload_;
    magic::MagicMediaTypes media_types_;
    /// Children are waited for here: they take seconds, what is on disk does not.
    Offload picture_offload_;
    vips::VipsPictures pictures_;
    vips::VipsPosters posters_;
    /// On this machine, one for all shards; else one in each S3Part.
    std::unique_ptr<storage::ObjectStore> disk_;
    Budget part_budget_;
    std::vector<std::unique_ptr<S3Part>> s3_;
    /// Null: files aren't looked through.
    std::unique_ptr<clamd::ClamdScanner> scanner_;
    std::unique_ptr<storage::Cdn> cdn_;
    /// One for each shard, where a link costs a signature.
    std::vector<std::unique_ptr<storage::Cdn>> remembered_;
    const storage::LinkVerifier* links_ = nullptr;
};

}  // namespace banter::app
