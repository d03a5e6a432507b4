// People as others see them.
#pragma once

#include "base/task.hpp"
#include "service/caller.hpp"
#include "storage/storage.hpp"

#include <cstddef>
#include <vector>

namespace banter::service {

/// Everyone named in the messages, each once: first the authors, then the mentioned, then who
/// reacted; at most limits::answer_users_max.
[[nodiscard]] std::vector<model::UserId> named_ids(const std::vector<model::Message>& messages);

/// At least as many bytes as the user takes as JSON on the wire.
[[nodiscard]] std::size_t wire_size_bound(const model::User& user);

class Users {
public:
    explicit Users(storage::Storage& storage) : storage_(storage) {}

    /// Everyone named in the messages: authors, mentioned, reacting; of a crowd as many as an
    /// answer holds.
    [[nodiscard]] Task<std::vector<model::User>> named_in(
        Caller caller,
        std::vector<model::Message> messages
    );

    /// Those of the caller's workspace among `ids`; as many as fit into `bytes_max` of
    /// wire_size_bound, the first ones first.
    [[nodiscard]] Task<std::vector<model::User>> find_within(
        Caller caller,
        std::vector<model::UserId> ids,
        std::size_t bytes_max
    );

    /// Those of the caller's workspace among `ids`; a guest finds only itself.
    [[nodiscard]] Task<std::vector<model::User>> find_all(
        Caller caller,
        std::vector<model::UserId> ids
    );

private:
    storage::Storage& storage_;
};

}  // namespace banter::service
