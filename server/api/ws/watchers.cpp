#include "api/ws/watchers.hpp"

#include "api/ws/hub.hpp"
#include "base/check.hpp"
#include "net/websocket/session.hpp"

#include <algorithm>
#include <utility>

namespace banter::api::ws {

std::size_t WatchList::bytes() const {
    return sizeof(WatchList) + watched_.capacity() * sizeof(Watched);
}

void WatchList::keep(model::UserId user, const net::websocket::LocalFrame& frame) {
    const auto known = std::ranges::find(kept_, user, &Kept::user);
    if (known == kept_.end()) {
        kept_.push_back({user, frame});
    } else {
        known->frame = frame;
    }
}

Watchers::Watchers() = default;

Watchers::~Watchers() { CHECK(audiences_.empty()); }

void Watchers::watch(Subscriber& subscriber, const std::vector<model::UserId>& users) {
    forget(subscriber);
    if (users.empty()) return;
    subscriber.watches_ = std::make_unique<WatchList>();
    WatchList& list = *subscriber.watches_;
    list.watched_.reserve(users.size());
    for (const model::UserId& user : users) {
        std::unique_ptr<Audience>& audience = audiences_[user];
        if (!audience) audience = std::make_unique<Audience>(Audience{user, {}});
        const auto place = static_cast<std::uint32_t>(list.watched_.size());
        const auto index = static_cast<std::uint32_t>(audience->watching.size());
        audience->watching.push_back({&subscriber, place});
        list.watched_.push_back({audience.get(), index});
    }
    list_bytes_ += list.bytes();
}

void Watchers::release(Subscriber& subscriber) {
    if (!subscriber.watches_) return;
    WatchList& list = *subscriber.watches_;
    list.holding_ = false;
    for (const WatchList::Kept& kept : list.kept_) subscriber.session_->send_broadcast(kept.frame);
    std::vector<WatchList::Kept>().swap(list.kept_);
}

void Watchers::forget(Subscriber& subscriber) {
    const auto list = std::exchange(subscriber.watches_, nullptr);
    if (!list) return;
    for (const WatchList::Watched& watched : list->watched_) {
        remove(*watched.audience, watched.index);
    }
    list_bytes_ -= list->bytes();
}

void Watchers::drop_for_guests(model::UserId user) {
    const auto found = audiences_.find(user);
    if (found == audiences_.end()) return;
    std::vector<Subscriber*> guests;
    for (const Watching& watching : found->second->watching) {
        const Subscriber& watcher = *watching.subscriber;
        if (watcher.is_guest() && watcher.user_ != user) guests.push_back(watching.subscriber);
    }
    // The audience goes with the last of them.
    for (Subscriber* guest : guests) drop(*guest, user);
}

void Watchers::drop(Subscriber& subscriber, model::UserId user) {
    WatchList& list = *subscriber.watches_;
    const auto at = std::ranges::find_if(list.watched_, [&user](const WatchList::Watched& watched) {
        return watched.audience->user == user;
    });
    CHECK(at != list.watched_.end());
    const WatchList::Watched gone = *at;
    *at = list.watched_.back();
    at->audience->watching[at->index].place =
        static_cast<std::uint32_t>(at - list.watched_.begin());
    list.watched_.pop_back();
    std::erase_if(list.kept_, [&user](const WatchList::Kept& kept) { return kept.user == user; });
    remove(*gone.audience, gone.index);
}

void Watchers::remove(Audience& audience, std::uint32_t index) {
    std::vector<Watching>& watching = audience.watching;
    CHECK(index < watching.size());
    if (index + 1 != watching.size()) {
        watching[index] = watching.back();
        watching[index].subscriber->watches_->watched_[watching[index].place].index = index;
    }
    watching.pop_back();
    if (watching.empty()) {
        const model::UserId user = audience.user;
        audiences_.erase(user);
    } else if (watching.capacity() > 16 && watching.size() < watching.capacity() / 4) {
        watching.shrink_to_fit();
    }
}

std::size_t Watchers::deliver_state(model::UserId user, const net::websocket::LocalFrame& frame) {
    const auto found = audiences_.find(user);
    if (found == audiences_.end()) return 0;
    std::size_t sent = 0;
    for (const Watching& watching : found->second->watching) {
        WatchList& list = *watching.subscriber->watches_;
        if (list.holding_) {
            list.keep(user, frame);
        } else {
            watching.subscriber->session_->send_broadcast(frame);
            ++sent;
        }
    }
    return sent;
}

std::size_t Watchers::deliver(model::UserId user, const net::websocket::LocalFrame& frame) {
    const auto found = audiences_.find(user);
    if (found == audiences_.end()) return 0;
    std::size_t sent = 0;
    for (const Watching& watching : found->second->watching) {
        if (watching.subscriber->user_ == user) continue;
        watching.subscriber->session_->send_broadcast(frame);
        ++sent;
    }
    return sent;
}

std::size_t Watchers::bytes() const {
    std::size_t bytes = audiences_.bucket_count() * (sizeof(model::UserId) + sizeof(void*) + 1);
    for (const auto& [user, audience] : audiences_) {
        bytes += sizeof(Audience) + audience->watching.capacity() * sizeof(Watching);
    }
    return bytes + list_bytes_;
}

}  // namespace banter::api::ws
