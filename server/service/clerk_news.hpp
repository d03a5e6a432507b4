// A user as Clerk has them -> what becomes of them here. Pure, but for the id of who may be made.
#pragma once

#include "model/id.hpp"
#include "service/clerk_event.hpp"
#include "storage/hook_store.hpp"

#include <string>

namespace banter::service {

/// issuer: of the instance.
[[nodiscard]] storage::IdentityNews news_of(
    const std::string& issuer,
    ClerkUser user,
    model::IdMaker& ids
);

}  // namespace banter::service
