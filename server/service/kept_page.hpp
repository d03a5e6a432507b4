// The newest messages of a thread and who reads it here, kept up with events. Pure.
#pragma once

#include "model/event.hpp"
#include "model/id.hpp"
#include "model/message.hpp"
#include "model/thread.hpp"
#include "service/views.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

namespace banter::service {

/// Invariant: the messages' seqs are consecutive, and end with the thread's. Begins with `put`.
class KeptPage {
public:
    [[nodiscard]] const model::Thread& thread() const { return thread_; }
    [[nodiscard]] std::size_t bytes() const;

    /// What a join has read, all of it; since: of one that was resumed.
    void put(model::UserId reader, const Joined& joined, std::optional<model::Rev> since);
    /// False: something is missing before it, and the page is of no use any more.
    [[nodiscard]] bool take(const model::SharedEvent& event);
    /// What a join would read that finds the thread as it is here, without users. Nothing if not
    /// all of that is known.
    [[nodiscard]] std::optional<Joined> joined(model::UserId user, std::optional<model::Rev> since)
        const;

private:
    using SharedMessage = std::shared_ptr<const model::Message>;

    struct Reader {
        /// Nothing: no member. Its counts are those of when it was read.
        std::optional<model::Membership> membership;
        /// Unread ones that mention the reader and are older than the page; nothing: one of them
        /// was changed, so nobody here knows.
        std::optional<std::uint32_t> older_mentions = 0;
    };

    void replace(const Joined& joined, bool is_resumed);
    void add_reader(model::UserId user, const Joined& joined);
    void update(const model::MemberUpdate& update);
    void update(const model::ReadUpdate& update);
    [[nodiscard]] bool place(SharedMessage message, bool may_mention_others);
    void note_author(const model::Message& message);
    /// The message has gone below the page, or has come from there.
    void count_below(const model::Message& message, bool gone);
    void trim();
    [[nodiscard]] model::Seq first_seq() const { return thread_.seq + 1 - messages_.size(); }
    /// How many with a seq in (after, up_to] mention the user.
    [[nodiscard]] std::uint32_t mentions(model::UserId user, model::Seq after, model::Seq up_to)
        const;
    [[nodiscard]] std::optional<model::ThreadView> view_for(
        model::UserId user,
        const Reader& reader
    ) const;

    model::Thread thread_;
    std::uint64_t member_count_ = 0;
    /// Whatever was changed by a rev above this is a message of the page.
    model::Rev whole_since_ = 0;
    std::deque<SharedMessage> messages_;
    std::size_t message_bytes_ = 0;
    boost::unordered_flat_map<model::UserId, Reader> readers_;
};

}  // namespace banter::service
