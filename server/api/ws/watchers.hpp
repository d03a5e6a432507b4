// Which connections of this shard watch which users.
#pragma once

#include "model/id.hpp"
#include "net/websocket/shared_frame.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace banter::api::ws {

class Subscriber;
class WatchList;

/// Owns nothing of the subscribers; each leaves by `forget` before it is destroyed. 32 bytes for
/// each user that a subscriber watches.
class Watchers {
public:
    Watchers();
    ~Watchers();
    Watchers(const Watchers&) = delete;
    Watchers& operator=(const Watchers&) = delete;

    /// Replaces whom the subscriber watches; each of `users` once. Until the release, what would
    /// be sent by `deliver_state` is kept, the newest of each user.
    void watch(Subscriber& subscriber, const std::vector<model::UserId>& users);
    /// What is known of the users has been sent: what was kept follows.
    void release(Subscriber& subscriber);
    /// Watches nobody any more.
    void forget(Subscriber& subscriber);

    /// Guests watch the user no more.
    void drop_for_guests(model::UserId user);

    /// A state of the user that overrides the one before. Returns to how many it was sent.
    std::size_t deliver_state(model::UserId user, const net::websocket::LocalFrame& frame);
    /// Anything else, at once; but not to the user, who is told otherwise.
    std::size_t deliver(model::UserId user, const net::websocket::LocalFrame& frame);

    [[nodiscard]] std::size_t bytes() const;

private:
    friend class WatchList;

    struct Watching {
        Subscriber* subscriber;
        /// Of the user in the subscriber's list.
        std::uint32_t place;
    };
    /// Those who watch one user.
    struct Audience {
        model::UserId user;
        std::vector<Watching> watching;
    };

    void drop(Subscriber& subscriber, model::UserId user);
    void remove(Audience& audience, std::uint32_t index);

    boost::unordered_flat_map<model::UserId, std::unique_ptr<Audience>> audiences_;
    std::size_t list_bytes_ = 0;
};

/// Whom one subscriber watches.
class WatchList {
private:
    friend class Watchers;

    struct Watched {
        Watchers::Audience* audience;
        /// Of the subscriber in the audience.
        std::uint32_t index;
    };
    struct Kept {
        model::UserId user;
        net::websocket::LocalFrame frame;
    };

    [[nodiscard]] std::size_t bytes() const;
    void keep(model::UserId user, const net::websocket::LocalFrame& frame);

    std::vector<Watched> watched_;
    bool holding_ = true;
    std::vector<Kept> kept_;
};

}  // namespace banter::api::ws
