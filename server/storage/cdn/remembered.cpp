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
    if (std::exchange(expires_at_, expires_at) != expires_at || links_.size() >= count_max_) {
        links_.clear();
    }
    const auto found = links_.find(file.key);
    if (found != links_.end() && found->second.name == file.name &&
        found->second.media_type == file.media_type && found->second.download == file.download) {
        return {found->second.url, expires_at};
    }
    storage::FileLink made = cdn_.link(file, now);
    links_.insert_or_assign(
        file.key, Remembered{file.name, file.media_type, file.download, made.url}
    );
    return made;
}

}  // namespace banter::cdn
