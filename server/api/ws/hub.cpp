#include "api/ws/hub.hpp"

#include "api/wire/events.hpp"
#include "api/ws/room.hpp"
#include "base/check.hpp"
#include "base/heap.hpp"
#include "model/limits.hpp"

#include <algorithm>
#include <utility>

namespace banter::api::ws {

Hub::Hub(metrics::Registry& registry)
    : deliveries_(registry.counter("banter_deliveries_total", "Broadcasts queued for sessions")) {}

Hub::~Hub() { CHECK(users_.empty()); }

void Hub::enter(Subscriber& subscriber, net::websocket::Session& session, model::UserId user) {
    subscriber.session_ = &session;
    subscriber.user_ = user;
    subscriber.ended_ = std::make_unique<std::vector<model::ThreadId>>();
    Subscriber*& first = users_[user];
    subscriber.next_of_user_ = std::exchange(first, &subscriber);
}

void Hub::set_memberships(Subscriber& subscriber, const std::vector<model::ThreadId>& threads) {
    if (subscriber.session_ == nullptr) return;
    const auto ended = std::exchange(subscriber.ended_, nullptr);
    CHECK(ended != nullptr);
    subscriber.places_.reserve(subscriber.places_.size() + threads.size());
    for (const model::ThreadId& thread : threads) {
        if (std::find(ended->begin(), ended->end(), thread) == ended->end())
            listen(subscriber, thread);
    }
}

void Hub::exit(Subscriber& subscriber) {
    if (subscriber.session_ == nullptr) return;
    while (!subscriber.places_.empty()) remove(subscriber, subscriber.places_.back());
    subscriber.ended_.reset();
    watchers_.forget(subscriber);
    const auto found = users_.find(subscriber.user_);
    CHECK(found != users_.end());
    Subscriber** link = &found->second;
    while (*link != &subscriber) link = &(*link)->next_of_user_;
    *link = subscriber.next_of_user_;
    if (found->second == nullptr) users_.erase(found);
    subscriber.session_ = nullptr;
}

Room* Hub::find(model::ThreadId thread) const {
    const auto found = rooms_.find(thread);
    return found == rooms_.end() ? nullptr : found->second.get();
}

Room& Hub::room_of(model::ThreadId thread) {
    std::unique_ptr<Room>& room = rooms_[thread];
    if (room) return *room;
    room = std::make_unique<Room>(thread);
    if (interest_ != nullptr) interest_->want(thread);
    return *room;
}

Hub::Place* Hub::place_in(Subscriber& subscriber, model::ThreadId thread) {
    const auto found = std::ranges::find_if(subscriber.places_, [&](const Place& place) {
        return place.room->thread() == thread;
    });
    return found == subscriber.places_.end() ? nullptr : &*found;
}

void Hub::drop_if_empty(Room& room) {
    if (!room.empty()) return;
    const model::ThreadId thread = room.thread();
    rooms_.erase(thread);
    if (interest_ != nullptr) interest_->unwant(thread);
}

void Hub::listen(Subscriber& subscriber, model::ThreadId thread) {
    Place* const there = place_in(subscriber, thread);
    if (there != nullptr) {
        there->member = true;
        return;
    }
    Room& room = room_of(thread);
    subscriber.places_.push_back({&room, room.add_listener(subscriber), false, true});
}

void Hub::hold(Subscriber& subscriber, model::ThreadId thread) {
    gains_.note(subscriber.user_, thread);
    Place* place = place_in(subscriber, thread);
    if (place == nullptr) {
        subscriber.places_.push_back({&room_of(thread), 0, false, false});
        place = &subscriber.places_.back();
    } else if (place->joined) {
        return place->room->hold(place->index);
    } else {
        place->room->remove_listener(place->index);
    }
    place->joined = true;
    place->index = place->room->add(subscriber);
    ++subscriber.joined_;
}

bool Hub::has_joined(const Subscriber& subscriber, model::ThreadId thread) const {
    return std::ranges::any_of(subscriber.places_, [&](const Place& place) {
        return place.joined && place.room->thread() == thread;
    });
}

std::optional<model::Rev> Hub::told(const Subscriber& subscriber, model::ThreadId thread) const {
    for (const Place& place : subscriber.places_) {
        if (place.joined && place.room->thread() == thread) return place.room->told(place.index);
    }
    return std::nullopt;
}

bool Hub::release(
    Subscriber& subscriber,
    model::ThreadId thread,
    model::Rev rev,
    std::optional<model::ThreadId> parent
) {
    Place* const place = place_in(subscriber, thread);
    CHECK(place != nullptr && place->joined);
    if (parent) place->room->set_parent(*parent);
    if (interest_ != nullptr) interest_->begin(thread, rev);
    return resume(subscriber, thread, rev);
}

bool Hub::resume(Subscriber& subscriber, model::ThreadId thread, model::Rev told) {
    Place* const place = place_in(subscriber, thread);
    CHECK(place != nullptr && place->joined);
    if (place->room->release(place->index, told)) return true;
    unjoin(subscriber, *place);
    return false;
}

void Hub::leave(Subscriber& subscriber, model::ThreadId thread) {
    Place* const place = place_in(subscriber, thread);
    if (place != nullptr && place->joined) unjoin(subscriber, *place);
}

void Hub::unjoin(Subscriber& subscriber, Place& place) {
    if (!place.member) return remove(subscriber, place);
    Room& room = *place.room;
    room.remove(place.index);
    place.joined = false;
    place.index = room.add_listener(subscriber);
    --subscriber.joined_;
}

void Hub::remove(Subscriber& subscriber, Place& place) {
    const Place gone = place;
    place = subscriber.places_.back();
    subscriber.places_.pop_back();
    if (gone.joined) {
        gone.room->remove(gone.index);
        --subscriber.joined_;
    } else {
        gone.room->remove_listener(gone.index);
    }
    drop_if_empty(*gone.room);
}

void Hub::watch(Subscriber& subscriber, const std::vector<model::UserId>& users) {
    watchers_.watch(subscriber, users);
}

void Hub::release_watch(Subscriber& subscriber) { watchers_.release(subscriber); }

Attention Hub::attention(model::ThreadId thread) const {
    const Room* const room = find(thread);
    if (room == nullptr) return {};
    return {.any = true, .joining = room->has_holders(), .told = room->least_told()};
}

std::vector<model::UserId> Hub::readers(model::ThreadId thread) const {
    std::vector<model::UserId> users;
    for (const auto& [id, room] : rooms_) {
        if (id != thread && !room->hangs_off(thread)) continue;
        room->for_each_reader([&](const Subscriber& subscriber) {
            users.push_back(subscriber.user_);
        });
    }
    std::sort(users.begin(), users.end());
    users.erase(std::unique(users.begin(), users.end()), users.end());
    return users;
}

std::size_t Hub::bytes() const {
    std::size_t bytes = rooms_.bucket_count() * (sizeof(model::ThreadId) + sizeof(void*) + 1);
    bytes += users_.bucket_count() * (sizeof(model::UserId) + sizeof(void*) + 1);
    for (const auto& [thread, room] : rooms_) bytes += room->bytes();
    for (const auto& [user, first] : users_) {
        for (const Subscriber* one = first; one != nullptr; one = one->next_of_user_) {
            const std::size_t places = one->places_.capacity();
            if (places > Subscriber::own_places) bytes += heap_block_bytes(places * sizeof(Place));
        }
    }
    return bytes + watchers_.bytes();
}

}  // namespace banter::api::ws
