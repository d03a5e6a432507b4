// The subscribers of one thread on one shard.
#pragma once

#include "api/ws/hub.hpp"
#include "net/websocket/session.hpp"

#include <cstddef>
#include <limits>
#include <vector>

namespace banter::api::ws {

class Room {
public:
    /// Events that are kept for those who are joining; a join reads for milliseconds. In rev order.
    static constexpr std::size_t kept_max = 4'096;

    explicit Room(model::ThreadId thread) : thread_(thread) {}

    [[nodiscard]] model::ThreadId thread() const { return thread_; }
    [[nodiscard]] bool empty() const { return entries_.empty(); }
    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    [[nodiscard]] std::size_t bytes() const {
        return sizeof(Room) + entries_.capacity() * sizeof(Entry) + kept_.capacity() * sizeof(Kept);
    }

    /// Returns the index; the entry holds.
    std::uint32_t add(Subscriber& subscriber);
    void remove(std::uint32_t index);
    void hold(std::uint32_t index);
    /// False: events that the subscriber needs were not kept any more.
    [[nodiscard]] bool release(std::uint32_t index, model::Rev rev);

    /// Returns to how many it was sent.
    std::size_t deliver(model::Rev rev, const net::websocket::LocalFrame& frame);
    std::size_t deliver_to_others(const net::websocket::LocalFrame& frame, model::UserId except);

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

    void keep(model::Rev rev, const net::websocket::LocalFrame& frame);
    void end_hold();

    model::ThreadId thread_;
    std::vector<Entry> entries_;
    std::vector<Kept> kept_;
    std::size_t holders_ = 0;
    /// The highest rev that is not kept any more.
    model::Rev dropped_ = 0;
};

}  // namespace banter::api::ws
