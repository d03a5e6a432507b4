// The door to the storage layer: what the rules may use, whatever it is made of.
#pragma once

#include "model/user.hpp"
#include "storage/access_token_store.hpp"
#include "storage/cdn.hpp"
#include "storage/departure_store.hpp"
#include "storage/event_bus.hpp"
#include "storage/file_store.hpp"
#include "storage/fresh_objects.hpp"
#include "storage/hook_store.hpp"
#include "storage/invite_store.hpp"
#include "storage/media_types.hpp"
#include "storage/message_store.hpp"
#include "storage/object_store.hpp"
#include "storage/people_store.hpp"
#include "storage/pictures.hpp"
#include "storage/posters.hpp"
#include "storage/presence_store.hpp"
#include "storage/rate_limiter.hpp"
#include "storage/revocation_store.hpp"
#include "storage/thread_store.hpp"
#include "storage/upload_store.hpp"
#include "storage/user_store.hpp"
#include "storage/virus_scanner.hpp"

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
    HookStore& hooks;
    ThreadStore& threads;
    MessageStore& messages;
    FileStore& files;
    UploadStore& uploads;
    EventBus& bus;
    RateLimiter& rates;
    PresenceStore& presence;
};

/// What the bytes of files need beside the database. Used from one loop only, as Storage is.
struct FileStorage {
    ObjectStore& objects;
    /// Of this loop.
    FreshObjects& fresh;
    MediaTypes& media_types;
    /// Null: pictures are kept as files that nobody looked into.
    Pictures* pictures = nullptr;
    /// Null: files that are no pictures have none that stands for them. Only beside `pictures`.
    Posters* posters = nullptr;
    /// Null: files aren't looked through.
    VirusScanner* scanner = nullptr;
    const Cdn& cdn;
    /// Null: the links lead elsewhere.
    const LinkVerifier* links = nullptr;
};

}  // namespace banter::storage
