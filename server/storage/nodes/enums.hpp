// The enums that nodes send each other.
#pragma once

#include "model/event.hpp"
#include "storage/nodes/fields.hpp"

#include <type_traits>

namespace banter::nodes {

template <>
struct LastOf<model::ThreadKind>
    : std::integral_constant<model::ThreadKind, model::ThreadKind::reply> {};
template <>
struct LastOf<model::Visibility>
    : std::integral_constant<model::Visibility, model::Visibility::private_> {};
template <>
struct LastOf<model::ThreadRole>
    : std::integral_constant<model::ThreadRole, model::ThreadRole::member> {};
template <>
struct LastOf<model::Level> : std::integral_constant<model::Level, model::Level::none> {};
template <>
struct LastOf<model::WorkspaceRole>
    : std::integral_constant<model::WorkspaceRole, model::WorkspaceRole::guest> {};
template <>
struct LastOf<model::Presence> : std::integral_constant<model::Presence, model::Presence::offline> {
};

template <>
struct LastOf<model::RevocationReason>
    : std::integral_constant<model::RevocationReason, model::RevocationReason::thread_closed> {};

}  // namespace banter::nodes
