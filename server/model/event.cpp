#include "model/event.hpp"

namespace banter::model {

namespace {

UserId user_of(const EventBody& body) {
    if (const auto* update = std::get_if<UserUpdate>(&body)) return update->user.id;
    if (const auto* update = std::get_if<PresenceUpdate>(&body)) return update->user;
    return {};
}

}  // namespace

std::size_t home_hash(const Event& event) {
    return event.thread == ThreadId{} ? user_of(event.body).hash() : event.thread.hash();
}

}  // namespace banter::model
