#include "app/file_parts.hpp"

#include "app/read_file.hpp"
#include "app/s3_credentials.hpp"
#include "base/random.hpp"
#include "base/task_group.hpp"
#include "net/http/client.hpp"
#include "storage/cdn/cloudfront.hpp"
#include "storage/cdn/local.hpp"
#include "storage/cdn/remembered.hpp"
#include "storage/disk/object_store.hpp"
#include "storage/s3/object_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace banter::app {

namespace {

/// Threads of execution for disks, and how many calls may wait for them.
constexpr std::size_t offload_threads = 4;
constexpr std::size_t offload_waiting_max = 1024;
/// Two inspections, a rendering, and what comes in and goes out meanwhile.
constexpr std::size_t picture_threads = 4;
/// Uploads that wait to be told what they are: some milliseconds each.
constexpr std::size_t media_types_waiting_max = 256;

/// What uploads to S3 take up in memory, all together: some forty of any size.
constexpr std::uint64_t part_bytes_in_all = 512 * 1024 * 1024;

/// Signed links that a shard remembers: some MiB.
constexpr std::size_t links_max = 10'000;

}  // namespace

struct FileParts::S3Part {
    S3Part(const Config& config, net::Shard& shard, const Clock& clock, Budget& budget)
        : client(shard.executor(), shard.limits()),
          reading(shard.executor(), shard.limits()),
          endings(shard.executor()),
          store(
              s3::parse_options(config.files).value(),
              {.client = client,
               .reading = reading,
               .credentials = s3_credentials(config.s3_credentials_file),
               .clock = clock,
               .random = random,
               .part_budget = budget},
              endings
          ) {}

    SystemRandom random;
    net::http::Client client;
    net::http::Client reading;
    TaskGroup endings;
    s3::S3ObjectStore store;
};

FileParts::FileParts(
    const Config& config,
    const service::LocalIssuer& issuer,
    net::Shards& shards,
    const Clock& clock
)
    : fresh_(shards.loops(), [](std::size_t) { return std::make_unique<storage::FreshObjects>(); }),
      offload_(offload_threads, offload_waiting_max),
      media_type_offload_(1, media_types_waiting_max),
      media_types_(media_type_offload_),
      picture_offload_(picture_threads, offload_waiting_max),
      pictures_(
          {.spool_directory = config.data / "pictures", .workers = vips::default_workers()},
          picture_offload_
      ),
      posters_(vips::default_posters(), pictures_, picture_offload_),
      part_budget_(part_bytes_in_all) {
    if (const auto path = config.files_path()) {
        disk::DiskOptions options;
        options.directory = *path;
        disk_ = std::make_unique<disk::DiskObjectStore>(options, offload_);
    } else {
        reach_bucket(config, shards, clock);
    }
    if (!config.clamd.empty()) reach_scanner(config, shards[0]);
    make_cdn(config, issuer);
    if (links_ != nullptr) return;
    for (std::size_t i = 0; i < shards.size(); ++i) {
        remembered_.push_back(std::make_unique<cdn::RememberedLinks>(*cdn_, links_max));
    }
}

FileParts::~FileParts() = default;

void FileParts::reach_bucket(const Config& config, net::Shards& shards, const Clock& clock) {
    for (std::size_t i = 0; i < shards.size(); ++i) {
        s3_.push_back(std::make_unique<S3Part>(config, shards[i], clock, part_budget_));
    }
    auto checking = s3_.front()->store.check();
    asio::co_spawn(shards[0].executor(), std::move(checking), asio::use_future).get();
}

void FileParts::claim_bucket(const Config& config, net::Shards& shards, const std::string& epoch) {
    if (s3_.empty()) return;
    auto claiming = s3_.front()->store.claim(epoch, config.files_take_over);
    const bool ours =
        asio::co_spawn(shards[0].executor(), std::move(claiming), asio::use_future).get();
    if (ours) return;
    throw std::runtime_error(
        "files has the files of another server, or of this one before it was restored or given a "
        "new epoch: give this server a prefix of its own, or, if no other server uses that one, "
        "start once with --files-take-over"
    );
}

void FileParts::reach_scanner(const Config& config, net::Shard& shard) {
    scanner_ = std::make_unique<clamd::ClamdScanner>(clamd::parse_address(config.clamd).value());
    auto checking = scanner_->check();
    asio::co_spawn(shard.executor(), std::move(checking), asio::use_future).get();
}

Task<> FileParts::stop(std::size_t shard) {
    if (s3_.empty()) co_return;
    // What is left in the bucket, a sweep finds.
    s3_[shard]->endings.cancel();
    co_await s3_[shard]->endings.wait();
}

void FileParts::make_cdn(const Config& config, const service::LocalIssuer& issuer) {
    if (config.cdn.empty()) {
        const std::string& origin =
            config.files_origin.empty() ? config.public_url : config.files_origin;
        auto local = std::make_unique<cdn::LocalCdn>(issuer.derive_key("files"), origin);
        links_ = local.get();
        cdn_ = std::move(local);
        return;
    }
    if (config.cdn_key_pair_id.empty() || config.cdn_key_file.empty()) {
        throw std::runtime_error("cdn needs cdn-key-pair-id and cdn-key-file");
    }
    if (disk_ != nullptr) {
        throw std::runtime_error("a cdn gives out what lies in a bucket: set files to s3://BUCKET");
    }
    cdn::CloudFrontOptions options;
    options.origin = config.cdn;
    options.key_pair_id = config.cdn_key_pair_id;
    options.private_key_pem = read_file(config.cdn_key_file);
    options.hash =
        config.cdn_hash == "sha256" ? cdn::SignatureHash::sha256 : cdn::SignatureHash::sha1;
    cdn_ = std::make_unique<cdn::CloudFrontCdn>(std::move(options));
}

storage::FileStorage FileParts::storage_of(std::size_t shard) {
    storage::ObjectStore& objects = s3_.empty() ? *disk_ : s3_[shard]->store;
    return {
        .objects = objects,
        .fresh = fresh_.local(shard),
        .media_types = media_types_,
        .pictures = &pictures_,
        .posters = &posters_,
        .scanner = scanner_.get(),
        .cdn = remembered_.empty() ? *cdn_ : *remembered_[shard],
        .links = links_,
    };
}

}  // namespace banter::app
