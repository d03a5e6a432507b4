// Objects that are being stored, or are stored and not known to the database yet: nothing names
// them, and still they are no orphans.
#pragma once

#include "base/check.hpp"
#include "storage/object_key.hpp"

#include <cstddef>
#include <set>
#include <utility>

namespace banter::storage {

/// Of one loop. It outlives its claims.
class FreshObjects {
public:
    /// A key that no sweep takes while this lives: from before its object is begun until the
    /// database knows it, or it is given up.
    class Claim {
    public:
        Claim() = default;
        Claim(Claim&& other) noexcept
            : among_(std::exchange(other.among_, nullptr)), key_(other.key_) {}
        Claim& operator=(Claim&& other) noexcept {
            std::swap(among_, other.among_);
            std::swap(key_, other.key_);
            return *this;
        }
        ~Claim() {
            if (among_ != nullptr) among_->keys_.erase(key_);
        }

        [[nodiscard]] ObjectKey key() const { return key_; }

    private:
        friend class FreshObjects;
        Claim(FreshObjects& among, ObjectKey key) : among_(&among), key_(key) {}

        FreshObjects* among_ = nullptr;
        ObjectKey key_;
    };

    FreshObjects() = default;
    ~FreshObjects() { CHECK(keys_.empty()); }
    FreshObjects(const FreshObjects&) = delete;
    FreshObjects& operator=(const FreshObjects&) = delete;

    /// A fresh key for an object to come.
    [[nodiscard]] Claim make(Random& random) {
        const ObjectKey key = ObjectKey::make(random);
        keys_.insert(key);
        return {*this, key};
    }

    [[nodiscard]] std::size_t size() const { return keys_.size(); }
    [[nodiscard]] bool has(ObjectKey key) const { return keys_.contains(key); }

private:
    std::set<ObjectKey> keys_;
};

}  // namespace banter::storage
