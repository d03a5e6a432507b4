#include "service/messages.hpp"

#include "model/limits.hpp"
#include "service/content.hpp"
#include "service/mentions.hpp"
#include "service/permissions.hpp"
#include "service/refusals.hpp"
#include "service/users.hpp"

#include <algorithm>

namespace banter::service {

namespace {

namespace limits = model::limits;

/// What an answer holds beside messages and users: the thread, member names, a request's id.
constexpr std::size_t envelope_bytes = 6 * 1024;
/// Kept free for the users that the messages name.
constexpr std::size_t users_bytes = 24 * 1024;
constexpr std::size_t messages_bytes_max = limits::answer_bytes_max - envelope_bytes - users_bytes;

/// Reply summaries that one transaction brings up to date.
constexpr std::size_t summaries_at_once = 100;

storage::MessageRule rule_of(
    std::optional<Error> (*permission
    )(const Caller&, const model::ThreadView&, const model::Message&),
    const Caller& caller
) {
    return [permission, caller](const model::ThreadView& view, const model::Message& message) {
        return permission(caller, view, message);
    };
}

storage::ThreadRule rule_of(
    std::optional<Error> (*permission)(const Caller&, const model::ThreadView&),
    const Caller& caller
) {
    return [permission, caller](const model::ThreadView& view) { return permission(caller, view); };
}

/// A message of a thread that the caller doesn't see does not exist.
std::optional<Error> may_react(
    const Caller& caller,
    const model::ThreadView& view,
    const model::Message& /*message*/
) {
    auto refused = permissions::may_write(caller, view);
    if (refused && refused->code == Errc::not_found) return no_such_message();
    return refused;
}

/// However the store words it, a missing message answers as a hidden one does.
Result<model::Message> answer_of(Result<model::MessageChange> change) {
    if (change) return std::move(change->message);
    if (change.error().code == Errc::not_found) return no_such_message();
    return std::move(change).error();
}

std::size_t users_room(const std::vector<model::Message>& messages) {
    std::size_t used = envelope_bytes;
    for (const model::Message& message : messages) used += model::wire_size_bound(message);
    return limits::answer_bytes_max > used ? limits::answer_bytes_max - used : 0;
}

/// Whom a text mentions, before it is known whether they are members.
struct Addressed {
    storage::MentionCandidates mentions;
    bool may_mention_all = false;
};

/// What a new text and a changed one have to keep to.
Result<Addressed> read_content(const Caller& caller, const std::string& content) {
    if (auto mistake = mistake_in_content(content)) return *std::move(mistake);
    Addressed addressed{.mentions = mentions_in(content)};
    if (addressed.mentions.users.size() > limits::mentions_max) {
        return Error{Errc::too_large, "content: a message may mention at most 50 users"};
    }
    const model::ThreadView role_alone;
    addressed.may_mention_all = permissions::may_mention_all(caller, role_alone);
    return addressed;
}

}  // namespace

Messages::Messages(
    SendRules rules,
    storage::Storage& storage,
    const storage::Installation& installation,
    ReadMarks& read_marks,
    const Clock& clock,
    model::IdMaker& ids
)
    : rules_(rules),
      storage_(storage),
      installation_(installation),
      read_marks_(read_marks),
      clock_(clock),
      ids_(ids) {}

// Two sends of one connection are numbered in the order in which they reach the store, so nothing
// before that may wait for longer in one than in the next: the limiter's answer is the same way for
// all of a user.
Task<Result<model::Message>> Messages::send(Caller caller, model::SendMessage request) {
    if (request.content.empty() && request.attachments.empty()) {
        co_return bad_request("content: a message without attachments is not empty");
    }
    auto addressed = read_content(caller, request.content);
    if (!addressed) co_return std::move(addressed).error();
    if (rules_.sends.per_second > 0) {
        const auto wait = co_await storage_.rates.take("send:" + caller.user.text(), rules_.sends);
        if (wait) co_return rate_limited(*wait);
    }
    storage::NewMessage message{
        .id = ids_.make<model::MessageId>(),
        .thread = request.thread,
        .author = caller.user,
        .nonce = request.nonce,
        .request_hash = request_hash(request),
        .mentions = std::move(addressed->mentions),
        .may_mention_all = addressed->may_mention_all,
        .reply_to = request.reply_to,
        .created_at = clock_.now(),
    };
    message.content = std::move(request.content);
    message.attachments = std::move(request.attachments);
    auto rule = rule_of(permissions::may_write, caller);
    co_return co_await storage_.messages.append(std::move(message), std::move(rule));
}

Task<Result<model::Message>> Messages::edit(Caller caller, model::EditMessage request) {
    auto addressed = read_content(caller, request.content);
    if (!addressed) co_return std::move(addressed).error();
    storage::MessageEdit edit{
        .message = request.message,
        .editor = caller.user,
        .mentions = std::move(addressed->mentions),
        .may_mention_all = addressed->may_mention_all,
        .if_rev = request.if_rev,
        .edited_at = clock_.now(),
    };
    edit.content = std::move(request.content);
    auto rule = rule_of(permissions::may_edit, caller);
    co_return answer_of(co_await storage_.messages.edit(std::move(edit), std::move(rule)));
}

Task<Result<model::Message>> Messages::remove(Caller caller, model::MessageId message) {
    auto rule = rule_of(permissions::may_delete, caller);
    co_return answer_of(
        co_await storage_.messages.remove(message, caller.user, clock_.now(), std::move(rule))
    );
}

Task<Result<model::Message>> Messages::react(
    Caller caller,
    model::MessageId message,
    std::string emoji,
    bool add
) {
    if (auto mistake = mistake_in_emoji(emoji)) co_return *std::move(mistake);
    storage::ReactionEdit edit{
        .message = message,
        .user = caller.user,
        .emoji = std::move(emoji),
        .add = add,
        .at = clock_.now(),
    };
    auto rule = rule_of(may_react, caller);
    co_return answer_of(co_await storage_.messages.react(std::move(edit), std::move(rule)));
}

Task<Result<model::Message>> Messages::find(Caller caller, model::MessageId message) {
    auto found = co_await storage_.messages.find(message, caller.user);
    if (!found || permissions::may_read(caller, found->view)) co_return no_such_message();
    co_return std::move(found->message);
}

Task<Result<Reacted>> Messages::reactions(
    Caller caller,
    model::MessageId message,
    std::string emoji,
    model::PageRequest page
) {
    if (auto mistake = mistake_in_emoji(emoji)) co_return *std::move(mistake);
    page.limit = std::clamp<std::size_t>(page.limit, 1, limits::page_max);
    auto found = co_await storage_.messages.reactions(
        message, caller.user, std::move(emoji), std::move(page)
    );
    if (!found || permissions::may_read(caller, found->view)) co_return no_such_message();
    Reacted reacted{.users = {}, .count = found->count, .next = std::move(found->users.next)};
    Users users(storage_, clock_);
    reacted.users = co_await users.find_within(caller, std::move(found->users.items), SIZE_MAX);
    co_return reacted;
}

Task<Result<MessagesPage>> Messages::history(
    Caller caller,
    model::ThreadId thread,
    storage::HistoryPlace place,
    std::size_t limit
) {
    storage::HistoryRequest request{
        .thread = thread,
        .viewer = caller.user,
        .place = place,
        .count_max = std::clamp<std::size_t>(limit, 1, limits::page_max),
        .bytes_max = messages_bytes_max,
    };
    auto rule = rule_of(permissions::may_read, caller);
    auto history = co_await storage_.messages.history(std::move(request), std::move(rule));
    if (!history) co_return std::move(history).error();
    MessagesPage page{
        .messages = std::move(history->messages),
        .more_before = history->more_before,
        .more_after = history->more_after,
    };
    page.users = co_await users_named(caller, page.messages);
    co_return page;
}

Task<Result<Joined>> Messages::join(Caller caller, JoinRequest request) {
    co_await read_marks_.settle(caller.user);
    co_await storage_.bus.hear(request.thread);
    const bool same_history = !request.epoch || *request.epoch == installation_.epoch;
    if (!same_history) request.since.reset();
    auto joined = co_await read(caller, request.thread, request.since);
    const bool becomes_member = joined && !joined->view.membership &&
                                joined->view.thread.kind == model::ThreadKind::channel;
    if (becomes_member) {
        // The first join alone writes. What was read before may lack messages that the membership
        // counts.
        auto rule = rule_of(permissions::may_join, caller);
        auto member = co_await storage_.threads.join(
            request.thread, caller.user, clock_.now(), std::move(rule)
        );
        if (!member) co_return std::move(member).error();
        joined = co_await read(caller, request.thread, request.since);
    }
    if (!joined) co_return std::move(joined).error();
    if (!same_history) joined->reset = true;
    joined->users = co_await users_named(caller, joined->messages);
    co_return *std::move(joined);
}

Task<Result<Joined>> Messages::read(
    Caller caller,
    model::ThreadId thread,
    std::optional<model::Rev> since
) {
    if (!since) co_return co_await read_newest(caller, thread);
    auto rule = rule_of(permissions::may_read, caller);
    auto changes = co_await storage_.messages.changes(
        thread, caller.user, *since, messages_bytes_max, std::move(rule)
    );
    if (!changes) co_return std::move(changes).error();
    if (*since > changes->view.thread.rev) {
        auto newest = co_await read_newest(caller, thread);
        if (newest) newest->reset = true;
        co_return newest;
    }
    Joined joined{
        .view = std::move(changes->view),
        .messages = std::move(changes->messages),
        .complete = !changes->more_after,
    };
    joined.rev = joined.view.thread.rev;
    if (!joined.complete) joined.rev = joined.messages.back().rev;
    co_return joined;
}

Task<Result<Joined>> Messages::read_newest(Caller caller, model::ThreadId thread) {
    storage::HistoryRequest request{
        .thread = thread,
        .viewer = caller.user,
        .place = storage::Newest{},
        .count_max = limits::join_messages_max,
        .bytes_max = messages_bytes_max,
    };
    auto rule = rule_of(permissions::may_read, caller);
    auto history = co_await storage_.messages.history(std::move(request), std::move(rule));
    if (!history) co_return std::move(history).error();
    const model::Rev rev = history->view.thread.rev;
    co_return Joined{
        .view = std::move(history->view), .messages = std::move(history->messages), .rev = rev};
}

Task<> Messages::refresh_reply_summaries() {
    std::size_t refreshed = summaries_at_once;
    while (refreshed == summaries_at_once) {
        const Timestamp now = clock_.now();
        refreshed = co_await storage_.messages.refresh_reply_summaries(now, summaries_at_once);
    }
}

Task<std::vector<model::User>> Messages::users_named(
    Caller caller,
    const std::vector<model::Message>& messages
) {
    Users users(storage_, clock_);
    auto ids = named_ids(messages);
    co_return co_await users.find_within(caller, std::move(ids), users_room(messages));
}

}  // namespace banter::service
