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
    /// Whether an unknown one becomes a user of the hook's workspace.
    bool makes = true;
};

/// For good: no token makes the user again.
struct IdentityEnd {};

/// The organization whose workspace the hook's is, as the issuer has it.
struct OrganizationNews {
    std::string organization;
    std::string name;
    /// By the issuer's clock, as everything in hooks: what is older is passed over.
    Timestamp updated_at;
};

/// For good: nobody is let into the workspace any more.
struct OrganizationEnd {
    std::string organization;
};

/// The identity as a member of the hook's workspace.
struct MemberNews {
    model::WorkspaceRole role = model::WorkspaceRole::member;
    Timestamp updated_at;
};

/// Until the issuer says something newer, the user is deactivated in the hook's workspace.
struct MemberEnd {
    Timestamp left_at;
};

struct Hook {
    /// The same whenever it is sent again. Nothing: it is no hook but an answer to a question.
    std::optional<std::string> id;
    model::WorkspaceId workspace;
    /// What is said of a user or a session is so in every workspace.
    Identity identity;
    std::variant<
        SessionEnd,
        IdentityNews,
        IdentityEnd,
        OrganizationNews,
        OrganizationEnd,
        MemberNews,
        MemberEnd>
        says;
    Timestamp now;
};

class HookStore {
public:
    virtual ~HookStore() = default;

    /// False: it was taken before, and nothing is changed. With what follows from it, in one
    /// transaction; of an OrganizationEnd in several, of which the last takes it.
    [[nodiscard]] virtual Task<bool> take(Hook hook) = 0;
};

}  // namespace banter::storage
