// The subscribers of one thread on one shard: those who have joined it, and those who listen, being
// members.
#pragma once

#include "api/ws/hub.hpp"
#include "net/websocket/session.hpp"

#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

namespace banter::api::ws {

class Room {
public:
    /// Events that are kept for those who are joining; a join reads for milliseconds. In rev order.
    static constexpr std::size_t kept_max = 4'096;

    explicit Room(model::ThreadId thread) : thread_(thread) {}

    [[nodiscard]] model::ThreadId thread() const { return thread_; }
    [[nodiscard]] bool empty() const { return entries_.empty() && listeners_.empty(); }
    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    [[nodiscard]] std::size_t bytes() const {
        return sizeof(Room) + entries_.capacity() * sizeof(Entry) +
               kept_.capacity() * sizeof(Kept) + listeners_.capacity() * sizeof(void*);
    }

    /// The thread whose readers may read this one, once a join has read it.
    void set_parent(model::ThreadId parent) { parent_ = parent; }
    [[nodiscard]] bool hangs_off(model::ThreadId thread) const { return parent_ == thread; }
    /// No join has come so far as to know whether there is a parent.
    [[nodiscard]] bool is_unread() const { return !released_; }

    /// Returns the index; the entry holds.
    std::uint32_t add(Subscriber& subscriber);
    void remove(std::uint32_t index);
    void hold(std::uint32_t index);
    /// Up to which rev the entry was told; nothing: it holds.
    [[nodiscard]] std::optional<model::Rev> told(std::uint32_t index) const;
    /// False: events that the subscriber needs were not kept any more.
    [[nodiscard]] bool release(std::uint32_t index, model::Rev rev);

    /// Returns the index.
    std::uint32_t add_listener(Subscriber& subscriber);
    void remove_listener(std::uint32_t index);

    /// Returns to how many it was sent.
    std::size_t deliver(model::Rev rev, const net::websocket::LocalFrame& frame);
    std::size_t deliver_to_others(const net::websocket::LocalFrame& frame, model::UserId except);
    std::size_t deliver_to_listeners(const net::websocket::LocalFrame& frame);

    /// Some join reads right now, and its subscriber holds.
    [[nodiscard]] bool has_holders() const { return holders_ > 0; }
    /// Up to which rev everybody was told whose join has read; nothing: there is none.
    [[nodiscard]] std::optional<model::Rev> least_told() const;

    /// Those whose join has read, and those who listen.
    template <typename Use>
    void for_each_reader(Use use) const {
        for (const Entry& entry : entries_) {
            if (entry.told != holding) use(*entry.subscriber);
        }
        for (const Subscriber* listener : listeners_) use(*listener);
    }

    template <typename Use>
    void for_each_joined(Use use) {
        for (const Entry& entry : entries_) use(*entry.subscriber);
    }

private:
    static constexpr model::Rev holding = std::numeric_limits<model::Rev>::max();

    struct Entry {
        Subscriber* subscriber;
        net::websocket::Session* session;
        /// Has been told of everything up to this rev; `holding` while the join reads.
        model::Rev told;
    };
    struct Kept {
        model::Rev rev;
        net::websocket::LocalFrame frame;
    };

    void move_place(Subscriber& subscriber, bool joined, std::uint32_t index);
    void keep(model::Rev rev, const net::websocket::LocalFrame& frame);
    void end_hold();

    model::ThreadId thread_;
    std::optional<model::ThreadId> parent_;
    /// Some join has read the thread, so that a parent would be known.
    bool released_ = false;
    std::vector<Entry> entries_;
    std::vector<Subscriber*> listeners_;
    std::vector<Kept> kept_;
    std::size_t holders_ = 0;
    /// The highest rev that is not kept any more.
    model::Rev dropped_ = 0;
};

}  // namespace banter::api::ws
