// What every MessageStore does with edits, deletions and reactions, whatever it is made of.
#pragma once

#include "model/limits.hpp"
#include "storage/contract/log_world.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <string>
#include <vector>

namespace banter::storage {

template <typename Backend>
class MessageChangesContract : public LogWorld<Backend> {};

TYPED_TEST_SUITE_P(MessageChangesContract);

TYPED_TEST_P(MessageChangesContract, an_edit_takes_a_rev_and_is_told) {
    const auto sent = this->send(this->thread, this->ada, "hi");
    this->events();
    this->backend.clock().advance(std::chrono::seconds(1));
    const auto edited = this->edit(sent, "hello");
    EXPECT_TRUE(edited.changed);
    EXPECT_EQ(edited.message.id, sent.id);
    EXPECT_EQ(edited.message.seq, 1U);
    EXPECT_EQ(edited.message.rev, 2U);
    EXPECT_EQ(edited.message.content, "hello");
    EXPECT_EQ(edited.message.edited_at, this->now());
    EXPECT_EQ(edited.message.created_at, sent.created_at);
    EXPECT_EQ(this->view(this->thread, this->ada).thread.rev, 2U);
    const auto events = this->events();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0]->rev, 2U);
    const auto* update = std::get_if<model::MessageUpdate>(&events[0]->body);
    ASSERT_NE(update, nullptr);
    EXPECT_EQ(update->message.content, "hello");
    EXPECT_FALSE(update->reaction);
    EXPECT_EQ(this->find(sent, this->bob).content, "hello");
}

TYPED_TEST_P(MessageChangesContract, an_edit_to_the_same_content_changes_nothing) {
    const auto sent = this->send(this->thread, this->ada, "hi");
    this->events();
    const auto edited = this->edit(sent, "hi");
    EXPECT_FALSE(edited.changed);
    EXPECT_EQ(edited.message.rev, 1U);
    EXPECT_FALSE(edited.message.edited_at);
    this->expect_unchanged(1);
}

TYPED_TEST_P(MessageChangesContract, an_edit_of_an_old_state_is_a_conflict) {
    const auto sent = this->send(this->thread, this->ada, "hi");
    EXPECT_TRUE(this->try_edit(sent, "hello", 1).has_value());
    this->events();
    this->expect_refused(this->try_edit(sent, "bye", 1), Errc::conflict);
    this->expect_unchanged(2);
}

TYPED_TEST_P(MessageChangesContract, changes_of_a_message_that_is_not_there_are_not_found) {
    model::Message nothing;
    nothing.id = this->template make<model::MessageId>();
    nothing.author = this->ada;
    this->expect_refused(this->try_edit(nothing, "hi"), Errc::not_found);
    this->expect_refused(this->try_react(nothing, this->ada, ":x:"), Errc::not_found);
    this->expect_refused(
        this->run(this->messages().remove(nothing.id, this->ada, this->now(), allow_message)),
        Errc::not_found
    );
    EXPECT_FALSE(this->run(this->messages().find(nothing.id, this->ada)));
}

TYPED_TEST_P(MessageChangesContract, the_rule_of_a_change_sees_the_thread_and_the_message) {
    const auto sent = this->send(this->thread, this->ada, "hi");
    this->events();
    const auto only_author = [](model::UserId caller) -> MessageRule {
        return [caller](
                   const model::ThreadView& view, const model::Message& message
               ) -> std::optional<Error> {
            if (!view.membership) return Error{Errc::not_found, "thread"};
            if (message.author != caller) return Error{Errc::forbidden, message.content};
            return std::nullopt;
        };
    };
    const auto refused =
        this->run(this->messages().remove(sent.id, this->bob, this->now(), only_author(this->bob)));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error(), (Error{Errc::forbidden, "hi"}));
    const auto eve = this->user("eve");
    this->expect_refused(
        this->run(this->messages().remove(sent.id, eve, this->now(), only_author(eve))),
        Errc::not_found
    );
    this->expect_unchanged(1);
}

TYPED_TEST_P(MessageChangesContract, mentions_follow_an_edit) {
    NewMessage message = this->new_message(this->thread, this->ada, "<@bob>");
    message.mentions.users = {this->bob};
    const auto sent = this->send(message);
    EXPECT_EQ(this->mentions_of(this->bob), 1U);
    EXPECT_THAT(this->edit(sent, "nobody").message.mentions, testing::IsEmpty());
    EXPECT_EQ(this->mentions_of(this->bob), 0U);

    MessageEdit edit;
    edit.message = sent.id;
    edit.editor = this->ada;
    edit.content = "<@bob> <!channel>";
    edit.mentions.users = {this->bob, this->user("eve")};
    edit.mentions.all = true;
    edit.edited_at = this->now();
    const auto edited = this->expect(this->run(this->messages().edit(edit, allow_message)));
    EXPECT_THAT(edited.message.mentions, testing::ElementsAre(this->bob));
    EXPECT_TRUE(edited.message.mentions_all);
    EXPECT_EQ(this->mentions_of(this->bob), 1U) << "one message counts once";
    this->remove(sent);
    EXPECT_EQ(this->mentions_of(this->bob), 0U);
}

TYPED_TEST_P(MessageChangesContract, a_deleted_message_stays_as_a_tombstone) {
    NewMessage message = this->new_message(this->thread, this->ada, "<@bob>");
    message.mentions.users = {this->bob};
    const auto sent = this->send(message);
    this->react(sent, this->bob, ":x:");
    this->events();
    const auto removed = this->remove(sent);
    EXPECT_TRUE(removed.changed);
    const auto found = this->find(sent, this->bob);
    for (const auto& stone : {removed.message, found}) {
        EXPECT_EQ(stone.id, sent.id);
        EXPECT_EQ(stone.seq, 1U);
        EXPECT_EQ(stone.rev, 3U);
        EXPECT_EQ(stone.content, "");
        EXPECT_EQ(stone.deleted_at, this->now());
        EXPECT_THAT(stone.mentions, testing::IsEmpty());
        EXPECT_THAT(stone.reactions, testing::IsEmpty());
    }
    const auto events = this->events();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_TRUE(std::get<model::MessageUpdate>(events[0]->body).message.deleted_at.has_value());
    EXPECT_EQ(this->view(this->thread, this->bob).membership->unread, 1U) << "tombstones count";
}

TYPED_TEST_P(MessageChangesContract, a_tombstone_does_not_change_any_more) {
    const auto sent = this->send(this->thread, this->ada, "hi");
    this->remove(sent);
    this->events();
    EXPECT_FALSE(this->remove(sent).changed);
    this->expect_refused(this->try_edit(sent, "hello"), Errc::conflict);
    this->expect_refused(this->try_react(sent, this->bob, ":x:"), Errc::conflict);
    this->expect_unchanged(2);
}

TYPED_TEST_P(MessageChangesContract, a_reaction_takes_a_rev_and_is_told_without_mine) {
    const auto sent = this->send(this->thread, this->ada, "hi");
    this->events();
    const auto reacted = this->react(sent, this->bob, ":x:");
    EXPECT_TRUE(reacted.changed);
    EXPECT_EQ(reacted.message.rev, 2U);
    ASSERT_EQ(reacted.message.reactions.size(), 1U);
    EXPECT_EQ(reacted.message.reactions[0].emoji, ":x:");
    EXPECT_EQ(reacted.message.reactions[0].count, 1U);
    EXPECT_THAT(reacted.message.reactions[0].users, testing::ElementsAre(this->bob));
    EXPECT_TRUE(reacted.message.reactions[0].mine);
    const auto events = this->events();
    ASSERT_EQ(events.size(), 1U);
    const auto& update = std::get<model::MessageUpdate>(events[0]->body);
    EXPECT_FALSE(update.message.reactions.at(0).mine);
    ASSERT_TRUE(update.reaction.has_value());
    EXPECT_EQ(update.reaction->emoji, ":x:");
    EXPECT_EQ(update.reaction->user, this->bob);
    EXPECT_TRUE(update.reaction->added);
    EXPECT_TRUE(this->find(sent, this->bob).reactions.at(0).mine);
    EXPECT_FALSE(this->find(sent, this->ada).reactions.at(0).mine);
}

TYPED_TEST_P(MessageChangesContract, a_reaction_that_is_there_or_was_not_changes_nothing) {
    const auto sent = this->send(this->thread, this->ada, "hi");
    this->react(sent, this->bob, ":x:");
    this->events();
    EXPECT_FALSE(this->react(sent, this->bob, ":x:").changed);
    EXPECT_FALSE(this->react(sent, this->bob, ":y:", false).changed);
    EXPECT_FALSE(this->react(sent, this->ada, ":x:", false).changed);
    this->expect_unchanged(2);
}

TYPED_TEST_P(MessageChangesContract, the_last_reaction_of_an_emoji_takes_it_away) {
    const auto sent = this->send(this->thread, this->ada, "hi");
    this->react(sent, this->bob, ":x:");
    this->react(sent, this->ada, ":y:");
    this->events();
    const auto removed = this->react(sent, this->bob, ":x:", false);
    ASSERT_EQ(removed.message.reactions.size(), 1U);
    EXPECT_EQ(removed.message.reactions[0].emoji, ":y:");
    const auto events = this->events();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_FALSE(std::get<model::MessageUpdate>(events[0]->body).reaction->added);
}

TYPED_TEST_P(MessageChangesContract, the_first_twenty_who_react_are_named_in_their_order) {
    const auto sent = this->send(this->thread, this->ada, "hi");
    std::vector<model::UserId> users;
    for (int i = 0; i < 23; ++i) {
        users.push_back(this->user("user" + std::to_string(i)));
        this->react(sent, users.back(), ":x:");
    }
    auto shown = this->find(sent, users[22]).reactions.at(0);
    EXPECT_EQ(shown.count, 23U);
    EXPECT_TRUE(shown.mine) << "though not named";
    EXPECT_EQ(shown.users, std::vector(users.begin(), users.begin() + 20));
    this->react(sent, users[3], ":x:", false);
    this->react(sent, users[21], ":x:", false);
    shown = this->find(sent, this->ada).reactions.at(0);
    EXPECT_EQ(shown.count, 21U);
    std::vector<model::UserId> expected(users.begin(), users.begin() + 21);
    expected.erase(expected.begin() + 3);
    EXPECT_EQ(shown.users, expected);
    this->react(sent, users[3], ":x:");
    EXPECT_EQ(this->find(sent, this->ada).reactions.at(0).users, expected)
        << "now the last in line";
}

TYPED_TEST_P(MessageChangesContract, all_who_react_are_listed_in_pages_in_their_order) {
    const auto sent = this->send(this->thread, this->ada, "hi");
    std::vector<model::UserId> users;
    for (int i = 0; i < 25; ++i) {
        users.push_back(this->user("user" + std::to_string(i)));
        this->react(sent, users.back(), ":x:");
    }
    this->react(sent, this->bob, ":y:");
    this->react(sent, users[3], ":x:", false);
    users.erase(users.begin() + 3);

    const auto page = [&](std::string emoji, model::PageRequest request) {
        auto found = this->run(
            this->messages().reactions(sent.id, this->ada, std::move(emoji), std::move(request))
        );
        EXPECT_TRUE(found.has_value());
        EXPECT_EQ(found->view.thread.id, this->thread);
        return *std::move(found);
    };
    std::vector<model::UserId> listed;
    model::PageRequest request{.cursor = std::nullopt, .limit = 8};
    for (int pages = 1; pages <= 3; ++pages) {
        const auto found = page(":x:", request);
        EXPECT_EQ(found.count, 24U);
        EXPECT_EQ(found.users.items.size(), 8U);
        EXPECT_EQ(found.users.next.has_value(), pages < 3);
        listed.insert(listed.end(), found.users.items.begin(), found.users.items.end());
        request.cursor = found.users.next;
    }
    EXPECT_EQ(listed, users);
    EXPECT_EQ(page(":z:", {}).count, 0U);
    EXPECT_TRUE(page(":x:", {.cursor = "none of mine"}).users.items.empty());
    const auto nobody = this->run(this->messages().reactions(
        this->template make<model::MessageId>(), this->ada, ":x:", model::PageRequest{}
    ));
    EXPECT_FALSE(nobody.has_value());
    this->remove(sent);
    EXPECT_EQ(page(":x:", {}).count, 0U) << "a tombstone";
}

TYPED_TEST_P(MessageChangesContract, a_message_has_at_most_fifty_different_emoji) {
    const auto sent = this->send(this->thread, this->ada, "hi");
    for (std::size_t i = 0; i < model::limits::reactions_max; ++i) {
        this->react(sent, this->bob, ":e" + std::to_string(i) + ":");
    }
    this->expect_refused(this->try_react(sent, this->ada, ":one-more:"), Errc::too_large);
    EXPECT_TRUE(this->react(sent, this->ada, ":e7:").changed) << "one that is there already";
    EXPECT_EQ(this->find(sent, this->ada).reactions.size(), model::limits::reactions_max);
}

REGISTER_TYPED_TEST_SUITE_P(
    MessageChangesContract,
    an_edit_takes_a_rev_and_is_told,
    an_edit_to_the_same_content_changes_nothing,
    an_edit_of_an_old_state_is_a_conflict,
    changes_of_a_message_that_is_not_there_are_not_found,
    the_rule_of_a_change_sees_the_thread_and_the_message,
    mentions_follow_an_edit,
    a_deleted_message_stays_as_a_tombstone,
    a_tombstone_does_not_change_any_more,
    a_reaction_takes_a_rev_and_is_told_without_mine,
    a_reaction_that_is_there_or_was_not_changes_nothing,
    the_last_reaction_of_an_emoji_takes_it_away,
    the_first_twenty_who_react_are_named_in_their_order,
    all_who_react_are_listed_in_pages_in_their_order,
    a_message_has_at_most_fifty_different_emoji
);

}  // namespace banter::storage
