// Bodies of HTTP answers. Pure.
#pragma once

#include "api/wire/entities.hpp"
#include "model/page.hpp"
#include "service/views.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::api::wire {

/// An issuer to sign in at.
struct IssuerFacts {
    std::string_view name;
    /// Where a browser goes for it.
    std::string url;
};

/// What `GET /api/config` says to everybody.
struct ConfigFacts {
    std::string_view name;
    /// "open", "invite" or "closed".
    std::string_view sign_up;
    /// Per second and user; 0: no limit.
    double sends_per_second = 0;
    double requests_per_second = 0;
    /// Of one file.
    std::uint64_t file_bytes_max = 0;
    /// Whether the installation waits for its owner.
    bool setup = false;
    /// Empty: nobody signs in at Clerk from a page.
    std::string_view clerk_publishable_key{};
    std::vector<IssuerFacts> issuers{};
};

struct BootFacts {
    const model::User& user;
    const model::Workspace& workspace;
    model::WorkspaceRole role;
    const model::Page<model::ThreadView>& threads;
    const std::vector<model::User>& users;
    std::string_view epoch;
    Timestamp server_time;
};

[[nodiscard]] std::string config(const ConfigFacts& facts);
[[nodiscard]] std::string boot(const BootFacts& facts);
/// `{user, token, tokenExpiresAt}`
[[nodiscard]] std::string granted(
    const model::User& user,
    std::string_view token,
    Timestamp expires_at
);
[[nodiscard]] std::string user(const model::User& user);
/// With role and deactivatedAt.
[[nodiscard]] std::string account(const model::User& user);
/// `{items, next}` of accounts.
[[nodiscard]] std::string accounts(const model::Page<model::User>& page);
[[nodiscard]] std::string thread(const model::ThreadView& view);
/// `{items, next}`
[[nodiscard]] std::string threads(const model::Page<model::ThreadView>& page);
[[nodiscard]] std::string member(const model::Member& member);
/// `{items, next, users}`: who the members are stands in `users`.
[[nodiscard]] std::string members(
    const model::Page<model::Member>& page,
    const std::vector<model::User>& users
);
[[nodiscard]] std::string message(const model::Message& message, const service::FileLinks& links);
[[nodiscard]] std::string attachment(const model::File& file, const service::FileLinks& links);
/// `{items, next, users}`; next: the cursor of the page that follows, if there is one.
[[nodiscard]] std::string messages(
    const service::MessagesPage& page,
    const std::optional<std::string>& next,
    const service::FileLinks& links
);
/// `{items, count, next}`
[[nodiscard]] std::string reacted(const service::Reacted& reacted);
[[nodiscard]] std::string read_state(const service::ReadState& state);

}  // namespace banter::api::wire
