// Who of this shard gets which events: thread -> the connections that have joined it, and user ->
// own connections.
//
// One per shard, used on its shard only. It knows no rules: whoever was let in by a join receives.
#pragma once

#include "base/metrics.hpp"
#include "model/event.hpp"
#include "model/id.hpp"
#include "net/websocket/shared_frame.hpp"

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace banter::net::websocket {
class Session;
}

namespace banter::api::ws {

class Room;

/// The part of a connection that the hub knows. Left by `Hub::exit` before it is destroyed.
class Subscriber {
public:
    [[nodiscard]] std::size_t joined_count() const { return places_.size(); }

    Subscriber() = default;
    virtual ~Subscriber() = default;
    Subscriber(const Subscriber&) = delete;
    Subscriber& operator=(const Subscriber&) = delete;

private:
    friend class Hub;
    friend class Room;

    /// Whether it was opened with a token of this sign-in.
    [[nodiscard]] virtual bool is_of(model::SignInId sign_in) const = 0;
    /// Its user may not stay connected: to be closed with 4401.
    virtual void end(std::string_view reason) = 0;

    /// Where in a room's list this subscriber stands.
    struct Place {
        Room* room;
        std::uint32_t index;
    };

    net::websocket::Session* session_ = nullptr;
    model::UserId user_;
    Subscriber* next_of_user_ = nullptr;
    boost::container::small_vector<Place, 1> places_;
};

/// An event on its way through the process, encoded once.
struct Broadcast {
    model::SharedEvent event;
    std::shared_ptr<const net::websocket::SharedFrame> frame;
    /// What the sessions of the user whom it is about get in its place; null: the same.
    std::shared_ptr<const net::websocket::SharedFrame> own_frame = nullptr;
};

class Hub {
public:
    explicit Hub(metrics::Registry& registry);
    ~Hub();
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    /// A connection is signed in: from now on its user's own events reach it.
    void enter(Subscriber& subscriber, net::websocket::Session& session, model::UserId user);
    /// The connection is over; it leaves every thread.
    void exit(Subscriber& subscriber);

    /// From now on the thread's events are kept for the subscriber, while the join reads its
    /// snapshot.
    void hold(Subscriber& subscriber, model::ThreadId thread);
    /// The snapshot reached `rev`: kept events after it are sent, and later ones as they come.
    /// False: too many came meanwhile to be kept; the subscriber has left the thread and has to
    /// join again.
    [[nodiscard]] bool release(Subscriber& subscriber, model::ThreadId thread, model::Rev rev);
    /// Leaving a thread that was never joined is no error.
    void leave(Subscriber& subscriber, model::ThreadId thread);

    /// Sends to those of this shard whom the event concerns. Those that hold get it at their
    /// release.
    void deliver(const Broadcast& broadcast);

    /// Ends what is over: whom it concerns gets nothing that is delivered later. The subscriber of
    /// a join that is under way is no more in the thread when it comes to be released.
    void revoke(const model::Revocation& revocation);

    /// Bytes of the lists and tables, for the memory figures.
    [[nodiscard]] std::size_t bytes() const;

private:
    void deliver_to_thread(const Broadcast& broadcast);
    void deliver_to_others(const Broadcast& broadcast, model::UserId except);
    void deliver_to_user(const Broadcast& broadcast, model::UserId user);
    void end_sessions(model::UserId user, std::optional<model::SignInId> sign_in);
    [[nodiscard]] Room* find(model::ThreadId thread) const;
    void remove(Subscriber& subscriber, std::size_t place);

    boost::unordered_flat_map<model::ThreadId, std::unique_ptr<Room>> rooms_;
    boost::unordered_flat_map<model::UserId, Subscriber*> users_;
    metrics::Counter& deliveries_;
};

}  // namespace banter::api::ws
