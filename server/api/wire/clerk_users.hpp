// Users and members of organizations as Clerk's web hooks and its Backend API have them: JSON ->
// values. Pure.
//
// Members that nobody asked for are passed over, as Clerk adds some with time, and what is no text
// that can be kept is as if it weren't there.
#pragma once

#include "base/clock.hpp"
#include "service/clerk_event.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::api::wire {

/// The text with null in place of what lies so deep that nobody reads it: users may write metadata
/// of any depth themselves, and it must not keep anything from being read. What is left out is not
/// looked at.
[[nodiscard]] std::string without_depths(std::string_view text);

/// Null: it isn't there, or is none.
[[nodiscard]] const boost::json::object* clerk_object_in(
    const boost::json::object& object,
    std::string_view name
);
/// Nothing: it isn't there, or is none, or is empty.
[[nodiscard]] std::optional<std::string> clerk_text_of(
    const boost::json::object& object,
    std::string_view name
);
/// What Clerk calls a user, a session or an organization.
[[nodiscard]] std::optional<std::string> clerk_id_of(
    const boost::json::object& object,
    std::string_view name
);
/// Milliseconds since 1970, of a date that a clock shows.
[[nodiscard]] std::optional<Timestamp> clerk_time_of(
    const boost::json::object& object,
    std::string_view name
);

/// Nothing: it says not of whom, or as of when.
[[nodiscard]] std::optional<service::ClerkUser> read_clerk_user(const boost::json::object& data);
/// body: of an answer to GET /v1/users or /v1/users/{id}: an array, an object with one as `data`,
/// or a user. What is in an array and is no user is passed over. Nothing: Clerk answers otherwise.
[[nodiscard]] std::optional<std::vector<service::ClerkUser>> read_clerk_users(std::string_view body
);

/// Whose a membership is.
struct ClerkMembership {
    std::string organization;
    std::string subject;
};

/// Nothing: it says not whose it is.
[[nodiscard]] std::optional<ClerkMembership> read_clerk_membership(const boost::json::object& data);
/// Nothing: it says not whose it is, in which role, or as of when.
[[nodiscard]] std::optional<service::ClerkMember> read_clerk_member(const boost::json::object& data
);
struct ClerkMembers {
    std::vector<service::ClerkMember> members;
    /// Whether all that was in the list could be read.
    bool whole = true;
};

/// body: of an answer to GET /v1/organizations/{id}/memberships: an object with an array as `data`.
/// Nothing: Clerk answers otherwise.
[[nodiscard]] std::optional<ClerkMembers> read_clerk_members(std::string_view body);

/// body: of an answer with status 404. Whether Clerk itself says so of what was asked for, and not
/// something between.
[[nodiscard]] bool says_not_found(std::string_view body);

}  // namespace banter::api::wire
