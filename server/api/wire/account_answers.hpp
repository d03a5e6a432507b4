// Bodies of HTTP answers about what a person manages: sign-ins, personal access tokens,
// invitations. Pure.
#pragma once

#include "model/access_token.hpp"
#include "model/invite.hpp"
#include "model/page.hpp"
#include "model/sign_in.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace banter::api::wire {

/// `{items, next}`; current: the caller's own.
[[nodiscard]] std::string sign_ins(
    const model::Page<model::SignIn>& page,
    std::optional<model::SignInId> current
);

/// `{items, next}`
[[nodiscard]] std::string access_tokens(const model::Page<model::AccessToken>& page);
/// With the token itself: the answer to who made it.
[[nodiscard]] std::string made_access_token(
    const model::AccessToken& about,
    std::string_view token
);

/// `{items, next}`
[[nodiscard]] std::string invites(const model::Page<model::Invite>& page);
/// With the code, and the link that has it in it: the answer to who made it.
[[nodiscard]] std::string made_invite(
    const model::Invite& about,
    std::string_view code,
    std::string_view url
);

}  // namespace banter::api::wire
