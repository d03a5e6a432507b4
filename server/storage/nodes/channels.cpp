#include "storage/nodes/channels.hpp"

#include <type_traits>
#include <variant>

namespace banter::nodes {

namespace {

template <typename Body, typename... Kinds>
constexpr bool is_one_of = (std::is_same_v<Body, Kinds> || ...);

}  // namespace

std::string Channels::of(const model::Event& event) const {
    return std::visit(
        [&]<typename Body>(const Body&) -> std::string {
            // Each node makes its own of these: activity of messages, presence of what nodes know.
            if constexpr (is_one_of<Body, model::ThreadActivity, model::PresenceUpdate>) return {};
            // Who comes to a thread isn't among those who hear of it, and who is thrown out may be
            // in the replies only.
            if constexpr (is_one_of<
                              Body,
                              model::MemberUpdate,
                              model::ThreadRemoved,
                              model::UserUpdate,
                              model::Revocation>) {
                return of_everybody();
            }
            return of_thread(event.thread);
        },
        event.body
    );
}

}  // namespace banter::nodes
