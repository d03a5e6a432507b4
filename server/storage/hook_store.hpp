// What an issuer elsewhere tells of its users and their sessions, each hook taken once.
#pragma once

#include "base/task.hpp"
#include "storage/user_store.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <variant>

namespace banter::storage {

/// Longer than a sender tries (27.6 hours). What is sent again later changes nothing either: news
/// is in the order of its time, and an end stays one.
inline constexpr std::chrono::hours hooks_kept{7 * 24};
/// Longer than any token of the session counts.
inline constexpr std::chrono::hours ended_sessions_kept{24};

struct SessionEnd {
    model::SignInId session;
};

/// The user as the issuer knows them.
struct IdentityNews {
    /// By the issuer's clock: what is older than what was taken is passed over.
    Timestamp updated_at;
    /// For the user who is made if the identity is unknown.
    model::UserId id;
    std::string handle;
    std::string display_name;
    /// Whether `handle` is the issuer's own, which a known user gets, too.
    bool renames = false;
    std::optional<std::string> avatar_url;
    bool barred = false;
};

/// For good: no token makes the user again.
struct IdentityEnd {};

struct Hook {
    /// The same whenever it is sent again.
    std::string id;
    model::WorkspaceId workspace;
    Identity identity;
    std::variant<SessionEnd, IdentityNews, IdentityEnd> says;
    Timestamp now;
};

class HookStore {
public:
    virtual ~HookStore() = default;

    /// False: it was taken before, and nothing is changed. With what follows from it, in one
    /// transaction.
    [[nodiscard]] virtual Task<bool> take(Hook hook) = 0;
};

}  // namespace banter::storage
