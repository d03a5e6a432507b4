#include "service/kept_page.hpp"

#include "model/limits.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>
#include <variant>

namespace banter::service {

namespace limits = model::limits;

namespace {

/// What a page takes beside its messages, and what one reader does: rounded up.
constexpr std::size_t envelope_bytes = 1'024;
constexpr std::size_t reader_bytes = 128;

/// The share of an answer that messages may take; the rest is for the thread.
constexpr std::size_t messages_bytes_max = limits::answer_bytes_max - 6 * 1024;

bool mentions_user(const model::Message& message, model::UserId user) {
    return message.mentions_all || std::ranges::count(message.mentions, user) > 0;
}

/// What is left of a count without those that are `here`; of one at its limit nobody knows how much
/// is above it.
std::uint32_t older_of(std::uint32_t mentions, std::uint32_t here) {
    if (mentions >= limits::mention_count_max) return limits::mention_count_max;
    return mentions - std::min(here, mentions);
}

/// The message as `user` gets it; nothing if that can't be said: of many who reacted only the first
/// are named.
std::optional<model::Message> as_seen_by(model::UserId user, const model::Message& message) {
    model::Message seen = message;
    for (model::Reaction& reaction : seen.reactions) {
        reaction.mine = std::ranges::count(reaction.users, user) > 0;
        if (!reaction.mine && reaction.count > reaction.users.size()) return std::nullopt;
    }
    return seen;
}

}  // namespace

std::size_t KeptPage::bytes() const {
    return envelope_bytes + message_bytes_ + readers_.size() * reader_bytes;
}

void KeptPage::put(model::UserId reader, const Joined& joined, std::optional<model::Rev> since) {
    // A resumed join says nothing of what came before it, a first one nothing but its page.
    const bool follows =
        since ? *since <= thread_.rev
              : joined.messages.empty() || joined.messages.front().seq <= thread_.seq + 1;
    const bool is_larger =
        !since && joined.rev == thread_.rev && joined.messages.size() > messages_.size();
    const bool is_newer = joined.rev > thread_.rev || thread_.id == model::ThreadId{};
    if (is_newer && !follows) *this = KeptPage{};
    if (is_newer || is_larger) replace(joined, since.has_value());
    add_reader(reader, joined);
}

void KeptPage::replace(const Joined& joined, bool is_resumed) {
    std::map<model::Seq, SharedMessage> found;
    for (const model::Message& read : joined.messages) {
        model::Message message = read;
        for (model::Reaction& reaction : message.reactions) reaction.mine = false;
        if (message.seq > thread_.seq) note_author(message);
        found[read.seq] = std::make_shared<const model::Message>(std::move(message));
    }
    const model::Seq first_before = first_seq();
    const auto before = std::exchange(messages_, {});
    if (is_resumed) {
        for (const SharedMessage& message : before) found.emplace(message->seq, message);
    }
    thread_ = joined.view.thread;
    member_count_ = joined.view.member_count;
    whole_since_ = joined.rev;
    message_bytes_ = 0;
    for (auto at = found.rbegin(); at != found.rend(); ++at) {
        if (at->first + 1 != first_seq()) break;
        message_bytes_ += wire_size_bound(*at->second);
        messages_.push_front(std::move(at->second));
    }
    for (const SharedMessage& message : before) {
        if (message->seq < first_seq()) count_below(*message, true);
    }
    for (const SharedMessage& message : messages_) {
        if (message->seq < first_before) count_below(*message, false);
    }
    trim();
}

void KeptPage::add_reader(model::UserId user, const Joined& joined) {
    Reader& reader = readers_[user];
    reader = Reader{.membership = joined.view.membership};
    if (!reader.membership) return;
    const model::Membership& membership = *reader.membership;
    const std::uint32_t here = mentions(user, membership.read_seq, joined.view.thread.seq);
    reader.older_mentions = older_of(membership.mentions, here);
}

bool KeptPage::take(const model::SharedEvent& event) {
    const model::EventBody& body = event->body;
    if (event->rev == 0) {
        if (const auto* member = std::get_if<model::MemberUpdate>(&body)) update(*member);
        if (const auto* read = std::get_if<model::ReadUpdate>(&body)) update(*read);
        return true;
    }
    if (event->rev <= thread_.rev) return true;  // a join had read it
    if (event->rev != thread_.rev + 1) return false;
    thread_.rev = event->rev;
    if (const auto* fresh = std::get_if<model::MessageNew>(&body))
        return place(SharedMessage(event, &fresh->message), true);
    if (const auto* changed = std::get_if<model::MessageUpdate>(&body))
        return place(SharedMessage(event, &changed->message), !changed->reaction);
    const auto* update = std::get_if<model::ThreadUpdate>(&body);
    // One that was read later than its event says is of messages that have not come yet.
    if (update == nullptr || update->thread.rev != event->rev) return false;
    thread_ = update->thread;
    return true;
}

bool KeptPage::place(SharedMessage message, bool may_mention_others) {
    const model::Seq seq = message->seq;
    if (seq > thread_.seq + 1) return false;
    if (seq == thread_.seq + 1) {
        note_author(*message);
        thread_.seq = seq;
        message_bytes_ += wire_size_bound(*message);
        messages_.push_back(std::move(message));
    } else if (seq >= first_seq()) {
        SharedMessage& here = messages_[seq - first_seq()];
        message_bytes_ += wire_size_bound(*message);
        message_bytes_ -= wire_size_bound(*here);
        here = std::move(message);
    } else {
        whole_since_ = thread_.rev;
        for (auto& [user, reader] : readers_) {
            const bool counted = reader.membership && reader.membership->read_seq < seq;
            if (may_mention_others && counted) reader.older_mentions.reset();
        }
    }
    trim();
    return true;
}

/// Whoever writes has read.
void KeptPage::note_author(const model::Message& message) {
    const auto author = readers_.find(message.author);
    if (author == readers_.end() || !author->second.membership) return;
    author->second.membership->read_seq = message.seq;
    author->second.older_mentions = 0;
}

void KeptPage::count_below(const model::Message& message, bool gone) {
    auto count = [&message, gone](Reader& reader) {
        if (!reader.membership || reader.membership->read_seq >= message.seq) return;
        std::optional<std::uint32_t>& older = reader.older_mentions;
        if (older && gone) ++*older;
        if (older && !gone && *older > 0) --*older;
    };
    if (message.mentions_all) {
        for (auto& [user, reader] : readers_) count(reader);
        return;
    }
    for (const model::UserId& user : message.mentions) {
        const auto reader = readers_.find(user);
        if (reader != readers_.end()) count(reader->second);
    }
}

void KeptPage::trim() {
    while (messages_.size() > limits::join_messages_max ||
           (messages_.size() > 1 && message_bytes_ > messages_bytes_max)) {
        const model::Message& oldest = *messages_.front();
        count_below(oldest, true);
        whole_since_ = std::max(whole_since_, oldest.rev);
        message_bytes_ -= wire_size_bound(oldest);
        messages_.pop_front();
    }
}

void KeptPage::update(const model::MemberUpdate& update) {
    member_count_ = update.member_count;
    const auto found = readers_.find(update.user);
    if (found == readers_.end()) return;
    std::optional<model::Membership>& membership = found->second.membership;
    if (!update.role) return membership.reset();
    if (!membership) {
        found->second.older_mentions = 0;
        membership.emplace().read_seq = thread_.seq;
    }
    membership->role = *update.role;
    membership->level = update.level;
    membership->muted_until = update.muted_until;
}

void KeptPage::update(const model::ReadUpdate& update) {
    const auto found = readers_.find(update.user);
    if (found == readers_.end() || !found->second.membership) return;
    found->second.membership->read_seq = update.seq;
    const std::uint32_t here = mentions(update.user, update.seq, thread_.seq);
    found->second.older_mentions = older_of(update.mentions, here);
}

std::uint32_t KeptPage::mentions(model::UserId user, model::Seq after, model::Seq up_to) const {
    return static_cast<std::uint32_t>(std::ranges::count_if(messages_, [&](const auto& message) {
        return message->seq > after && message->seq <= up_to && mentions_user(*message, user);
    }));
}

std::optional<model::ThreadView> KeptPage::view_for(model::UserId user, const Reader& reader)
    const {
    model::ThreadView view{.thread = thread_, .membership = reader.membership};
    view.member_count = member_count_;
    if (!view.membership) return view;
    if (!reader.older_mentions) return std::nullopt;
    model::Membership& membership = *view.membership;
    membership.unread = thread_.seq - std::min(thread_.seq, membership.read_seq);
    const std::uint32_t here = mentions(user, membership.read_seq, thread_.seq);
    membership.mentions = std::min(here + *reader.older_mentions, limits::mention_count_max);
    return view;
}

std::optional<Joined> KeptPage::joined(model::UserId user, std::optional<model::Rev> since) const {
    const auto reader = readers_.find(user);
    if (reader == readers_.end()) return std::nullopt;
    if (since && (*since > thread_.rev || *since < whole_since_)) return std::nullopt;
    auto view = view_for(user, reader->second);
    if (!view) return std::nullopt;
    Joined joined{.view = *std::move(view), .rev = thread_.rev};
    for (auto at = messages_.rbegin(); at != messages_.rend(); ++at) {
        if (since && (*at)->rev <= *since) continue;
        auto seen = as_seen_by(user, **at);
        if (!seen && since) return std::nullopt;
        if (!seen) break;  // the page begins after it
        joined.messages.push_back(*std::move(seen));
    }
    std::ranges::reverse(joined.messages);
    if (since) std::ranges::sort(joined.messages, {}, &model::Message::rev);
    const bool lacks_all = joined.messages.empty() && thread_.seq >= thread_.first_seq;
    if (!since && lacks_all) return std::nullopt;
    return joined;
}

}  // namespace banter::service
