#include "storage/memory/presence_elsewhere.hpp"

#include <algorithm>

namespace banter::memory {

void PresenceElsewhere::hear(storage::NodeId node, const model::UserPresence& told) {
    const bool there = told.presence != model::Presence::offline;
    auto found = users_.find(told.user);
    if (found == users_.end()) {
        if (!there) return;
        found = users_.try_emplace(told.user).first;
    }
    Places& places = found->second;
    auto place = std::ranges::find(places, node, &Told::node);
    if (!there) {
        if (place != places.end()) places.erase(place);
        if (places.empty()) users_.erase(found);
        return;
    }
    if (place == places.end()) place = places.insert(places.end(), Told{});
    const Timestamp active_at = told.last_active_at.value_or(Timestamp{});
    *place = {node, told.presence, active_at, lists_[node]};
}

template <typename Which>
std::vector<model::UserId> PresenceElsewhere::drop(Which which) {
    std::vector<model::UserId> dropped;
    boost::unordered::erase_if(users_, [&](auto& user) {
        Places& places = user.second;
        const auto gone = std::remove_if(places.begin(), places.end(), which);
        if (gone == places.end()) return false;
        places.erase(gone, places.end());
        dropped.push_back(user.first);
        return places.empty();
    });
    return dropped;
}

std::vector<model::UserId> PresenceElsewhere::end_list(storage::NodeId node) {
    const std::uint64_t list = lists_[node];
    return drop([&](const Told& told) { return told.node == node && told.list != list; });
}

std::vector<model::UserId> PresenceElsewhere::lose(storage::NodeId node) {
    lists_.erase(node);
    return drop([&](const Told& told) { return told.node == node; });
}

std::optional<model::UserPresence> PresenceElsewhere::find(model::UserId user) const {
    const auto found = users_.find(user);
    if (found == users_.end()) return std::nullopt;
    const Told& newest = *std::ranges::max_element(found->second, {}, &Told::active_at);
    return model::UserPresence{user, newest.presence, newest.active_at};
}

std::size_t PresenceElsewhere::bytes() const {
    return users_.bucket_count() * (sizeof(model::UserId) + sizeof(Places) + 1);
}

}  // namespace banter::memory
