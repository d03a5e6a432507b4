// Whom an event concerns, and what a revocation ends.
#include "api/wire/events.hpp"
#include "api/ws/hub.hpp"
#include "api/ws/room.hpp"
#include "base/check.hpp"
#include "model/limits.hpp"
#include "net/websocket/session.hpp"

#include <utility>

namespace banter::api::ws {

using net::websocket::LocalFrame;

template <typename Use>
void Hub::for_each_of_user(model::UserId user, Use use) {
    const auto found = users_.find(user);
    if (found == users_.end()) return;
    for (Subscriber* at = found->second; at != nullptr; at = at->next_of_user_) use(*at);
}

void Hub::deliver(const Broadcast& broadcast) {
    const model::EventBody& body = broadcast.event->body;
    if (const auto* typing = std::get_if<model::TypingUpdate>(&body)) {
        deliver_to_others(broadcast, typing->user);
    } else if (const auto* read = std::get_if<model::ReadUpdate>(&body)) {
        deliver_to_user(broadcast, read->user);
        if (read->tells_others) deliver_to_others(broadcast, read->user);
    } else if (const auto* member = std::get_if<model::MemberUpdate>(&body)) {
        set_membership(member->user, member->thread, member->role.has_value());
        deliver_to_user(broadcast, member->user);
        if (member->member_count <= model::limits::members_told_max)
            deliver_to_others(broadcast, member->user);
    } else if (const auto* removed = std::get_if<model::ThreadRemoved>(&body)) {
        deliver_to_user(broadcast, removed->user);
    } else if (std::holds_alternative<model::ThreadActivity>(body)) {
        deliver_to_listeners(broadcast);
    } else if (const auto* user = std::get_if<model::UserUpdate>(&body)) {
        deliver_to_user(broadcast, user->user.id);
        deliveries_.add(watchers_.deliver(user->user.id, LocalFrame(broadcast.frame)));
    } else if (const auto* presence = std::get_if<model::PresenceUpdate>(&body)) {
        deliveries_.add(watchers_.deliver_state(presence->user, LocalFrame(broadcast.frame)));
    } else {
        deliver_to_thread(broadcast);
    }
}

void Hub::deliver_to_thread(const Broadcast& broadcast) {
    const model::Event& event = *broadcast.event;
    if (const auto* fresh = std::get_if<model::MessageNew>(&event.body))
        tell_author(event, fresh->message);
    Room* const room = find(event.thread);
    if (room == nullptr) return;
    const LocalFrame frame(broadcast.frame);
    deliveries_.add(room->deliver(event.rev, frame));
    // A name stands in the lists of those too who have not joined.
    if (std::holds_alternative<model::ThreadUpdate>(event.body))
        deliveries_.add(room->deliver_to_listeners(frame));
}

void Hub::tell_author(const model::Event& event, const model::Message& message) {
    LocalFrame frame;
    for_each_of_user(message.author, [&](Subscriber& subscriber) {
        const Place* const place = place_in(subscriber, event.thread);
        if (place == nullptr || place->joined) return;
        if (!frame) {
            model::Event read{event.thread};
            read.body = model::ReadUpdate{event.thread, message.author, message.seq};
            frame = encode_(wire::encode_own(read));
        }
        subscriber.session_->send_broadcast(frame);
        deliveries_.add();
    });
}

void Hub::deliver_to_others(const Broadcast& broadcast, model::UserId except) {
    Room* const room = find(broadcast.event->thread);
    if (room == nullptr) return;
    const LocalFrame frame(broadcast.frame);
    deliveries_.add(room->deliver_to_others(frame, except));
}

void Hub::deliver_to_listeners(const Broadcast& broadcast) {
    Room* const room = find(broadcast.event->thread);
    if (room == nullptr) return;
    const LocalFrame frame(broadcast.frame);
    deliveries_.add(room->deliver_to_listeners(frame));
}

void Hub::deliver_to_user(const Broadcast& broadcast, model::UserId user) {
    const LocalFrame frame(broadcast.own_frame ? broadcast.own_frame : broadcast.frame);
    for_each_of_user(user, [&](Subscriber& subscriber) {
        subscriber.session_->send_broadcast(frame);
        deliveries_.add();
    });
}

void Hub::take_membership(const model::MemberUpdate& update, const Moment& read_after) {
    if (losses_.happened_since(read_after.losses, update.user, update.thread)) return;
    LocalFrame frame;
    for_each_of_user(update.user, [&](Subscriber& subscriber) {
        const Place* const place = place_in(subscriber, update.thread);
        if (subscriber.ended_ || (place != nullptr && place->member)) return;
        listen(subscriber, update.thread);
        if (!frame) frame = encode_(wire::encode_own({update.thread, 0, update}));
        subscriber.session_->send_broadcast(frame);
        deliveries_.add();
    });
}

bool Hub::take_loss(model::UserId user, model::ThreadId thread, const Moment& read_after) {
    if (gains_.happened_since(read_after.gains, user, thread)) return false;
    end_thread(user, thread);
    return true;
}

void Hub::set_membership(model::UserId user, model::ThreadId thread, bool member) {
    (member ? gains_ : losses_).note(user, thread);
    for_each_of_user(user, [&](Subscriber& subscriber) {
        if (subscriber.ended_) {
            std::erase(*subscriber.ended_, thread);
            if (!member) subscriber.ended_->push_back(thread);
        }
        if (member) return listen(subscriber, thread);
        Place* const place = place_in(subscriber, thread);
        if (place == nullptr) return;
        place->member = false;
        // Who has joined stays so: a revocation ends that, where the thread can't be read.
        if (!place->joined) remove(subscriber, *place);
    });
}

void Hub::revoke(const model::Revocation& revocation) {
    if (!revocation.thread) {
        CHECK(revocation.user.has_value());
        end_sessions(*revocation.user, revocation);
    } else if (revocation.user) {
        end_thread(*revocation.user, *revocation.thread);
    } else {
        end_strangers(*revocation.thread);
    }
}

void Hub::end_sessions(model::UserId user, const model::Revocation& revocation) {
    std::vector<Subscriber*> ended;
    for_each_of_user(user, [&](Subscriber& subscriber) {
        if (subscriber.is_ended_by(revocation)) ended.push_back(&subscriber);
    });
    for (Subscriber* subscriber : ended) {
        exit(*subscriber);
        subscriber->end(revocation.reason);
    }
}

void Hub::end_thread(model::UserId user, model::ThreadId thread) {
    ++ended_memberships_;
    losses_.note(user, thread);
    watchers_.drop_for_guests(user);
    for_each_of_user(user, [&](Subscriber& subscriber) {
        if (subscriber.ended_) subscriber.ended_->push_back(thread);
        if (subscriber.is_guest()) watchers_.forget(subscriber);
        for (std::size_t i = subscriber.places_.size(); i-- > 0;) {
            Place& place = subscriber.places_[i];
            const Room& room = *place.room;
            if (room.thread() == thread) {
                remove(subscriber, place);
            } else if (place.joined && (room.hangs_off(thread) || room.is_unread())) {
                unjoin(subscriber, place);
            }
        }
    });
}

/// Who reads replies without being a member of the thread that they hang off.
void Hub::end_strangers(model::ThreadId parent) {
    std::vector<Subscriber*> ended;
    std::vector<std::pair<Subscriber*, model::ThreadId>> unknown;
    for (const auto& [thread, room] : rooms_) {
        if (!room->hangs_off(parent) && !room->is_unread()) continue;
        room->for_each_joined([&, id = thread, &here = *room](Subscriber& subscriber) {
            const Place* const place = place_in(subscriber, parent);
            if (place != nullptr && place->member) return;
            if (here.hangs_off(parent)) ended.push_back(&subscriber);
            if (here.is_unread()) unknown.emplace_back(&subscriber, id);
        });
    }
    for (const auto& [subscriber, thread] : unknown) leave(*subscriber, thread);
    for (Subscriber* subscriber : ended) {
        if (subscriber->session_ == nullptr) continue;  // it was in two rooms
        exit(*subscriber);
        subscriber->end(model::RevocationReason::thread_closed);
    }
}

}  // namespace banter::api::ws
