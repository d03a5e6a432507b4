// Conversations: make, find, change, join and leave, and who is in them.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "service/caller.hpp"
#include "service/read_marks.hpp"
#include "storage/storage.hpp"

#include <optional>
#include <string>
#include <vector>

namespace banter::service {

struct CreateThread {
    model::ThreadKind kind = model::ThreadKind::channel;
    model::Visibility visibility = model::Visibility::public_;
    /// Of channels, and of groups that want one.
    std::string name;
    /// Without the caller.
    std::vector<model::UserId> members;
    /// Of a reply thread, and of nothing else.
    std::optional<model::ParentMessage> parent;
};

struct SetPreferences {
    model::ThreadId thread;
    model::Level level = model::Level::all;
    std::optional<Timestamp> muted_until;
};

class Threads {
public:
    Threads(
        storage::Storage& storage,
        ReadMarks& read_marks,
        const Clock& clock,
        model::IdMaker& ids
    );

    /// A direct thread of the same people, and the replies to a message, are found if they exist.
    /// Returns forbidden (guests), bad_request (name, members, parent), not_found (a member, the
    /// parent), conflict (name taken, the message deleted, the thread archived).
    [[nodiscard]] Task<Result<storage::FoundOrMade>> create(Caller caller, CreateThread request);
    /// Returns not_found.
    [[nodiscard]] Task<Result<model::ThreadView>> find(Caller caller, model::ThreadId thread);
    [[nodiscard]] Task<Result<model::Page<model::ThreadView>>> list(
        Caller caller,
        model::PageRequest page
    );
    [[nodiscard]] Task<Result<model::Page<model::ThreadView>>> discover(
        Caller caller,
        std::string query,
        model::PageRequest page
    );
    /// Rename, topic, visibility, archive. Returns not_found, forbidden, bad_request, conflict.
    [[nodiscard]] Task<Result<model::ThreadView>> change(
        Caller caller,
        model::ChangeThread request
    );
    /// Becoming a member of a public channel, or following a reply thread; being one already
    /// changes nothing.
    [[nodiscard]] Task<Result<model::ThreadView>> join(Caller caller, model::ThreadId thread);
    /// Ends the caller's membership; of a direct thread it is only hidden until something new is
    /// said in it. No error for one who is no member.
    [[nodiscard]] Task<std::optional<Error>> leave(Caller caller, model::ThreadId thread);

    [[nodiscard]] Task<Result<model::Page<model::Member>>> members(
        Caller caller,
        model::ThreadId thread,
        model::PageRequest page
    );
    /// Adds a member or gives a role. Returns not_found (thread, user), forbidden, conflict.
    [[nodiscard]] Task<Result<model::Member>> set_member(
        Caller caller,
        model::ThreadId thread,
        model::UserId member,
        model::ThreadRole role
    );
    /// No error if there was no such member. Returns not_found, forbidden.
    [[nodiscard]] Task<std::optional<Error>> remove_member(
        Caller caller,
        model::ThreadId thread,
        model::UserId member
    );
    /// Returns not_found, forbidden (no member).
    [[nodiscard]] Task<Result<model::ThreadView>> set_preferences(
        Caller caller,
        SetPreferences request
    );
    /// The threads whose activity the user's sessions are told of.
    [[nodiscard]] Task<std::vector<model::ThreadId>> watched(Caller caller);

private:
    [[nodiscard]] Task<Result<storage::FoundOrMade>> create_reply(
        Caller caller,
        model::ParentMessage parent
    );

    storage::Storage& storage_;
    ReadMarks& read_marks_;
    const Clock& clock_;
    model::IdMaker& ids_;
};

}  // namespace banter::service
