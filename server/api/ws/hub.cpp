#include "api/ws/hub.hpp"

#include "api/ws/room.hpp"
#include "base/check.hpp"
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
    Subscriber*& first = users_[user];
    subscriber.next_of_user_ = std::exchange(first, &subscriber);
}

void Hub::exit(Subscriber& subscriber) {
    if (subscriber.session_ == nullptr) return;
    while (!subscriber.places_.empty()) remove(subscriber, subscriber.places_.size() - 1);
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

void Hub::hold(Subscriber& subscriber, model::ThreadId thread) {
    for (const Subscriber::Place& place : subscriber.places_) {
        if (place.room->thread() == thread) return place.room->hold(place.index);
    }
    std::unique_ptr<Room>& room = rooms_[thread];
    if (!room) room = std::make_unique<Room>(thread);
    subscriber.places_.push_back({room.get(), room->add(subscriber)});
}

bool Hub::release(Subscriber& subscriber, model::ThreadId thread, model::Rev rev) {
    for (std::size_t i = 0; i < subscriber.places_.size(); ++i) {
        const Subscriber::Place place = subscriber.places_[i];
        if (place.room->thread() != thread) continue;
        if (place.room->release(place.index, rev)) return true;
        remove(subscriber, i);
        return false;
    }
    return false;
}

void Hub::leave(Subscriber& subscriber, model::ThreadId thread) {
    for (std::size_t i = 0; i < subscriber.places_.size(); ++i) {
        if (subscriber.places_[i].room->thread() == thread) return remove(subscriber, i);
    }
}

void Hub::remove(Subscriber& subscriber, std::size_t place) {
    const Subscriber::Place gone = subscriber.places_[place];
    subscriber.places_[place] = subscriber.places_.back();
    subscriber.places_.pop_back();
    gone.room->remove(gone.index);
    if (gone.room->empty()) rooms_.erase(gone.room->thread());
}

void Hub::deliver(const Broadcast& broadcast) {
    const model::EventBody& body = broadcast.event->body;
    if (const auto* typing = std::get_if<model::TypingUpdate>(&body)) {
        deliver_to_others(broadcast, typing->user);
    } else if (const auto* read = std::get_if<model::ReadUpdate>(&body)) {
        deliver_to_user(broadcast, read->user);
        if (read->tells_others) deliver_to_others(broadcast, read->user);
    } else if (const auto* member = std::get_if<model::MemberUpdate>(&body)) {
        deliver_to_user(broadcast, member->user);
        if (member->member_count <= model::limits::members_told_max)
            deliver_to_others(broadcast, member->user);
    } else if (const auto* removed = std::get_if<model::ThreadRemoved>(&body)) {
        deliver_to_user(broadcast, removed->user);
    } else if (const auto* user = std::get_if<model::UserUpdate>(&body)) {
        deliver_to_user(broadcast, user->user.id);
    } else {
        deliver_to_thread(broadcast);
    }
}

void Hub::revoke(const model::Revocation& revocation) {
    if (revocation.user && !revocation.thread) end_sessions(*revocation.user, revocation.sign_in);
}

void Hub::end_sessions(model::UserId user, std::optional<model::SignInId> sign_in) {
    const auto found = users_.find(user);
    if (found == users_.end()) return;
    std::vector<Subscriber*> ended;
    for (Subscriber* at = found->second; at != nullptr; at = at->next_of_user_) {
        if (!sign_in || at->is_of(*sign_in)) ended.push_back(at);
    }
    for (Subscriber* subscriber : ended) {
        exit(*subscriber);
        subscriber->end("the sign-in is over");
    }
}

void Hub::deliver_to_thread(const Broadcast& broadcast) {
    Room* const room = find(broadcast.event->thread);
    if (room == nullptr) return;
    const net::websocket::LocalFrame frame(broadcast.frame);
    deliveries_.add(room->deliver(broadcast.event->rev, frame));
}

void Hub::deliver_to_others(const Broadcast& broadcast, model::UserId except) {
    Room* const room = find(broadcast.event->thread);
    if (room == nullptr) return;
    const net::websocket::LocalFrame frame(broadcast.frame);
    deliveries_.add(room->deliver_to_others(frame, except));
}

void Hub::deliver_to_user(const Broadcast& broadcast, model::UserId user) {
    const auto found = users_.find(user);
    if (found == users_.end()) return;
    const net::websocket::LocalFrame frame(
        broadcast.own_frame ? broadcast.own_frame : broadcast.frame
    );
    for (const Subscriber* at = found->second; at != nullptr; at = at->next_of_user_) {
        at->session_->send_broadcast(frame);
        deliveries_.add();
    }
}

std::size_t Hub::bytes() const {
    std::size_t bytes = rooms_.bucket_count() * (sizeof(model::ThreadId) + sizeof(void*) + 1);
    bytes += users_.bucket_count() * (sizeof(model::UserId) + sizeof(void*) + 1);
    for (const auto& [thread, room] : rooms_) bytes += room->bytes();
    return bytes;
}

}  // namespace banter::api::ws
