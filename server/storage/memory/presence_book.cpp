#include "storage/memory/presence_book.hpp"

#include "base/check.hpp"
#include "base/heap.hpp"

namespace banter::memory {

bool PresenceBook::arrive(model::UserId user) {
    const auto [place, came] = here_.try_emplace(user);
    Here& here = place->second;
    ++here.connections;
    here.active_at = clock_.now();
    if (came) forget(user);
    return came;
}

void PresenceBook::leave(model::UserId user) {
    const auto found = here_.find(user);
    CHECK(found != here_.end() && found->second.connections > 0);
    Here& here = found->second;
    if (--here.connections > 0) return;
    here.leaves_at = clock_.steady() + limits_.grace;
    leaving_.push_back({user, here.leaves_at});
}

void PresenceBook::touch(model::UserId user) {
    const auto found = here_.find(user);
    if (found == here_.end()) return;
    const Timestamp now = clock_.now();
    if (now - found->second.active_at >= limits_.active_every) found->second.active_at = now;
}

bool PresenceBook::choose(model::UserId user, model::Presence presence) {
    const auto found = here_.find(user);
    if (found == here_.end() || found->second.chosen == presence) return false;
    found->second.chosen = presence;
    return true;
}

model::UserPresence PresenceBook::find(model::UserId user) const {
    if (const auto here = here_.find(user); here != here_.end()) {
        return {user, here->second.chosen, here->second.active_at};
    }
    if (const auto gone = gone_.find(user); gone != gone_.end()) {
        return {user, model::Presence::offline, gone->second->active_at};
    }
    return {user, model::Presence::offline, std::nullopt};
}

std::vector<model::UserPresence> PresenceBook::all() const {
    std::vector<model::UserPresence> all;
    all.reserve(here_.size());
    for (const auto& [user, here] : here_) all.push_back({user, here.chosen, here.active_at});
    return all;
}

void PresenceBook::note_gone(model::UserId user, Timestamp active_at) {
    if (here_.contains(user)) return;
    forget(user);
    remember(user, active_at);
}

std::optional<SteadyTime> PresenceBook::next_deadline() const {
    if (leaving_.empty()) return std::nullopt;
    return leaving_.front().at;
}

std::vector<model::UserId> PresenceBook::due() {
    std::vector<model::UserId> left;
    const SteadyTime now = clock_.steady();
    while (!leaving_.empty() && leaving_.front().at <= now) {
        const Leaving leaving = leaving_.front();
        leaving_.pop_front();
        const auto found = here_.find(leaving.user);
        // Came back meanwhile, perhaps to leave again.
        if (found == here_.end() || found->second.connections > 0) continue;
        if (found->second.leaves_at != leaving.at) continue;
        remember(leaving.user, found->second.active_at);
        here_.erase(found);
        left.push_back(leaving.user);
    }
    return left;
}

std::size_t PresenceBook::bytes() const {
    // A node has two pointers besides.
    constexpr std::size_t gone_bytes = heap_block_bytes(sizeof(Gone) + 2 * sizeof(void*));
    // The map has a byte for each place besides.
    return here_.bucket_count() * (sizeof(model::UserId) + sizeof(Here) + 1) +
           gone_.bucket_count() * (sizeof(model::UserId) + sizeof(Order::iterator) + 1) +
           order_.size() * gone_bytes + leaving_.size() * sizeof(Leaving);
}

void PresenceBook::remember(model::UserId user, Timestamp active_at) {
    order_.push_front({user, active_at});
    gone_.emplace(user, order_.begin());
    if (order_.size() <= limits_.gone_max) return;
    gone_.erase(order_.back().user);
    order_.pop_back();
}

void PresenceBook::forget(model::UserId user) {
    const auto found = gone_.find(user);
    if (found == gone_.end()) return;
    order_.erase(found->second);
    gone_.erase(found);
}

}  // namespace banter::memory
