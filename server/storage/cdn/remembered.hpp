// Links that cost a signature each, made once for as long as they are the same.
#pragma once

#include "storage/cdn.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <string>

namespace banter::cdn {

/// For one shard: as much memory as `count_max` links take, some KiB each at most. A page of
/// pictures is asked for by many within the few minutes in which its links are equal.
class RememberedLinks final : public storage::Cdn {
public:
    RememberedLinks(const storage::Cdn& cdn, std::size_t count_max)
        : cdn_(cdn), count_max_(count_max) {}

    [[nodiscard]] storage::FileLink link(const storage::LinkedFile& file, Timestamp now)
        const override;

private:
    struct Remembered {
        std::string name;
        std::string media_type;
        bool download = false;
        std::string url;
    };
    struct Hash {
        std::size_t operator()(const storage::ObjectKey& key) const;
    };
    using Links = boost::unordered_flat_map<storage::ObjectKey, Remembered, Hash>;

    [[nodiscard]] const std::string* find(const storage::LinkedFile& file) const;
    void keep(const storage::LinkedFile& file, std::string url) const;

    const storage::Cdn& cdn_;
    std::size_t count_max_;
    mutable Timestamp expires_at_;
    /// The newer half, and the half before it.
    mutable Links links_;
    mutable Links older_;
};

}  // namespace banter::cdn
