// Conversations: make, find, join.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "service/caller.hpp"
#include "service/read_marks.hpp"
#include "storage/storage.hpp"

#include <string>

namespace banter::service {

struct CreateThread {
    model::ThreadKind kind = model::ThreadKind::channel;
    model::Visibility visibility = model::Visibility::public_;
    std::string name;
};

class Threads {
public:
    Threads(
        storage::Storage& storage,
        ReadMarks& read_marks,
        const Clock& clock,
        model::IdMaker& ids
    );

    /// Returns forbidden (guests), bad_request (name; a kind that isn't made this way), conflict
    /// (name taken).
    [[nodiscard]] Task<Result<model::ThreadView>> create(Caller caller, CreateThread request);
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
    /// Becoming a member of a public channel; being one already changes nothing.
    [[nodiscard]] Task<Result<model::ThreadView>> join(Caller caller, model::ThreadId thread);

private:
    storage::Storage& storage_;
    ReadMarks& read_marks_;
    const Clock& clock_;
    model::IdMaker& ids_;
};

}  // namespace banter::service
