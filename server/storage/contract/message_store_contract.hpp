// What every MessageStore does, whatever it is made of: sending, changing, telling.
// Reading back is history_contract.hpp.
#pragma once

#include "model/limits.hpp"
#include "storage/contract/world.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace banter::storage {

template <typename Backend>
class MessageStoreContract : public World<Backend> {
public:
    void SetUp() override {
        ada = this->user("ada");
        bob = this->user("bob");
        thread = this->channel("general", ada);
        this->join(thread, bob);
    }

    Result<model::Message> try_send(NewMessage message, ThreadRule rule = members_only) {
        return this->run(this->messages().append(std::move(message), std::move(rule)));
    }
    model::Message find(const model::Message& message, model::UserId viewer) {
        auto found = this->run(this->messages().find(message.id, viewer));
        EXPECT_TRUE(found.has_value());
        return found.value_or(FoundMessage{}).message;
    }
    void expect_unchanged(model::Rev rev) {
        EXPECT_EQ(this->view(thread, ada).thread.rev, rev);
        EXPECT_THAT(this->events(), testing::IsEmpty());
    }
    template <typename T>
    static void expect_refused(const Result<T>& result, Errc code) {
        ASSERT_FALSE(result.has_value());
        EXPECT_EQ(result.error().code, code) << result.error().detail;
    }
    std::uint32_t mentions_of(model::UserId user) {
        return this->view(thread, user).membership->mentions;
    }

    model::UserId ada, bob;
    model::ThreadId thread;
};

TYPED_TEST_SUITE_P(MessageStoreContract);

TYPED_TEST_P(MessageStoreContract, a_message_comes_back_as_it_was_sent_with_the_next_seq_and_rev) {
    NewMessage wanted = this->new_message(this->thread, this->ada, "**hi** \xF0\x9F\x8C\xB4");
    const auto first = this->send(wanted);
    EXPECT_EQ(first.id, wanted.id);
    EXPECT_EQ(first.thread, this->thread);
    EXPECT_EQ(first.author, this->ada);
    EXPECT_EQ(first.nonce, wanted.nonce);
    EXPECT_EQ(first.content, wanted.content);
    EXPECT_EQ(first.created_at, wanted.created_at);
    EXPECT_EQ(first.seq, 1U);
    EXPECT_EQ(first.rev, 1U);
    EXPECT_FALSE(first.edited_at || first.deleted_at || first.reply_to || first.mentions_all);
    const auto second = this->send(this->thread, this->bob, "two");
    EXPECT_EQ(second.seq, 2U);
    EXPECT_EQ(second.rev, 2U);
    const auto found = this->find(first, this->bob);
    EXPECT_EQ(found.content, wanted.content);
    EXPECT_EQ(found.created_at, wanted.created_at);
    EXPECT_EQ(found.nonce, wanted.nonce);
    EXPECT_EQ(found.seq, 1U);
}

TYPED_TEST_P(MessageStoreContract, a_send_is_told_once_as_a_new_message) {
    const auto sent = this->send(this->thread, this->ada, "hi");
    const auto events = this->events();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0]->thread, this->thread);
    EXPECT_EQ(events[0]->rev, sent.rev);
    const auto* fresh = std::get_if<model::MessageNew>(&events[0]->body);
    ASSERT_NE(fresh, nullptr);
    EXPECT_EQ(fresh->message.id, sent.id);
    EXPECT_EQ(fresh->message.content, "hi");
}

TYPED_TEST_P(MessageStoreContract, the_authors_marker_moves_to_the_new_message_and_no_one_elses) {
    this->send(this->thread, this->ada, "one");
    this->send(this->thread, this->ada, "two");
    EXPECT_EQ(this->view(this->thread, this->ada).membership->unread, 0U);
    EXPECT_EQ(this->view(this->thread, this->bob).membership->unread, 2U);
}

TYPED_TEST_P(MessageStoreContract, a_send_to_a_thread_that_is_not_there_is_not_found) {
    const auto nowhere = this->template make<model::ThreadId>();
    this->expect_refused(
        this->try_send(this->new_message(nowhere, this->ada, "hi")), Errc::not_found
    );
}

TYPED_TEST_P(MessageStoreContract, what_the_rule_refuses_is_not_written) {
    const auto stranger = this->user("eve");
    this->expect_refused(
        this->try_send(this->new_message(this->thread, stranger, "hi")), Errc::forbidden
    );
    this->expect_unchanged(0);
}

TYPED_TEST_P(MessageStoreContract, the_rule_sees_the_thread_as_the_author_does) {
    const auto rule = [thread =
                           this->thread](const model::ThreadView& view) -> std::optional<Error> {
        if (view.thread.id != thread || view.thread.name != "general")
            return Error{Errc::internal, "?"};
        if (!view.membership || view.membership->role != model::ThreadRole::owner) {
            return Error{Errc::forbidden, "no owner"};
        }
        return std::nullopt;
    };
    EXPECT_TRUE(this->try_send(this->new_message(this->thread, this->ada, "hi"), rule).has_value());
    this->expect_refused(
        this->try_send(this->new_message(this->thread, this->bob, "hi"), rule), Errc::forbidden
    );
}

TYPED_TEST_P(MessageStoreContract, a_rule_that_throws_harms_its_own_send_only) {
    const auto broken = [](const model::ThreadView&) -> std::optional<Error> {
        throw std::runtime_error("broken");
    };
    EXPECT_THROW(
        (void)this->try_send(this->new_message(this->thread, this->ada, "hi"), broken),
        std::runtime_error
    );
    this->expect_unchanged(0);
    EXPECT_EQ(this->send(this->thread, this->ada, "hi").seq, 1U);
}

TYPED_TEST_P(MessageStoreContract, a_resent_message_is_stored_once) {
    const NewMessage wanted = this->new_message(this->thread, this->ada, "hi");
    const auto first = this->send(wanted);
    this->events();
    NewMessage again = wanted;
    again.id = this->template make<model::MessageId>();
    this->backend.clock().advance(std::chrono::minutes(1));
    again.created_at = this->now();
    const auto second = this->send(again);
    EXPECT_EQ(second.id, first.id);
    EXPECT_EQ(second.seq, first.seq);
    EXPECT_EQ(second.created_at, first.created_at);
    this->expect_unchanged(first.rev);
}

TYPED_TEST_P(MessageStoreContract, a_resent_message_answers_as_it_is_now) {
    const NewMessage wanted = this->new_message(this->thread, this->ada, "hi");
    const auto first = this->send(wanted);
    this->edit(first, "hello");
    this->react(first, this->ada, "\xF0\x9F\x91\x8D");
    const auto again = this->send(wanted);
    EXPECT_EQ(again.id, first.id);
    EXPECT_EQ(again.content, "hello");
    EXPECT_EQ(again.rev, 3U);
    EXPECT_TRUE(again.edited_at.has_value());
    ASSERT_EQ(again.reactions.size(), 1U);
    EXPECT_TRUE(again.reactions[0].mine);
}

TYPED_TEST_P(MessageStoreContract, a_nonce_is_remembered_after_a_restart) {
    const NewMessage wanted = this->new_message(this->thread, this->ada, "hi");
    const auto first = this->send(wanted);
    this->backend.reopen();
    EXPECT_EQ(this->send(wanted).id, first.id);
    EXPECT_EQ(this->send(this->thread, this->ada, "next").seq, 2U);
}

TYPED_TEST_P(MessageStoreContract, a_nonce_of_another_request_is_reused) {
    NewMessage wanted = this->new_message(this->thread, this->ada, "hi");
    this->send(wanted);
    this->events();
    wanted.id = this->template make<model::MessageId>();
    wanted.request_hash.fill(0xFF);
    this->expect_refused(this->try_send(wanted), Errc::nonce_reused);
    wanted.thread = this->channel("elsewhere", this->ada);
    this->expect_refused(this->try_send(wanted), Errc::nonce_reused);
    this->expect_unchanged(1);
}

TYPED_TEST_P(MessageStoreContract, a_nonce_is_its_authors_own) {
    const NewMessage wanted = this->new_message(this->thread, this->ada, "hi");
    this->send(wanted);
    NewMessage others = this->new_message(this->thread, this->bob, "hi");
    others.nonce = wanted.nonce;
    EXPECT_EQ(this->send(others).seq, 2U);
}

TYPED_TEST_P(MessageStoreContract, the_rule_is_asked_before_a_nonce_is_looked_up) {
    const NewMessage wanted = this->new_message(this->thread, this->ada, "hi");
    this->send(wanted);
    const auto refuse = [](const model::ThreadView&) -> std::optional<Error> {
        return Error{Errc::conflict, "archived"};
    };
    this->expect_refused(this->try_send(wanted, refuse), Errc::conflict);
}

TYPED_TEST_P(MessageStoreContract, a_reply_names_a_message_of_its_own_thread) {
    const auto first = this->send(this->thread, this->ada, "hi");
    NewMessage reply = this->new_message(this->thread, this->bob, "hello");
    reply.reply_to = first.id;
    const auto sent = this->send(reply);
    EXPECT_EQ(sent.reply_to, first.id);
    EXPECT_EQ(this->find(sent, this->ada).reply_to, first.id);

    reply = this->new_message(this->thread, this->bob, "hello");
    reply.reply_to = this->template make<model::MessageId>();
    this->expect_refused(this->try_send(reply), Errc::not_found);
    const auto other = this->channel("other", this->bob);
    reply = this->new_message(other, this->bob, "hello");
    reply.reply_to = first.id;
    this->expect_refused(this->try_send(reply), Errc::not_found);
}

TYPED_TEST_P(MessageStoreContract, a_reply_to_a_deleted_message_stays_possible) {
    const auto first = this->send(this->thread, this->ada, "hi");
    this->remove(first);
    NewMessage reply = this->new_message(this->thread, this->bob, "hello");
    reply.reply_to = first.id;
    EXPECT_EQ(this->send(reply).reply_to, first.id);
}

TYPED_TEST_P(MessageStoreContract, members_are_mentioned_and_others_are_not) {
    NewMessage message = this->new_message(this->thread, this->ada, "<@bob> <@eve> <@bob>");
    message.mentions.users = {this->bob, this->user("eve"), this->bob};
    const auto sent = this->send(message);
    EXPECT_THAT(sent.mentions, testing::ElementsAre(this->bob));
    EXPECT_THAT(this->find(sent, this->ada).mentions, testing::ElementsAre(this->bob));
    EXPECT_EQ(this->mentions_of(this->bob), 1U);
    EXPECT_EQ(this->mentions_of(this->ada), 0U);
}

TYPED_TEST_P(MessageStoreContract, all_are_mentioned_in_a_small_thread_or_by_who_may) {
    NewMessage message = this->new_message(this->thread, this->bob, "<!channel>");
    message.mentions.all = true;
    EXPECT_TRUE(this->send(message).mentions_all);
    EXPECT_EQ(this->mentions_of(this->ada), 1U);
    for (int i = 0; i < 48; ++i) this->join(this->thread, this->user("user" + std::to_string(i)));

    message = this->new_message(this->thread, this->bob, "<!channel>");
    message.mentions.all = true;
    EXPECT_TRUE(this->send(message).mentions_all) << "fifty members";
    this->join(this->thread, this->user("one-more"));
    message = this->new_message(this->thread, this->bob, "<!channel>");
    message.mentions.all = true;
    EXPECT_FALSE(this->send(message).mentions_all) << "fifty-one members";
    message = this->new_message(this->thread, this->ada, "<!channel>");
    message.mentions.all = true;
    message.may_mention_all = true;
    EXPECT_TRUE(this->send(message).mentions_all);
    EXPECT_EQ(this->mentions_of(this->ada), 0U) << "sending reads everything";
    EXPECT_EQ(this->mentions_of(this->bob), 1U);
}

TYPED_TEST_P(MessageStoreContract, an_edit_takes_a_rev_and_is_told) {
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

TYPED_TEST_P(MessageStoreContract, an_edit_to_the_same_content_changes_nothing) {
    const auto sent = this->send(this->thread, this->ada, "hi");
    this->events();
    const auto edited = this->edit(sent, "hi");
    EXPECT_FALSE(edited.changed);
    EXPECT_EQ(edited.message.rev, 1U);
    EXPECT_FALSE(edited.message.edited_at);
    this->expect_unchanged(1);
}

TYPED_TEST_P(MessageStoreContract, an_edit_of_an_old_state_is_a_conflict) {
    const auto sent = this->send(this->thread, this->ada, "hi");
    EXPECT_TRUE(this->try_edit(sent, "hello", 1).has_value());
    this->events();
    this->expect_refused(this->try_edit(sent, "bye", 1), Errc::conflict);
    this->expect_unchanged(2);
}

TYPED_TEST_P(MessageStoreContract, changes_of_a_message_that_is_not_there_are_not_found) {
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

TYPED_TEST_P(MessageStoreContract, the_rule_of_a_change_sees_the_thread_and_the_message) {
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

TYPED_TEST_P(MessageStoreContract, mentions_follow_an_edit) {
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

TYPED_TEST_P(MessageStoreContract, a_deleted_message_stays_as_a_tombstone) {
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

TYPED_TEST_P(MessageStoreContract, a_tombstone_does_not_change_any_more) {
    const auto sent = this->send(this->thread, this->ada, "hi");
    this->remove(sent);
    this->events();
    EXPECT_FALSE(this->remove(sent).changed);
    this->expect_refused(this->try_edit(sent, "hello"), Errc::conflict);
    this->expect_refused(this->try_react(sent, this->bob, ":x:"), Errc::conflict);
    this->expect_unchanged(2);
}

TYPED_TEST_P(MessageStoreContract, a_reaction_takes_a_rev_and_is_told_without_mine) {
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

TYPED_TEST_P(MessageStoreContract, a_reaction_that_is_there_or_was_not_changes_nothing) {
    const auto sent = this->send(this->thread, this->ada, "hi");
    this->react(sent, this->bob, ":x:");
    this->events();
    EXPECT_FALSE(this->react(sent, this->bob, ":x:").changed);
    EXPECT_FALSE(this->react(sent, this->bob, ":y:", false).changed);
    EXPECT_FALSE(this->react(sent, this->ada, ":x:", false).changed);
    this->expect_unchanged(2);
}

TYPED_TEST_P(MessageStoreContract, the_last_reaction_of_an_emoji_takes_it_away) {
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

TYPED_TEST_P(MessageStoreContract, the_first_twenty_who_react_are_named_in_their_order) {
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

TYPED_TEST_P(MessageStoreContract, a_message_has_at_most_fifty_different_emoji) {
    const auto sent = this->send(this->thread, this->ada, "hi");
    for (std::size_t i = 0; i < model::limits::reactions_max; ++i) {
        this->react(sent, this->bob, ":e" + std::to_string(i) + ":");
    }
    this->expect_refused(this->try_react(sent, this->ada, ":one-more:"), Errc::too_large);
    EXPECT_TRUE(this->react(sent, this->ada, ":e7:").changed) << "one that is there already";
    EXPECT_EQ(this->find(sent, this->ada).reactions.size(), model::limits::reactions_max);
}

TYPED_TEST_P(MessageStoreContract, events_are_told_in_the_order_of_their_revs) {
    const auto sent = this->send(this->thread, this->ada, "hi");
    this->edit(sent, "hello");
    this->react(sent, this->bob, ":x:");
    this->send(this->thread, this->bob, "two");
    this->remove(sent);
    model::Rev expected = 0;
    for (const auto& event : this->events()) EXPECT_EQ(event->rev, ++expected);
    EXPECT_EQ(expected, 5U);
}

TYPED_TEST_P(MessageStoreContract, one_nonce_sent_from_many_loops_makes_one_message) {
    constexpr std::size_t loops = 4;
    TypeParam many(loops);
    model::IdMaker maker(many.clock(), many.random());
    NewThread wanted;
    wanted.id = maker.make<model::ThreadId>();
    wanted.workspace = many.installation().workspace.id;
    wanted.name = "general";
    wanted.created_by = maker.make<model::UserId>();
    (void)run_task(many.loops()[0], many.stores().threads.create(wanted));

    auto sender = [](MessageStore* store, NewMessage message, std::vector<model::Message>* out
                  ) -> Task<> {
        auto sent = co_await store->append(std::move(message), allow);
        EXPECT_TRUE(sent.has_value());
        out->push_back(std::move(*sent));
    };
    std::vector<std::vector<model::Message>> answers(loops);
    for (std::uint8_t nonce = 0; nonce < 50; ++nonce) {
        for (std::size_t loop = 0; loop < loops; ++loop) {
            NewMessage message;
            message.id = maker.make<model::MessageId>();
            message.thread = wanted.id;
            message.author = wanted.created_by;
            message.nonce.uuid.bytes.fill(nonce);
            message.content = "text";
            auto task = sender(&many.stores(loop).messages, std::move(message), &answers[loop]);
            asio::co_spawn(many.loops()[loop], std::move(task), [](std::exception_ptr failure) {
                EXPECT_FALSE(failure);
            });
        }
    }
    many.loops().run_all();
    std::map<model::Nonce, std::set<model::MessageId>> by_nonce;
    std::set<model::Seq> seqs;
    for (const auto& of_loop : answers) {
        for (const auto& message : of_loop) {
            by_nonce[message.nonce].insert(message.id);
            seqs.insert(message.seq);
        }
    }
    EXPECT_EQ(by_nonce.size(), 50U);
    for (const auto& [nonce, messages] : by_nonce) EXPECT_EQ(messages.size(), 1U);
    EXPECT_EQ(seqs.size(), 50U);
    EXPECT_EQ(*seqs.rbegin(), 50U);
    EXPECT_EQ(this->events_of(many).size(), 50U);
}

TYPED_TEST_P(MessageStoreContract, sends_from_many_loops_are_numbered_without_gaps) {
    constexpr std::size_t loops = 4;
    constexpr std::size_t senders = 8;
    constexpr std::size_t sends = 25;
    TypeParam many(loops);
    model::IdMaker maker(many.clock(), many.random());
    std::vector<model::ThreadId> threads;
    const auto author = maker.make<model::UserId>();
    for (int i = 0; i < 3; ++i) {
        NewThread wanted;
        wanted.id = maker.make<model::ThreadId>();
        wanted.workspace = many.installation().workspace.id;
        wanted.name = "thread " + std::to_string(i);
        wanted.created_by = author;
        (void)run_task(many.loops()[0], many.stores().threads.create(wanted));
        threads.push_back(wanted.id);
    }
    auto sender = [](MessageStore* store, std::vector<NewMessage> messages) -> Task<> {
        for (auto& message : messages) {
            const auto sent = co_await store->append(std::move(message), members_only);
            EXPECT_TRUE(sent.has_value());
        }
    };
    for (std::size_t loop = 0; loop < loops; ++loop) {
        for (std::size_t i = 0; i < senders; ++i) {
            std::vector<NewMessage> messages(sends);
            for (auto& message : messages) {
                message.id = maker.make<model::MessageId>();
                message.nonce = maker.make<model::Nonce>();
                message.thread = threads[many.random().below(threads.size())];
                message.author = author;
                message.content = "text";
            }
            auto task = sender(&many.stores(loop).messages, std::move(messages));
            asio::co_spawn(many.loops()[loop], std::move(task), [](std::exception_ptr failure) {
                EXPECT_FALSE(failure);
            });
        }
    }
    many.loops().run_all();
    std::map<model::ThreadId, model::Rev> revs;
    for (const auto& event : this->events_of(many)) EXPECT_EQ(event->rev, ++revs[event->thread]);
    model::Seq total = 0;
    for (const auto& each : threads) {
        const auto view = run_task(many.loops()[0], many.stores().threads.find(each, author));
        ASSERT_TRUE(view.has_value());
        EXPECT_EQ(view->thread.rev, revs[each]);
        EXPECT_EQ(view->thread.seq, revs[each]);
        total += view->thread.seq;
    }
    EXPECT_EQ(total, loops * senders * sends);
}

REGISTER_TYPED_TEST_SUITE_P(
    MessageStoreContract,
    a_message_comes_back_as_it_was_sent_with_the_next_seq_and_rev,
    a_send_is_told_once_as_a_new_message,
    the_authors_marker_moves_to_the_new_message_and_no_one_elses,
    a_send_to_a_thread_that_is_not_there_is_not_found,
    what_the_rule_refuses_is_not_written,
    the_rule_sees_the_thread_as_the_author_does,
    a_rule_that_throws_harms_its_own_send_only,
    a_resent_message_is_stored_once,
    a_resent_message_answers_as_it_is_now,
    a_nonce_is_remembered_after_a_restart,
    a_nonce_of_another_request_is_reused,
    a_nonce_is_its_authors_own,
    the_rule_is_asked_before_a_nonce_is_looked_up,
    a_reply_names_a_message_of_its_own_thread,
    a_reply_to_a_deleted_message_stays_possible,
    members_are_mentioned_and_others_are_not,
    all_are_mentioned_in_a_small_thread_or_by_who_may,
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
    a_message_has_at_most_fifty_different_emoji,
    events_are_told_in_the_order_of_their_revs,
    one_nonce_sent_from_many_loops_makes_one_message,
    sends_from_many_loops_are_numbered_without_gaps
);

}  // namespace banter::storage
