#include "app/file_parts.hpp"

#include "storage/cdn/cloudfront.hpp"
#include "storage/cdn/local.hpp"
#include "storage/disk/object_store.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace banter::app {

namespace {

/// Threads of execution for disks, and how many calls may wait for them.
constexpr std::size_t offload_threads = 4;
constexpr std::size_t offload_waiting_max = 1024;

std::string read_key(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw std::runtime_error(file.string() + " can't be read");
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
}

}  // namespace

FileParts::FileParts(const Config& config, const service::LocalIssuer& issuer)
    : offload_(offload_threads, offload_waiting_max), media_types_(offload_) {
    disk::DiskOptions options;
    options.directory = *config.files_path();
    objects_ = std::make_unique<disk::DiskObjectStore>(options, offload_);
    make_cdn(config, issuer);
}

FileParts::~FileParts() = default;

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
    cdn::CloudFrontOptions options;
    options.origin = config.cdn;
    options.key_pair_id = config.cdn_key_pair_id;
    options.private_key_pem = read_key(config.cdn_key_file);
    options.hash =
        config.cdn_hash == "sha256" ? cdn::SignatureHash::sha256 : cdn::SignatureHash::sha1;
    cdn_ = std::make_unique<cdn::CloudFrontCdn>(std::move(options));
}

storage::FileStorage FileParts::storage_of(std::size_t /*shard*/) {
    return {
        .objects = *objects_,
        .media_types = media_types_,
        .pictures = nullptr,
        .scanner = nullptr,
        .cdn = *cdn_,
        .links = links_,
    };
}

}  // namespace banter::app
