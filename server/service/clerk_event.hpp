// What an instance of Clerk tells of its users, their sessions and their organizations.
#pragma once

#include "base/clock.hpp"

#include <optional>
#include <string>
#include <variant>

namespace banter::service {

/// user.created, user.updated
struct ClerkUser {
    /// What Clerk calls the user: the `sub` of their tokens.
    std::string subject;
    std::optional<std::string> first_name, last_name, username;
    /// Nothing: none was chosen.
    std::optional<std::string> picture;
    bool banned = false;
    /// By Clerk's clock.
    Timestamp updated_at;
};

/// user.deleted
struct ClerkUserEnd {
    std::string subject;
};

/// session.ended, session.removed, session.revoked
struct ClerkSessionEnd {
    std::string subject;
    /// The `sid` of its tokens.
    std::string session;
};

/// organization.created, organization.updated
struct ClerkOrganization {
    /// The `o.id` of its tokens.
    std::string id;
    std::optional<std::string> name, slug;
    Timestamp updated_at;
};

/// organization.deleted
struct ClerkOrganizationEnd {
    std::string id;
};

/// organizationMembership.created, organizationMembership.updated
struct ClerkMember {
    std::string organization;
    std::string subject;
    /// Such as "org:admin".
    std::string role;
    Timestamp updated_at;
};

/// organizationMembership.deleted
struct ClerkMemberEnd {
    std::string organization;
    std::string subject;
    /// Of the event.
    Timestamp at;
};

/// std::monostate: of a kind from which nothing follows here.
using ClerkEvent = std::variant<
    std::monostate,
    ClerkUser,
    ClerkUserEnd,
    ClerkSessionEnd,
    ClerkOrganization,
    ClerkOrganizationEnd,
    ClerkMember,
    ClerkMemberEnd>;

}  // namespace banter::service
