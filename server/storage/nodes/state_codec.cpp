#include "storage/nodes/state_codec.hpp"

#include "storage/nodes/enums.hpp"
#include "storage/nodes/fields.hpp"

namespace banter::nodes {

namespace {

/// Another one whenever a field comes, goes, moves or changes its type.
constexpr std::uint32_t layout = 1;

}  // namespace

std::string encode_state(const State& state) {
    FieldWriter out;
    out.put(layout);
    out.put(state);
    return out.take();
}

std::optional<State> decode_state(std::string_view bytes) {
    FieldReader in(bytes);
    std::uint32_t written_as = 0;
    in.get(written_as);
    if (written_as != layout) return std::nullopt;
    State state;
    in.get(state);
    if (!in.ended_well()) return std::nullopt;
    return state;
}

}  // namespace banter::nodes
