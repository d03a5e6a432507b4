// Who of this shard gets which events: thread -> the connections that have joined it and those
// whose user is a member, user -> own connections, user -> connections that watch.
//
// One per shard, used on its shard only. It knows no rules: whoever was let in by a join receives,
// until a revocation says otherwise.
#pragma once

#include "api/ws/recent_pairs.hpp"
#include "api/ws/watchers.hpp"
#include "base/metrics.hpp"
#include "model/event.hpp"
#include "model/id.hpp"
#include "net/websocket/shared_frame.hpp"

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace banter::net::websocket {
class Session;
}

namespace banter::api::ws {

class Room;

/// The part of a connection that the hub knows. Left by `Hub::exit` before it is destroyed.
class Subscriber {
public:
    /// Threads that it has joined, or is joining.
    [[nodiscard]] std::size_t joined_count() const { return joined_; }

    Subscriber() = default;
    virtual ~Subscriber() = default;
    Subscriber(const Subscriber&) = delete;
    Subscriber& operator=(const Subscriber&) = delete;

private:
    friend class Hub;
    friend class Room;
    friend class Watchers;

    /// Whether what it was opened with is over by this.
    [[nodiscard]] virtual bool is_ended_by(const model::Revocation& revocation) const = 0;
    /// Whether its user knows only those with whom it shares a thread.
    [[nodiscard]] virtual bool is_guest() const = 0;
    /// It may not stay connected: to be closed. It has left the hub.
    virtual void end(model::RevocationReason reason) = 0;

    /// Where in one of a room's lists this subscriber stands.
    struct Place {
        Room* room;
        std::uint32_t index;
        /// In the list of those who have joined; else of those who listen.
        bool joined;
        /// The user is a member, as far as this shard was told.
        bool member;
    };

    net::websocket::Session* session_ = nullptr;
    model::UserId user_;
    Subscriber* next_of_user_ = nullptr;
    /// Most sessions are in one thread.
    static constexpr std::size_t own_places = 1;

    boost::container::small_vector<Place, own_places> places_;
    std::uint32_t joined_ = 0;
    /// Between `enter` and `set_memberships`: what ended meanwhile, and must not come back.
    std::unique_ptr<std::vector<model::ThreadId>> ended_;
    std::unique_ptr<WatchList> watches_;
};

/// What a shard has to do with a thread.
struct Attention {
    /// Somebody has joined it, or is a member.
    bool any = false;
    /// A join reads right now.
    bool joining = false;
    /// Everybody who has joined has been told of everything up to this rev; nothing: nobody has.
    std::optional<model::Rev> told;

    /// Of another shard.
    void add(const Attention& other) {
        any = any || other.any;
        joining = joining || other.joining;
        if (other.told) told = told ? std::min(*told, *other.told) : *other.told;
    }
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

    /// Encodes a payload as a frame that only this shard needs.
    using EncodeFrame = std::function<net::websocket::LocalFrame(std::string_view payload)>;
    void set_encoder(EncodeFrame encode) { encode_ = std::move(encode); }

    /// Told what this shard has to do with threads.
    class Interest {
    public:
        virtual ~Interest() = default;
        /// The first subscriber has come, or the last one has gone.
        virtual void want(model::ThreadId thread) = 0;
        virtual void unwant(model::ThreadId thread) = 0;
        /// A subscriber gets everything that comes after this rev.
        virtual void begin(model::ThreadId thread, model::Rev rev) = 0;
    };
    /// Before anybody enters. It outlives the hub. Without one nobody needs to know.
    void set_interest(Interest& interest) { interest_ = &interest; }

    /// A connection is signed in: from now on its user's own events reach it. What it is a member
    /// of has to be read after this, and to be said by `set_memberships`.
    void enter(Subscriber& subscriber, net::websocket::Session& session, model::UserId user);
    /// The threads that the user is a member of: the connection is told of activity in them while
    /// it has not joined them. Changes that come as events are kept up with.
    void set_memberships(Subscriber& subscriber, const std::vector<model::ThreadId>& threads);
    /// The connection is over; it leaves every thread.
    void exit(Subscriber& subscriber);

    /// From now on the thread's events are kept for the subscriber, while the join reads its
    /// snapshot.
    void hold(Subscriber& subscriber, model::ThreadId thread);
    /// Whether the subscriber is in the thread, joining or joined: a revocation may have ended that
    /// since `hold`.
    [[nodiscard]] bool has_joined(const Subscriber& subscriber, model::ThreadId thread) const;
    /// Up to which rev the subscriber was told of everything in the thread; nothing: it has not
    /// joined, or a join still reads.
    [[nodiscard]] std::optional<model::Rev> told(
        const Subscriber& subscriber,
        model::ThreadId thread
    ) const;
    /// The snapshot reached `rev`: kept events after it are sent, and later ones as they come.
    /// parent: of a reply thread; who loses the parent loses the replies.
    /// False: too many came meanwhile to be kept; the subscriber has left the thread and has to
    /// join again.
    [[nodiscard]] bool release(
        Subscriber& subscriber,
        model::ThreadId thread,
        model::Rev rev,
        std::optional<model::ThreadId> parent = std::nullopt
    );
    /// The snapshot could not be read, and before `hold` the subscriber had been told up to `told`:
    /// it goes on from there. False as with `release`.
    [[nodiscard]] bool resume(Subscriber& subscriber, model::ThreadId thread, model::Rev told);
    /// Leaving a thread that was never joined is no error.
    void leave(Subscriber& subscriber, model::ThreadId thread);

    /// From now on the subscriber watches these users, each given once, and nobody else. What
    /// becomes of them is kept while their presence is read. A guest who loses a thread watches
    /// nobody any more, and no guest watches who has left one; they may ask anew.
    void watch(Subscriber& subscriber, const std::vector<model::UserId>& users);
    /// Their presence was sent: what was kept follows, and what comes later as it comes.
    void release_watch(Subscriber& subscriber);

    /// How many memberships have ended, as far as this shard was told: whom a guest may watch has
    /// to be read anew if that went on meanwhile.
    [[nodiscard]] std::uint64_t ended_memberships() const { return ended_memberships_; }

    /// Sends to those of this shard whom the event concerns. Those that hold get it at their
    /// release.
    void deliver(const Broadcast& broadcast);

    /// Ends what is over: whom it concerns gets nothing that is delivered later. The subscriber of
    /// a join that is under way is no more in the thread when it comes to be released.
    void revoke(const model::Revocation& revocation);

    [[nodiscard]] Attention attention(model::ThreadId thread) const;
    /// Who is connected and, as far as this shard was told, may read the thread or the replies to
    /// its messages; without those whose join is reading. Each once.
    [[nodiscard]] std::vector<model::UserId> readers(model::ThreadId thread) const;

    /// How much has become of memberships here, for whoever reads them in the database.
    struct Moment {
        std::uint64_t losses = 0;
        std::uint64_t gains = 0;
    };
    [[nodiscard]] Moment moment() const { return {losses_.count(), gains_.count()}; }
    /// The user is a member, as was read after that moment: connections that don't know it are
    /// told, unless it was lost since. Those whose memberships are being read are left out.
    void take_membership(const model::MemberUpdate& update, const Moment& read_after);
    /// The user is no member any more, as was read after that moment: ends what the user gets of
    /// the thread here. False: a membership or a join came since, so nobody knows.
    [[nodiscard]] bool take_loss(
        model::UserId user,
        model::ThreadId thread,
        const Moment& read_after
    );

    /// Bytes of the lists and tables, for the memory figures.
    [[nodiscard]] std::size_t bytes() const;

private:
    using Place = Subscriber::Place;

    void deliver_to_thread(const Broadcast& broadcast);
    void deliver_to_others(const Broadcast& broadcast, model::UserId except);
    void deliver_to_user(const Broadcast& broadcast, model::UserId user);
    void deliver_to_listeners(const Broadcast& broadcast);
    /// The author's own sessions that have not joined learn how far the author has read.
    void tell_author(const model::Event& event, const model::Message& message);

    void end_sessions(model::UserId user, const model::Revocation& revocation);
    void end_thread(model::UserId user, model::ThreadId thread);
    void end_strangers(model::ThreadId parent);
    void set_membership(model::UserId user, model::ThreadId thread, bool member);
    [[nodiscard]] Room* find(model::ThreadId thread) const;
    [[nodiscard]] Room& room_of(model::ThreadId thread);
    [[nodiscard]] static Place* place_in(Subscriber& subscriber, model::ThreadId thread);
    /// Takes a place out of its list, and leaves the subscriber without it.
    void remove(Subscriber& subscriber, Place& place);
    /// Of one who has joined: back among those who listen, if a member.
    void unjoin(Subscriber& subscriber, Place& place);
    void listen(Subscriber& subscriber, model::ThreadId thread);
    void drop_if_empty(Room& room);

    template <typename Use>
    void for_each_of_user(model::UserId user, Use use);

    boost::unordered_flat_map<model::ThreadId, std::unique_ptr<Room>> rooms_;
    boost::unordered_flat_map<model::UserId, Subscriber*> users_;
    EncodeFrame encode_;
    Interest* interest_ = nullptr;
    Watchers watchers_;
    std::uint64_t ended_memberships_ = 0;
    RecentPairs losses_;
    /// And joins that began.
    RecentPairs gains_;
    metrics::Counter& deliveries_;
};

}  // namespace banter::api::ws
