#include "storage/redis/event_codec.hpp"

#include "storage/redis/fields.hpp"

#include <cstdint>

namespace banter::redis {

template <>
const model::ThreadKind last_of<model::ThreadKind> = model::ThreadKind::reply;
template <>
const model::Visibility last_of<model::Visibility> = model::Visibility::private_;
template <>
const model::ThreadRole last_of<model::ThreadRole> = model::ThreadRole::member;
template <>
const model::Level last_of<model::Level> = model::Level::none;
template <>
const model::WorkspaceRole last_of<model::WorkspaceRole> = model::WorkspaceRole::guest;
template <>
const model::Presence last_of<model::Presence> = model::Presence::offline;
template <>
const model::RevocationReason last_of<model::RevocationReason> =
    model::RevocationReason::thread_closed;

namespace {

/// Of the layout of all that an event may hold: another one whenever a field comes, goes, moves or
/// changes its type. The test knows the bytes of one of each kind.
constexpr std::uint32_t layout = 1;

}  // namespace

std::string encode(const model::Event& event) {
    FieldWriter out;
    out.put(layout);
    out.put(event);
    return out.take();
}

std::optional<model::Event> decode(std::string_view bytes) {
    FieldReader in(bytes);
    std::uint32_t written_as = 0;
    in.get(written_as);
    if (written_as != layout) return std::nullopt;
    model::Event event;
    in.get(event);
    if (!in.ended_well()) return std::nullopt;
    return event;
}

}  // namespace banter::redis
