#include "storage/sql/message_changes.hpp"

#include "model/limits.hpp"
#include "storage/sql/changed_runs.hpp"
#include "storage/sql/file_rows.hpp"
#include "storage/sql/message_rows.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace banter::sql {

namespace {

// The primary key.
constexpr Statement take_rev{"UPDATE threads SET rev = $2 WHERE number = $1"};

// The primary key; messages_changed gets or moves its entry.
constexpr Statement write_edit{
    "UPDATE messages SET rev = $2, content = $3, mentions = $4, mentions_all = $5, edited_at = $6 "
    "WHERE place = $1"};

// The primary key; messages_changed gets or moves its entry.
constexpr Statement write_tombstone{
    "UPDATE messages SET rev = $2, content = '', mentions = NULL, mentions_all = 0, "
    "attachments = NULL, reactions = NULL, deleted_at = $3 WHERE place = $1"};

// The primary key; messages_changed gets or moves its entry.
constexpr Statement write_attachments{
    "UPDATE messages SET rev = $2, attachments = $3 WHERE place = $1"};

// The primary key; messages_changed gets or moves its entry.
constexpr Statement write_reactions{
    "UPDATE messages SET rev = $2, reactions = $3 WHERE place = $1"};

// The primary key of mentions.
constexpr Statement add_mention{"INSERT INTO mentions (user_id, place) VALUES ($1, $2)"};
constexpr Statement drop_mention{"DELETE FROM mentions WHERE user_id = $1 AND place = $2"};

// reactions_by_user.
constexpr Statement find_reaction{
    "SELECT rev FROM reactions WHERE user_id = $1 AND place = $2 AND emoji = $3"};

// The primary key of reactions: those of one emoji in the order of their coming.
constexpr Statement first_to_react{
    "SELECT user_id FROM reactions WHERE place = $1 AND emoji = $2 ORDER BY rev LIMIT $3"};

constexpr Statement add_reaction{
    "INSERT INTO reactions (place, emoji, rev, user_id) VALUES ($1, $2, $3, $4)"};

// The primary key of reactions.
constexpr Statement drop_reaction{
    "DELETE FROM reactions WHERE place = $1 AND emoji = $2 AND rev = $3"};
constexpr Statement drop_reactions{"DELETE FROM reactions WHERE place = $1"};

Error no_such_message() { return {Errc::not_found, "there is no such message"}; }

/// A message that is about to change, with its thread's row.
struct Target {
    Place place = 0;
    ThreadRow thread;
    model::Message message;
};

Task<Target> target_at(Connection& connection, Place place, model::UserId caller) {
    auto thread = co_await thread_of_place_for_change(connection, place, caller);
    CHECK(thread.has_value());
    auto found =
        messages_from(co_await connection.query(message_by_place, place), thread->view.thread.id);
    CHECK(found.size() == 1);
    found = co_await with_mine(connection, std::move(found), thread->number, caller);
    co_return Target{place, std::move(*thread), std::move(found.front())};
}

Task<Result<Target>> find_target(
    Connection& connection,
    model::MessageId message,
    model::UserId caller,
    storage::MessageRule rule
) {
    const auto place = co_await find_place(connection, message);
    if (!place) co_return no_such_message();
    auto target = co_await target_at(connection, *place, caller);
    if (auto refused = rule(target.thread.view, target.message)) co_return std::move(*refused);
    co_return std::move(target);
}

/// For what a tombstone doesn't take any more.
Task<Result<Target>> find_living_target(
    Connection& connection,
    model::MessageId message,
    model::UserId caller,
    storage::MessageRule rule
) {
    auto target = co_await find_target(connection, message, caller, std::move(rule));
    if (target && target->message.deleted_at) {
        co_return Error{Errc::conflict, "the message is deleted"};
    }
    co_return target;
}

/// After the message was written with its new rev.
Task<> take_next_rev(Connection& connection, const Target& target) {
    const model::Rev rev = target.message.rev;
    CHECK(rev == target.thread.view.thread.rev + 1);
    co_await connection.query(take_rev, target.thread.number, rev);
    co_await note_changed(connection, target.place);
}

/// As all are told: `mine` is different for everyone.
void tell(
    Outbox& outbox,
    const model::Message& message,
    std::optional<model::ReactionChange> reaction
) {
    model::MessageUpdate update{message, std::move(reaction)};
    for (auto& shown : update.message.reactions) shown.mine = false;
    model::Event event{message.thread, message.rev, std::move(update)};
    outbox.events.push_back(std::make_shared<const model::Event>(std::move(event)));
}

Task<> drop_mentions(Connection& connection, Place place, Mentioned mentioned) {
    for (const auto& user : mentioned.users) {
        co_await connection.query(drop_mention, user, place);
    }
    if (mentioned.all) co_await connection.query(drop_mention, everyone, place);
}

Task<> add_mentions(Connection& connection, Place place, Mentioned mentioned) {
    for (const auto& user : mentioned.users) co_await connection.query(add_mention, user, place);
    if (mentioned.all) co_await connection.query(add_mention, everyone, place);
}

Mentioned mentioned_in(const model::Message& message) {
    return {message.mentions, message.mentions_all};
}

Task<model::Message> leave_tombstone(
    Connection& connection,
    Outbox& outbox,
    Target target,
    Timestamp now
) {
    model::Message& message = target.message;
    auto mentioned_before = mentioned_in(message);
    co_await drop_mentions(connection, target.place, std::move(mentioned_before));
    if (!message.reactions.empty()) co_await connection.query(drop_reactions, target.place);
    auto files = std::exchange(message.attachments, {});
    co_await drop_files(connection, std::move(files), now);
    message.rev = target.thread.view.thread.rev + 1;
    message.content.clear();
    message.mentions.clear();
    message.mentions_all = false;
    message.reactions.clear();
    message.deleted_at = now;
    co_await connection.query(write_tombstone, target.place, message.rev, now);
    co_await take_next_rev(connection, target);
    tell(outbox, message, std::nullopt);
    co_return std::move(message);
}

model::Reaction* find_emoji(model::Message& message, const std::string& emoji) {
    const auto found = std::find_if(
        message.reactions.begin(),
        message.reactions.end(),
        [&](const model::Reaction& reaction) { return reaction.emoji == emoji; }
    );
    return found == message.reactions.end() ? nullptr : &*found;
}

void add_to_summary(model::Message& message, const std::string& emoji, model::UserId user) {
    model::Reaction* reaction = find_emoji(message, emoji);
    if (reaction == nullptr) {
        reaction = &message.reactions.emplace_back();
        reaction->emoji = emoji;
    }
    ++reaction->count;
    reaction->mine = true;
    if (reaction->users.size() < model::limits::reaction_users_named_max) {
        reaction->users.push_back(user);
    }
}

void remove_from_summary(
    model::Message& message,
    const std::string& emoji,
    std::vector<model::UserId> first_users
) {
    model::Reaction* reaction = find_emoji(message, emoji);
    CHECK(reaction != nullptr);
    --reaction->count;
    reaction->mine = false;
    reaction->users = std::move(first_users);
    if (reaction->count > 0) return;
    message.reactions.erase(message.reactions.begin() + (reaction - message.reactions.data()));
}

Task<> add_one_reaction(
    Connection& connection,
    Place place,
    storage::ReactionEdit edit,
    model::Rev rev
) {
    co_await connection.query(add_reaction, place, edit.emoji, rev, edit.user);
}

/// Returns the users who are named from now on.
Task<std::vector<model::UserId>> remove_one_reaction(
    Connection& connection,
    Place place,
    std::string emoji,
    model::Rev added_at
) {
    co_await connection.query(drop_reaction, place, emoji, added_at);
    Rows rows = co_await connection.query(
        first_to_react, place, emoji, model::limits::reaction_users_named_max
    );
    std::vector<model::UserId> users;
    for (std::size_t i = 0; i < rows.size(); ++i) users.push_back(rows[i].id<model::UserId>());
    co_return users;
}

}  // namespace

Task<Result<model::MessageChange>> edit_message(
    Connection& connection,
    Outbox& outbox,
    storage::MessageEdit edit,
    storage::MessageRule rule
) {
    auto target =
        co_await find_living_target(connection, edit.message, edit.editor, std::move(rule));
    if (!target) co_return target.error();
    model::Message& message = target->message;
    if (edit.if_rev && *edit.if_rev != message.rev) {
        co_return Error{Errc::conflict, "ifRev: the message has changed since"};
    }
    if (edit.content.empty() && message.attachments.empty()) {
        co_return Error{Errc::bad_request, "content: a message without attachments is not empty"};
    }
    if (message.content == edit.content) co_return model::MessageChange{std::move(message), false};

    auto mentioned = co_await mentioned_members(
        connection,
        std::move(edit.mentions),
        edit.may_mention_all || owns_thread(target->thread.view),
        target->thread.access_number,
        target->thread.view.member_count
    );
    auto mentioned_before = mentioned_in(message);
    co_await drop_mentions(connection, target->place, std::move(mentioned_before));
    message.rev = target->thread.view.thread.rev + 1;
    message.content = std::move(edit.content);
    message.edited_at = edit.edited_at;
    message.mentions = mentioned.users;
    message.mentions_all = mentioned.all;
    co_await add_mentions(connection, target->place, std::move(mentioned));
    co_await connection.query(
        write_edit,
        target->place,
        message.rev,
        message.content,
        users_column(message.mentions),
        message.mentions_all,
        message.edited_at
    );
    co_await take_next_rev(connection, *target);
    tell(outbox, message, std::nullopt);
    co_return model::MessageChange{std::move(message), true};
}

Task<Result<model::MessageChange>> remove_message(
    Connection& connection,
    Outbox& outbox,
    model::MessageId id,
    model::UserId caller,
    Timestamp now,
    storage::MessageRule rule
) {
    auto target = co_await find_target(connection, id, caller, std::move(rule));
    if (!target) co_return target.error();
    if (target->message.deleted_at) {
        co_return model::MessageChange{std::move(target->message), false};
    }
    auto tombstone = co_await leave_tombstone(connection, outbox, *std::move(target), now);
    co_return model::MessageChange{std::move(tombstone), true};
}

Task<> show_file(Connection& connection, Outbox& outbox, Place place, model::File file) {
    auto target = co_await target_at(connection, place, everyone);
    model::Message& message = target.message;
    for (auto& shown : message.attachments) {
        if (shown.id == file.id) shown = file;
    }
    message.rev = target.thread.view.thread.rev + 1;
    co_await connection.query(
        write_attachments, place, message.rev, files_column(message.attachments)
    );
    co_await take_next_rev(connection, target);
    tell(outbox, message, std::nullopt);
}

Task<> erase_message(Connection& connection, Outbox& outbox, Place place, Timestamp now) {
    auto target = co_await target_at(connection, place, model::UserId());
    if (target.message.deleted_at) co_return;
    co_await leave_tombstone(connection, outbox, std::move(target), now);
}

Task<Result<model::MessageChange>> react_to_message(
    Connection& connection,
    Outbox& outbox,
    storage::ReactionEdit edit,
    storage::MessageRule rule
) {
    auto target = co_await find_living_target(connection, edit.message, edit.user, std::move(rule));
    if (!target) co_return target.error();
    model::Message& message = target->message;

    Rows there = co_await connection.query(find_reaction, edit.user, target->place, edit.emoji);
    if (edit.add == !there.empty()) co_return model::MessageChange{std::move(message), false};
    if (edit.add && find_emoji(message, edit.emoji) == nullptr &&
        message.reactions.size() >= model::limits::reactions_max) {
        co_return Error{Errc::too_large, "emoji: the message has too many different reactions"};
    }

    message.rev = target->thread.view.thread.rev + 1;
    if (edit.add) {
        co_await add_one_reaction(connection, target->place, edit, message.rev);
        add_to_summary(message, edit.emoji, edit.user);
    } else {
        auto first_users =
            co_await remove_one_reaction(connection, target->place, edit.emoji, there[0].number());
        remove_from_summary(message, edit.emoji, std::move(first_users));
    }
    co_await connection.query(
        write_reactions, target->place, message.rev, reactions_column(message.reactions)
    );
    co_await take_next_rev(connection, *target);
    model::ReactionChange change{std::move(edit.emoji), edit.user, edit.add};
    tell(outbox, message, std::move(change));
    co_return model::MessageChange{std::move(message), true};
}

}  // namespace banter::sql
