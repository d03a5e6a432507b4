// Messages: send, edit, remove, react, read back.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "service/caller.hpp"
#include "service/read_marks.hpp"
#include "service/views.hpp"
#include "storage/storage.hpp"

#include <optional>
#include <string>
#include <vector>

namespace banter::service {

struct SendRules {
    /// Sends per second and user, and how many at once; 0: no limit.
    storage::Rate sends{.per_second = 50, .burst = 100};
};

struct JoinRequest {
    model::ThreadId thread;
    std::optional<model::Rev> since;
    std::optional<std::string> epoch;
};

class Messages {
public:
    Messages(
        SendRules rules,
        storage::Storage& storage,
        const storage::Installation& installation,
        ReadMarks& read_marks,
        const Clock& clock,
        model::IdMaker& ids
    );

    /// Returns rate_limited, not_found (the thread, the message replied to, a file that isn't the
    /// caller's or is in a message), forbidden (no member), conflict (archived), nonce_reused,
    /// bad_request, too_large (content). Durable when it returns.
    [[nodiscard]] Task<Result<model::Message>> send(Caller caller, model::SendMessage request);
    [[nodiscard]] Task<Result<model::Message>> edit(Caller caller, model::EditMessage request);
    [[nodiscard]] Task<Result<model::Message>> remove(Caller caller, model::MessageId message);
    [[nodiscard]] Task<Result<model::Message>> react(
        Caller caller,
        model::MessageId message,
        std::string emoji,
        bool add
    );
    [[nodiscard]] Task<Result<model::Message>> find(Caller caller, model::MessageId message);

    /// Returns not_found, bad_request (the emoji). Nobody having reacted so is an empty page.
    [[nodiscard]] Task<Result<Reacted>> reactions(
        Caller caller,
        model::MessageId message,
        std::string emoji,
        model::PageRequest page
    );

    /// Join Thread: makes the caller a member of a public channel, and answers with the newest
    /// messages, or with every change after `since`.
    [[nodiscard]] Task<Result<Joined>> join(Caller caller, JoinRequest request);

    [[nodiscard]] Task<Result<MessagesPage>> history(
        Caller caller,
        model::ThreadId thread,
        storage::HistoryPlace place,
        std::size_t limit
    );

    /// Brings the reply summaries up to date that are due; to be called once a second.
    [[nodiscard]] Task<> refresh_reply_summaries();

private:
    /// The newest messages, or with `since` what changed after it, as one answer of a join; users
    /// are left out.
    [[nodiscard]] Task<Result<Joined>> read(
        Caller caller,
        model::ThreadId thread,
        std::optional<model::Rev> since
    );
    [[nodiscard]] Task<Result<Joined>> read_newest(Caller caller, model::ThreadId thread);
    /// To be awaited where it is called.
    [[nodiscard]] Task<std::vector<model::User>> users_named(
        Caller caller,
        const std::vector<model::Message>& messages
    );

    SendRules rules_;
    storage::Storage& storage_;
    const storage::Installation& installation_;
    ReadMarks& read_marks_;
    const Clock& clock_;
    model::IdMaker& ids_;
};

}  // namespace banter::service
