// People as others see them.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "model/page.hpp"
#include "model/user_change.hpp"
#include "service/caller.hpp"
#include "storage/storage.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace banter::service {

/// Everyone named in the messages, each once: first the authors, then the mentioned, then who
/// reacted; at most limits::answer_users_max.
[[nodiscard]] std::vector<model::UserId> named_ids(const std::vector<model::Message>& messages);

/// Why a profile can't be so: bad_request or too_large.
[[nodiscard]] std::optional<Error> mistake_in(const model::ProfileChange& change, Timestamp now);

/// At least as many bytes as the user takes as JSON on the wire.
[[nodiscard]] std::size_t wire_size_bound(const model::User& user);

class Users {
public:
    Users(storage::Storage& storage, const Clock& clock) : storage_(storage), clock_(clock) {}

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

    /// Those of the caller's workspace among `ids`, in no order; a guest finds only who shares a
    /// thread with them.
    [[nodiscard]] Task<std::vector<model::User>> find_all(
        Caller caller,
        std::vector<model::UserId> ids
    );

    /// Returns not_found, also for whom a guest doesn't find.
    [[nodiscard]] Task<Result<model::User>> find(Caller caller, model::UserId user);

    /// By the beginning of a handle, of a display name or of a word in one, in any case; by what
    /// matches. Owners and admins find the deactivated too. A page may be short and have a next
    /// one.
    [[nodiscard]] Task<Result<model::Page<model::User>>> search(
        Caller caller,
        std::string query,
        model::PageRequest page
    );

    /// Changes the caller's own. Returns bad_request, conflict: the handle is taken.
    [[nodiscard]] Task<Result<model::User>> change_profile(
        Caller caller,
        model::ProfileChange change
    );

    /// Returns not_found, forbidden, conflict: the last owner can't go.
    [[nodiscard]] Task<Result<model::User>> change(
        Caller caller,
        model::UserId user,
        model::UserChange change
    );

private:
    storage::Storage& storage_;
    const Clock& clock_;
};

}  // namespace banter::service
