// What a store answers as text, all of it, so that two answers can be compared and read.
#pragma once

#include "base/result.hpp"
#include "model/event.hpp"
#include "model/page.hpp"
#include "storage/message_store.hpp"
#include "storage/user_store.hpp"

#include <concepts>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

namespace banter::storage {

struct Show {
    template <typename Number>
    requires(std::integral<Number> || std::is_enum_v<Number>) static std::string of(Number number) {
        return std::to_string(static_cast<long long>(number));
    }
    static std::string of(const std::string& text) { return '"' + text + '"'; }
    static std::string of(Timestamp time) { return of(time.time_since_epoch().count()); }
    template <typename Tag>
    static std::string of(const model::Id<Tag>& id) {
        // The last digits tell ids apart as well.
        return id.text().substr(24);
    }
    template <typename T>
    static std::string of(const std::optional<T>& value) {
        return value ? of(*value) : "-";
    }
    template <typename T>
    static std::string of(const std::vector<T>& list) {
        std::string out = "[";
        for (const T& each : list) out += of(each) + " ";
        return out + "]";
    }
    template <typename T>
    static std::string of(const Result<T>& result) {
        return result ? of(*result) : of(result.error());
    }
    /// Cursors are each driver's own.
    template <typename T>
    static std::string of(const model::Page<T>& page) {
        return all(page.items, page.next.has_value());
    }

    static std::string of(const Error& error) {
        return "error " + std::string(wire_name(error.code)) + " " + of(error.detail);
    }
    static std::string of(const model::UserStatus& status) {
        return all(status.emoji, status.text, status.expires_at);
    }
    static std::string of(const model::User& user) {
        return all(user.id, user.role, user.handle, user.display_name, user.avatar_url, user.bot) +
               all(user.status, user.deactivated_at, user.deleted_at);
    }
    static std::string of(const KnownCaller& caller) {
        return all(caller.user, caller.signed_in, caller.newest_revocation);
    }
    static std::string of(const Credentials& known) { return all(known.user, known.password_hash); }
    static std::string of(const model::Reaction& reaction) {
        return all(reaction.emoji, reaction.count, reaction.users, reaction.mine);
    }
    static std::string of(const model::ReplySummary& replies) {
        return all(replies.thread, replies.count, replies.last_reply_at, replies.changed_at) +
               of(replies.users);
    }
    static std::string of(const model::Message& message) {
        return all(message.id, message.thread, message.seq, message.rev, message.author) +
               all(message.nonce, message.content, message.mentions, message.mentions_all) +
               all(message.reply_to, message.reactions, message.reply_thread) +
               all(message.created_at, message.edited_at, message.deleted_at);
    }
    static std::string of(const model::MessageChange& change) {
        return all(change.message, change.changed);
    }
    static std::string of(const model::ParentMessage& parent) {
        return all(parent.thread, parent.message);
    }
    static std::string of(const model::Thread& thread) {
        return all(thread.id, thread.kind, thread.visibility, thread.name, thread.topic) +
               all(thread.parent, thread.people, thread.seq, thread.rev, thread.access_rev) +
               all(thread.first_seq, thread.created_by, thread.created_at, thread.archived_at);
    }
    static std::string of(const model::Membership& member) {
        return all(member.role, member.read_seq, member.unread, member.mentions, member.level) +
               all(member.muted_until, member.read_turn);
    }
    static std::string of(const model::ParentAccess& parent) {
        return all(parent.kind, parent.visibility, parent.role, parent.archived);
    }
    static std::string of(const model::ThreadView& view) {
        return all(view.thread, view.membership, view.parent, view.member_count);
    }
    static std::string of(const FoundOrMade& found) { return all(found.view, found.made); }
    static std::string of(const model::Member& member) {
        return all(member.user, member.role, member.joined_at);
    }
    static std::string of(const FoundMessage& found) { return all(found.view, found.message); }
    static std::string of(const FoundReactions& found) {
        return all(found.view, found.count, found.users);
    }
    static std::string of(const History& history) {
        return all(history.view, history.messages, history.more_before, history.more_after);
    }

    static std::string of(const model::MessageNew& told) { return "new " + of(told.message); }
    static std::string of(const model::ReactionChange& change) {
        return all(change.emoji, change.user, change.added);
    }
    static std::string of(const model::MessageUpdate& told) {
        return "update " + all(told.message, told.reaction);
    }
    static std::string of(const model::TypingUpdate& told) { return all(told.user, told.typing); }
    static std::string of(const model::ReadUpdate& told) {
        return "read " + all(told.user, told.seq, told.unread, told.mentions, told.tells_others);
    }
    static std::string of(const model::ThreadUpdate& told) { return "thread " + of(told.thread); }
    static std::string of(const model::MemberUpdate& told) {
        return "member " + all(told.user, told.role, told.level, told.muted_until) +
               of(told.member_count);
    }
    static std::string of(const model::ThreadRemoved& told) { return "removed " + of(told.user); }
    static std::string of(const model::ThreadActivity& told) {
        return "activity " + all(told.seq, told.mentioned, told.mentioned_all);
    }
    static std::string of(const model::UserUpdate& told) { return "user " + of(told.user); }
    static std::string of(const model::PresenceUpdate& told) { return of(told.user); }
    static std::string of(const model::Revocation& told) {
        return "revoked " + all(told.number, told.user, told.thread, told.sign_in, told.reason);
    }
    static std::string of(const model::SharedEvent& event) {
        const auto show = [](const auto& body) { return of(body); };
        return all(event->thread, event->rev) + std::visit(show, event->body);
    }

    template <typename... Parts>
    static std::string all(const Parts&... parts) {
        std::string out = "(";
        ((out += of(parts) + " "), ...);
        return out + ")";
    }
};

}  // namespace banter::storage
