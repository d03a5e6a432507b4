#include "storage/cdn/remembered.hpp"

#include "storage/cdn/expiry.hpp"

#include <cstring>
#include <utility>

namespace banter::cdn {

/// Keys are random.
std::size_t RememberedLinks::Hash::operator()(const storage::ObjectKey& key) const {
    std::size_t hash = 0;
    std::memcpy(&hash, key.bytes.data(), sizeof hash);
    return hash;
}

storage::FileLink RememberedLinks::link(const storage::LinkedFile& file, Timestamp now) const {
    const Timestamp expires_at = link_expiry(now);
    if (std::exchange(expires_at_, expires_at) != expires_at) {
        links_.clear();
        older_.clear();
    }
    if (const std::string* url = find(file)) return {*url, expires_at};
    storage::FileLink made = cdn_.link(file, now);
    keep(file, made.url);
    return made;
}

const std::string* RememberedLinks::find(const storage::LinkedFile& file) const {
    for (const Links* links : {&links_, &older_}) {
        const auto found = links->find(file.key);
        if (found != links->end() && found->second.name == file.name &&
            found->second.media_type == file.media_type &&
            found->second.download == file.download) {
            return &found->second.url;
        }
    }
    return nullptr;
}

/// Those that were made long ago give way, and never all at once.
void RememberedLinks::keep(const storage::LinkedFile& file, std::string url) const {
    if (links_.size() >= count_max_ / 2) {
        older_ = std::move(links_);
        links_ = {};
    }
    links_.insert_or_assign(
        file.key, Remembered{file.name, file.media_type, file.download, std::move(url)}
    );
}

}  // namespace banter::cdn
