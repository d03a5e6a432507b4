#include "storage/nodes/event_codec.hpp"

#include "storage/nodes/enums.hpp"
#include "storage/nodes/fields.hpp"

#include <cstdint>

namespace banter::nodes {

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

}  // namespace banter::nodes
