// The log: every message of every thread, in the order of its seq, findable by the rev of its last
// change.
//
// Every change takes the next `rev` of its thread under the lock of the thread's row, inside the
// transaction that writes it, and each new message the next `seq`. Both are gap-free. After the
// commit the answers go to the loops that asked, then the events to the event bus, but for
// revocations, which go there before the answers; a change is never told before.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "model/message.hpp"
#include "model/page.hpp"
#include "storage/thread_store.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace banter::storage {

/// Who the content names, before it is known whether they are members.
struct MentionCandidates {
    std::vector<model::UserId> users;
    bool all = false;
};

struct NewMessage {
    model::MessageId id;
    model::ThreadId thread;
    model::UserId author;
    model::Nonce nonce;
    model::RequestHash request_hash{};
    std::string content;
    /// Each once.
    std::vector<model::FileId> attachments;
    MentionCandidates mentions;
    /// Whether the author's role in the workspace allows to mention all; else an owner of the
    /// thread may, and everyone in threads of at most 50 members.
    bool may_mention_all = false;
    std::optional<model::MessageId> reply_to;
    Timestamp created_at;
};

/// A pure function of the thread as the asking user sees it and of the message that is to change.
using MessageRule =
    std::function<std::optional<Error>(const model::ThreadView&, const model::Message&)>;

struct MessageEdit {
    model::MessageId message;
    model::UserId editor;
    std::string content;
    MentionCandidates mentions;
    bool may_mention_all = false;
    std::optional<model::Rev> if_rev;
    Timestamp edited_at;
};

struct ReactionEdit {
    model::MessageId message;
    model::UserId user;
    std::string emoji;
    bool add = true;
    Timestamp at;
};

/// The newest messages, ascending.
struct Newest {};
/// Up to and excluding / from and excluding / centred on a seq; those from a time on.
struct Before {
    model::Seq seq;
};

struct After {
    model::Seq seq;
};

struct Around {
    model::Seq seq;
};

struct AtTime {
    Timestamp time;
};

using HistoryPlace = std::variant<Newest, Before, After, Around, AtTime>;

struct HistoryRequest {
    model::ThreadId thread;
    model::UserId viewer;
    HistoryPlace place;
    std::size_t count_max = 50;
    /// Of model::wire_size_bound over the messages; at least one message is given all the same.
    /// What is cut is cut from the far end: the oldest for Newest and Before, the newest for After
    /// and AtTime.
    std::size_t bytes_max = 128 * 1024;
};

/// The thread and messages of it as of one moment.
struct History {
    model::ThreadView view;
    /// Ascending by seq; for changes ascending by rev.
    std::vector<model::Message> messages;
    /// Whether there are older / newer messages than those given (for changes: whether more
    /// follow).
    bool more_before = false;
    bool more_after = false;
};

struct FoundMessage {
    model::ThreadView view;
    model::Message message;
};

/// Who reacted to a message with one emoji.
struct FoundReactions {
    model::ThreadView view;
    /// How many all are; 0 if nobody did.
    std::uint64_t count = 0;
    /// In the order in which they did.
    model::Page<model::UserId> users;
};

class MessageStore {
public:
    virtual ~MessageStore() = default;

    /// Appends one message; durable when it returns. Atomic with the check of `rule`, the author's
    /// read marker and the numbering. Group commit: many at once cost one sync.
    ///
    /// A repeated (author, nonce) with the same request hash returns the message as it is now; the
    /// rule is applied first.
    ///
    /// The rule decides by what the thread is and what the author is in it: kind, visibility,
    /// archived or not, role. Counters, names and preferences in its view may be out of date, and
    /// it may be asked twice.
    ///
    /// Its files are linked to it in the same transaction.
    ///
    /// Returns not_found (no such thread; no such message to reply to in it; a file that is not the
    /// author's, or is in a message), nonce_reused, or what the rule says.
    ///
    /// Throws StorageFailure: busy (the queue is full; not stored), storage_full (not stored),
    /// storage_unavailable (not stored), outcome_unknown (the commit itself failed; the same nonce
    /// settles it).
    [[nodiscard]] virtual Task<Result<model::Message>> append(
        NewMessage message,
        ThreadRule rule
    ) = 0;

    /// Returns not_found, conflict (if_rev is out of date, or the message is deleted), bad_request
    /// (nothing would be left of it), or what the rule says. The same content again changes nothing
    /// and takes no rev.
    [[nodiscard]] virtual Task<Result<model::MessageChange>> edit(
        MessageEdit edit,
        MessageRule rule
    ) = 0;

    /// Leaves a tombstone, and drops the files. Deleting a deleted message changes nothing.
    [[nodiscard]] virtual Task<Result<model::MessageChange>> remove(
        model::MessageId message,
        model::UserId caller,
        Timestamp now,
        MessageRule rule
    ) = 0;

    /// Adding what is there, or removing what isn't, changes nothing.
    /// Returns not_found, conflict (deleted message), too_large (limits::reactions_max), or the
    /// rule's.
    [[nodiscard]] virtual Task<Result<model::MessageChange>> react(
        ReactionEdit edit,
        MessageRule rule
    ) = 0;

    /// By primary keys; reactions carry `mine` for the viewer.
    [[nodiscard]] virtual Task<std::optional<FoundMessage>> find(
        model::MessageId message,
        model::UserId viewer
    ) = 0;

    /// A cursor that is none gives an empty page.
    [[nodiscard]] virtual Task<std::optional<FoundReactions>> reactions(
        model::MessageId message,
        model::UserId viewer,
        std::string emoji,
        model::PageRequest page
    ) = 0;

    /// Nothing if there is no such thread. `rule` is asked before any message is read.
    [[nodiscard]] virtual Task<Result<History>> history(
        HistoryRequest request,
        ThreadRule rule
    ) = 0;

    /// Every message whose rev is above `since`, once, in its present state, ascending by rev; at
    /// most limits::resume_messages_max and `bytes_max`, at least one.
    [[nodiscard]] virtual Task<Result<History>> changes(
        model::ThreadId thread,
        model::UserId viewer,
        model::Rev since,
        std::size_t bytes_max,
        ThreadRule rule
    ) = 0;

    /// Brings the reply summaries up to date that were left for later, as far as they are due; at
    /// most `count_max` of them. Returns how many it changed.
    [[nodiscard]] virtual Task<std::size_t> refresh_reply_summaries(
        Timestamp now,
        std::size_t count_max
    ) = 0;

    /// Events of the thread with a rev in (after, up_to], rebuilt from the log for a reader that
    /// missed them: one MessageUpdate or MessageNew for each message in its present state.
    [[nodiscard]] virtual Task<std::vector<model::Message>> changed_between(
        model::ThreadId thread,
        model::Rev after,
        model::Rev up_to
    ) = 0;
};

}  // namespace banter::storage
