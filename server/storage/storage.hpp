// The door to the storage layer: what the rules may use, whatever it is made of.
#pragma once

#include "model/user.hpp"
#include "storage/access_token_store.hpp"
#include "storage/departure_store.hpp"
#include "storage/event_bus.hpp"
#include "storage/invite_store.hpp"
#include "storage/message_store.hpp"
#include "storage/people_store.hpp"
#include "storage/presence_store.hpp"
#include "storage/rate_limiter.hpp"
#include "storage/revocation_store.hpp"
#include "storage/thread_store.hpp"
#include "storage/user_store.hpp"

#include <string>

namespace banter::storage {

/// What the database says of itself. `epoch` changes when its history does (a restored backup).
struct Installation {
    std::string epoch;
    model::Workspace workspace;
};

/// One for each loop; everything in it is used from that loop only.
struct Storage {
    UserStore& users;
    PeopleStore& people;
    DepartureStore& departures;
    SignInStore& sign_ins;
    AccessTokenStore& access_tokens;
    InviteStore& invites;
    RevocationStore& revocations;
    ThreadStore& threads;
    MessageStore& messages;
    EventBus& bus;
    RateLimiter& rates;
    PresenceStore& presence;
};

}  // namespace banter::storage
