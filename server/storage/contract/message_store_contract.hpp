// What every MessageStore does with a send, whatever it is made of. Changes are in
// message_changes_contract.hpp, reading back is in history_contract.hpp.
#pragma once

#include "model/limits.hpp"
#include "storage/contract/log_world.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace banter::storage {

template <typename Backend>
class MessageStoreContract : public LogWorld<Backend> {};

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
    (void)many.loops().run(many.stores().threads.create(wanted));

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
            many.loops().spawn(loop, std::move(task));
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
        (void)many.loops().run(many.stores().threads.create(wanted));
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
            many.loops().spawn(loop, std::move(task));
        }
    }
    many.loops().run_all();
    std::map<model::ThreadId, model::Rev> revs;
    for (const auto& event : this->events_of(many)) EXPECT_EQ(event->rev, ++revs[event->thread]);
    model::Seq total = 0;
    for (const auto& each : threads) {
        const auto view = many.loops().run(many.stores().threads.find(each, author));
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
    events_are_told_in_the_order_of_their_revs,
    one_nonce_sent_from_many_loops_makes_one_message,
    sends_from_many_loops_are_numbered_without_gaps
);

}  // namespace banter::storage
