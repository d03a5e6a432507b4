// Who is there on other nodes, as they told. Pure: no loop, no timer, nobody is told.
#pragma once

#include "model/presence.hpp"
#include "storage/node_id.hpp"

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace banter::memory {

class PresenceElsewhere {
public:
    /// What a node told of a user; offline: it has none any more.
    void hear(storage::NodeId node, const model::UserPresence& told);

    /// A node tells of everybody: who isn't heard of until the end is not there any more.
    void begin_list(storage::NodeId node) { ++lists_[node]; }
    /// Returns who is not there.
    [[nodiscard]] std::vector<model::UserId> end_list(storage::NodeId node);

    /// The node is gone. Returns who was there.
    [[nodiscard]] std::vector<model::UserId> lose(storage::NodeId node);

    /// Nothing: on no other node. Of several the one with the newest activity.
    [[nodiscard]] std::optional<model::UserPresence> find(model::UserId user) const;

    [[nodiscard]] std::size_t bytes() const;

private:
    struct Told {
        storage::NodeId node;
        model::Presence presence;
        Timestamp active_at;
        /// Of its node, when that was told last.
        std::uint64_t list;
    };
    /// Most people are on one node, some on two.
    using Places = boost::container::small_vector<Told, 1>;

    template <typename Which>
    [[nodiscard]] std::vector<model::UserId> drop(Which which);

    boost::unordered_flat_map<model::UserId, Places> users_;
    boost::unordered_flat_map<storage::NodeId, std::uint64_t> lists_;
};

}  // namespace banter::memory
