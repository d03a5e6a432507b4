// The door to the storage layer: what the rules may use, whatever it is made of.
#pragma once

#include "model/user.hpp"
#include "storage/event_bus.hpp"
#include "storage/message_store.hpp"
#include "storage/rate_limiter.hpp"
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
    SignInStore& sign_ins;
    ThreadStore& threads;
    MessageStore& messages;
    EventBus& bus;
    RateLimiter& rates;
};

}  // namespace banter::storage
