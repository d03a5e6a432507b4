// Who has a slot of a cluster, for tests: taken from everybody, and given back however a test ends.
#pragma once

#include "storage/redis/slots.hpp"
#include "storage/redis/testing/server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace banter::redis {

/// As this server sees it; nothing: nobody.
inline std::optional<Place> owner_seen_by(const TestServer& server, std::size_t slot) {
    const auto map = SlotMap::parse(server.tell({"CLUSTER", "SLOTS"}), server.place());
    if (!map) throw std::runtime_error("that is no answer to CLUSTER SLOTS");
    const Place* owner = map->owner(slot);
    return owner == nullptr ? std::nullopt : std::optional(*owner);
}

/// Has every server of the cluster see that this one has the slot; nothing: that nobody has. What
/// servers told each other before may still be on its way, and put another one in its place.
inline void settle_owner(
    const RedisOptions& options,
    std::size_t slot,
    const std::optional<Place>& owner
) {
    const std::string number = std::to_string(slot);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    for (bool agreed = false; !agreed;) {
        if (std::chrono::steady_clock::now() > end) throw std::runtime_error("settled in vain");
        agreed = true;
        for (const Place& place : options.places) {
            const TestServer server(options, place);
            const auto seen = owner_seen_by(server, slot);
            if (seen == owner) continue;
            agreed = false;
            if (seen) server.tell({"CLUSTER", "DELSLOTS", number});
            if (place == owner) server.tell({"CLUSTER", "ADDSLOTS", number});
        }
        if (!agreed) TestServer::pause();
    }
}

/// A slot that nobody has until this ends.
class OrphanedSlot {
public:
    OrphanedSlot(const RedisOptions& options, std::size_t slot)
        : OrphanedSlot(
              options,
              slot,
              owner_seen_by(TestServer(options, options.places.front()), slot)
          ) {
        if (!owner_) throw std::runtime_error("nobody had it before");
        // Also if only some have given it up, it is given back.
        settle_owner(options_, slot_, std::nullopt);
    }
    ~OrphanedSlot() {
        try {
            give_back();
        } catch (const std::exception& failure) {
            ADD_FAILURE() << "the cluster stays broken: " << failure.what();
        }
    }
    OrphanedSlot(const OrphanedSlot&) = delete;
    OrphanedSlot& operator=(const OrphanedSlot&) = delete;

    /// Returns when all see it.
    void give_back() {
        if (const auto owner = std::exchange(owner_, std::nullopt)) {
            settle_owner(options_, slot_, owner);
        }
    }

private:
    OrphanedSlot(RedisOptions options, std::size_t slot, std::optional<Place> owner)
        : options_(std::move(options)), slot_(slot), owner_(std::move(owner)) {}

    RedisOptions options_;
    std::size_t slot_;
    std::optional<Place> owner_;
};

}  // namespace banter::redis
