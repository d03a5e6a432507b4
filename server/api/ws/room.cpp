#include "api/ws/room.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace banter::api::ws {

std::uint32_t Room::add(Subscriber& subscriber) {
    entries_.push_back({&subscriber, subscriber.session_, holding});
    ++holders_;
    return static_cast<std::uint32_t>(entries_.size() - 1);
}

void Room::remove(std::uint32_t index) {
    CHECK(index < entries_.size());
    if (entries_[index].told == holding) end_hold();
    if (index + 1 != entries_.size()) {
        entries_[index] = entries_.back();
        move_place(*entries_[index].subscriber, true, index);
    }
    entries_.pop_back();
    if (entries_.capacity() > 16 && entries_.size() < entries_.capacity() / 4)
        entries_.shrink_to_fit();
}

std::uint32_t Room::add_listener(Subscriber& subscriber) {
    listeners_.push_back(&subscriber);
    return static_cast<std::uint32_t>(listeners_.size() - 1);
}

void Room::remove_listener(std::uint32_t index) {
    CHECK(index < listeners_.size());
    if (index + 1 != listeners_.size()) {
        listeners_[index] = listeners_.back();
        move_place(*listeners_[index], false, index);
    }
    listeners_.pop_back();
    if (listeners_.capacity() > 16 && listeners_.size() < listeners_.capacity() / 4)
        listeners_.shrink_to_fit();
}

/// The subscriber that stood at the end of a list stands at `index` now.
void Room::move_place(Subscriber& subscriber, bool joined, std::uint32_t index) {
    for (Subscriber::Place& place : subscriber.places_) {
        if (place.room != this) continue;
        CHECK(place.joined == joined);
        place.index = index;
    }
}

void Room::hold(std::uint32_t index) {
    if (entries_[index].told == holding) return;
    entries_[index].told = holding;
    ++holders_;
}

std::optional<model::Rev> Room::told(std::uint32_t index) const {
    const model::Rev told = entries_[index].told;
    return told == holding ? std::nullopt : std::optional(told);
}

bool Room::release(std::uint32_t index, model::Rev rev) {
    Entry& entry = entries_[index];
    CHECK(entry.told == holding);
    released_ = true;
    if (rev < dropped_) return false;
    entry.told = rev;
    const auto missed = std::ranges::upper_bound(kept_, rev, {}, &Kept::rev);
    for (auto kept = missed; kept != kept_.end(); ++kept) {
        entry.session->send_broadcast(kept->frame);
        entry.told = kept->rev;
    }
    end_hold();
    return true;
}

std::optional<model::Rev> Room::least_told() const {
    std::optional<model::Rev> least;
    for (const Entry& entry : entries_) {
        if (entry.told != holding && (!least || entry.told < *least)) least = entry.told;
    }
    return least;
}

void Room::end_hold() {
    CHECK(holders_ > 0);
    if (--holders_ > 0) return;
    std::vector<Kept>().swap(kept_);
    dropped_ = 0;
}

/// Joins that overlap may hold for long; only one that began long ago needs the oldest.
void Room::keep(model::Rev rev, const net::websocket::LocalFrame& frame) {
    if (kept_.size() == kept_max) {
        const auto half = kept_.begin() + kept_max / 2;
        dropped_ = std::prev(half)->rev;
        kept_.erase(kept_.begin(), half);
    }
    kept_.push_back({rev, frame});
}

std::size_t Room::deliver(model::Rev rev, const net::websocket::LocalFrame& frame) {
    if (holders_ > 0) keep(rev, frame);
    std::size_t sent = 0;
    for (Entry& entry : entries_) {
        if (rev <= entry.told) continue;
        entry.told = rev;
        entry.session->send_broadcast(frame);
        ++sent;
    }
    return sent;
}

std::size_t Room::deliver_to_others(const net::websocket::LocalFrame& frame, model::UserId except) {
    std::size_t sent = 0;
    for (const Entry& entry : entries_) {
        if (entry.told == holding || entry.subscriber->user_ == except) continue;
        entry.session->send_broadcast(frame);
        ++sent;
    }
    return sent;
}

std::size_t Room::deliver_to_listeners(const net::websocket::LocalFrame& frame) {
    for (const Subscriber* subscriber : listeners_) subscriber->session_->send_broadcast(frame);
    return listeners_.size();
}

}  // namespace banter::api::ws
