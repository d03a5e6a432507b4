// What every store does for direct threads, replies and members, whatever it is made of.
#pragma once

#include "model/limits.hpp"
#include "storage/contract/world.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <string>
#include <vector>

namespace banter::storage {

inline std::optional<Error>
allow_member(const model::ThreadView&, std::optional<model::ThreadRole>) {
    return std::nullopt;
}

template <typename Backend>
class ConversationContract : public World<Backend> {
public:
    FoundOrMade direct(model::UserId by, std::vector<model::UserId> others) {
        NewThread thread = this->new_thread("", by);
        thread.kind = model::ThreadKind::direct;
        thread.visibility = model::Visibility::private_;
        thread.members = std::move(others);
        return this->expect(this->run(this->threads().find_or_make_direct(std::move(thread))));
    }
    Result<FoundOrMade> try_replies(const model::Message& message, model::UserId by) {
        NewReplyThread thread;
        thread.id = this->template make<model::ThreadId>();
        thread.parent = {message.thread, message.id};
        thread.created_by = by;
        thread.created_at = this->now();
        return this->run(this->threads().find_or_make_reply(thread, members_only));
    }
    model::ThreadId replies(const model::Message& message, model::UserId by) {
        return this->expect(try_replies(message, by)).view.thread.id;
    }
    /// A reply by one who may not be a member of the reply thread yet.
    model::Message answer(
        model::ThreadId thread,
        model::UserId by,
        std::vector<model::UserId> mentioned = {}
    ) {
        NewMessage message = this->new_message(thread, by, "answer");
        message.mentions.users = std::move(mentioned);
        return this->expect(this->run(this->messages().append(std::move(message), allow)));
    }
    Result<model::Member> set(
        model::ThreadId thread,
        model::UserId member,
        model::ThreadRole role = model::ThreadRole::member,
        MemberRule rule = allow_member
    ) {
        const MemberChange change{thread, member, member, role, this->now()};
        return this->run(this->threads().set_member(change, std::move(rule)));
    }
    void remove(model::ThreadId thread, model::UserId member) {
        const MemberChange change{thread, member, member, {}, this->now()};
        this->expect(this->run(this->threads().remove_member(change, allow_member)));
    }
    template <typename Body>
    std::vector<Body> told_of() {
        std::vector<Body> bodies;
        for (const auto& event : this->told()) {
            if (const auto* body = std::get_if<Body>(&event->body)) bodies.push_back(*body);
        }
        return bodies;
    }
    std::optional<model::ReplySummary> summary(const model::Message& message) {
        return this->run(this->messages().find(message.id, message.author))->message.reply_thread;
    }
};

TYPED_TEST_SUITE_P(ConversationContract);

TYPED_TEST_P(ConversationContract, a_direct_thread_is_found_by_its_people_in_any_order) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    const auto eve = this->user("eve");
    const auto made = this->direct(ada, {bob, eve});
    EXPECT_TRUE(made.made);
    EXPECT_EQ(made.view.member_count, 3U);
    EXPECT_EQ(made.view.membership->role, model::ThreadRole::member);
    const auto found = this->direct(eve, {ada, bob, ada});
    EXPECT_FALSE(found.made);
    EXPECT_EQ(found.view.thread.id, made.view.thread.id);
    EXPECT_EQ(found.view.thread.people, made.view.thread.people);
    EXPECT_TRUE(this->direct(ada, {bob}).made) << "other people";
    EXPECT_EQ(this->template told_of<model::MemberUpdate>().size(), 5U);
}

TYPED_TEST_P(ConversationContract, nobody_is_put_together_with_who_is_not_there) {
    const auto ada = this->user("ada");
    NewThread thread = this->new_thread("", ada);
    thread.kind = model::ThreadKind::group;
    thread.members = {this->template make<model::UserId>()};
    const auto refused = this->run(this->threads().create(thread));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::not_found);
    EXPECT_FALSE(this->run(this->threads().find(thread.id, ada)));
}

TYPED_TEST_P(ConversationContract, a_member_is_added_once_all_read_and_told) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    const auto general = this->channel("general", ada);
    this->send(general, ada, "before");
    this->told();
    EXPECT_EQ(this->set(general, bob)->role, model::ThreadRole::member);
    EXPECT_TRUE(this->set(general, bob).has_value());
    const auto told = this->template told_of<model::MemberUpdate>();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].user, bob);
    EXPECT_EQ(told[0].member_count, 2U);
    const auto view = this->view(general, bob);
    EXPECT_EQ(view.membership->unread, 0U);
    EXPECT_EQ(view.member_count, 2U);
}

TYPED_TEST_P(ConversationContract, the_rule_sees_the_role_that_the_member_has) {
    const auto ada = this->user("ada");
    const auto general = this->channel("general", ada);
    std::optional<model::ThreadRole> seen;
    const MemberRule rule = [&](const model::ThreadView&, std::optional<model::ThreadRole> role) {
        seen = role;
        return std::optional(Error{Errc::forbidden, "no"});
    };
    EXPECT_FALSE(this->set(general, ada, model::ThreadRole::member, rule).has_value());
    EXPECT_EQ(seen, model::ThreadRole::owner);
    EXPECT_EQ(this->view(general, ada).membership->role, model::ThreadRole::owner);
}

TYPED_TEST_P(ConversationContract, a_removal_is_a_revocation_before_it_is_told) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    NewThread thread = this->new_thread("secret", ada);
    thread.visibility = model::Visibility::private_;
    thread.members = {bob};
    this->expect(this->run(this->threads().create(thread)));
    this->told();
    this->remove(thread.id, bob);
    const auto told = this->told();
    ASSERT_EQ(told.size(), 3U);
    const auto& revocation = std::get<model::Revocation>(told[0]->body);
    EXPECT_EQ(revocation.user, bob);
    EXPECT_EQ(revocation.thread, thread.id);
    EXPECT_FALSE(std::get<model::MemberUpdate>(told[1]->body).role);
    EXPECT_EQ(std::get<model::ThreadRemoved>(told[2]->body).user, bob);
    const auto view = this->view(thread.id, bob);
    EXPECT_FALSE(view.membership);
    EXPECT_EQ(view.thread.access_rev, 1U);
    EXPECT_EQ(view.thread.rev, 0U) << "a membership is no change of the log";
    this->remove(thread.id, bob);
    EXPECT_TRUE(this->told().empty());
}

TYPED_TEST_P(ConversationContract, a_thread_keeps_an_owner_while_it_has_members) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    const auto eve = this->user("eve");
    const auto general = this->channel("general", eve);
    this->join(general, bob);
    this->join(general, ada);
    this->remove(general, eve);
    EXPECT_EQ(this->view(general, ada).membership->role, model::ThreadRole::owner)
        << "who was registered first";
    this->remove(general, ada);
    this->remove(general, bob);
    EXPECT_EQ(this->view(general, bob).member_count, 0U);
}

TYPED_TEST_P(ConversationContract, replies_are_one_thread_and_see_the_parent_as_it_is_now) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    const auto general = this->channel("general", ada);
    this->join(general, bob);
    const auto message = this->send(general, ada, "question");
    const auto thread = this->replies(message, bob);
    EXPECT_EQ(this->replies(message, ada), thread);
    auto view = this->view(thread, bob);
    ASSERT_TRUE(view.parent);
    EXPECT_EQ(view.parent->role, model::ThreadRole::member);
    EXPECT_EQ(view.parent->visibility, model::Visibility::public_);
    EXPECT_EQ(view.member_count, 2U) << "who began them and who wrote the message";
    this->remove(general, bob);
    view = this->view(thread, bob);
    EXPECT_FALSE(view.parent->role);
    EXPECT_FALSE(view.membership) << "who is gone from the parent is gone from the replies";
    const auto deeper = this->try_replies(this->answer(thread, ada), ada);
    EXPECT_EQ(deeper.error().code, Errc::bad_request);
    const auto gone = this->send(general, ada, "gone");
    this->World<TypeParam>::remove(gone);
    EXPECT_EQ(this->try_replies(gone, ada).error().code, Errc::conflict);
}

TYPED_TEST_P(ConversationContract, authors_and_mentioned_members_of_the_parent_follow_replies) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    const auto stranger = this->user("eve");
    const auto cy = this->user("cy");
    const auto general = this->channel("general", ada);
    for (const auto user : {bob, cy}) this->join(general, user);
    const auto thread = this->replies(this->send(general, ada, "question"), ada);
    this->answer(thread, bob, {cy, stranger});
    EXPECT_EQ(this->view(thread, bob).membership->unread, 0U);
    EXPECT_EQ(this->view(thread, ada).membership->unread, 1U);
    const auto mentioned = this->view(thread, cy);
    ASSERT_TRUE(mentioned.membership);
    EXPECT_EQ(mentioned.membership->unread, 1U);
    EXPECT_EQ(mentioned.membership->mentions, 1U);
    EXPECT_FALSE(this->view(thread, stranger).membership);
    EXPECT_EQ(mentioned.member_count, 3U);
}

TYPED_TEST_P(ConversationContract, a_message_shows_its_first_reply_at_once_and_the_rest_when_due) {
    const auto ada = this->user("ada");
    const auto general = this->channel("general", ada);
    const auto message = this->send(general, ada, "question");
    const auto thread = this->replies(message, ada);
    this->answer(thread, ada);
    ASSERT_TRUE(this->summary(message));
    EXPECT_EQ(this->summary(message)->count, 1U);
    EXPECT_EQ(this->view(general, ada).thread.rev, 2U);
    this->answer(thread, ada);
    EXPECT_EQ(this->view(general, ada).thread.rev, 2U);
    const auto refresh = [&](Timestamp at) {
        return this->run(this->messages().refresh_reply_summaries(at, 10));
    };
    const Timestamp due = this->now() + model::limits::reply_summary_interval;
    EXPECT_EQ(refresh(due - std::chrono::milliseconds(1)), 0U);
    EXPECT_EQ(refresh(due), 1U);
    EXPECT_EQ(refresh(due), 0U);
    EXPECT_EQ(this->summary(message)->count, 2U);
    EXPECT_EQ(this->view(general, ada).thread.rev, 3U);
    const auto resumed = this->changes(general, ada, 2);
    ASSERT_EQ(resumed.messages.size(), 1U);
    EXPECT_EQ(resumed.messages[0].reply_thread->count, 2U);
}

TYPED_TEST_P(ConversationContract, a_change_of_a_thread_takes_a_rev_that_a_resume_steps_over) {
    const auto ada = this->user("ada");
    const auto general = this->channel("general", ada);
    this->send(general, ada, "one");
    model::ChangeThread change;
    change.thread = general;
    change.topic = "news";
    const auto set = [&] {
        return this->expect(this->run(this->threads().change(change, ada, this->now(), allow)));
    };
    EXPECT_EQ(set().thread.rev, 2U);
    EXPECT_EQ(set().thread.rev, 2U) << "what is so already takes none";
    this->send(general, ada, "two");
    const auto resumed = this->changes(general, ada, 1);
    EXPECT_EQ(revs_of(resumed.messages), std::vector<model::Rev>{3});
    std::vector<model::Rev> told;
    for (const auto& event : this->events()) told.push_back(event->rev);
    EXPECT_EQ(told, (std::vector<model::Rev>{1, 2, 3}));
}

TYPED_TEST_P(ConversationContract, a_hidden_thread_is_left_out_until_it_grows) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    const auto thread = this->direct(ada, {bob}).view.thread.id;
    this->expect(this->run(this->threads().hide(thread, ada, allow)));
    EXPECT_TRUE(this->run(this->threads().list(ada, {})).items.empty());
    EXPECT_EQ(this->run(this->threads().list(bob, {})).items.size(), 1U);
    const auto watched = this->run(this->threads().watched(ada, {.all_max = 1}));
    EXPECT_EQ(watched, std::vector{thread}) << "it is still heard";
    this->send(thread, bob, "hello");
    EXPECT_EQ(this->run(this->threads().list(ada, {})).items.size(), 1U);
}

TYPED_TEST_P(ConversationContract, of_too_many_threads_those_are_watched_that_were_used_lately) {
    using std::chrono::days;
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    const auto told = [&](std::string name) {
        const auto thread = this->channel(std::move(name), bob);
        this->join(thread, ada);
        this->send(thread, bob, "old");
        return thread;
    };
    const auto unused = told("unused");
    const auto written = told("written");
    const auto read = told("read");
    const auto unread = told("unread");
    this->backend.clock().advance(days(20));
    const auto since = this->now();
    this->backend.clock().advance(days(20));
    const auto joined = told("joined");
    const auto joined_last = told("joined last");
    this->send(written, ada, "new");
    this->send(read, bob, "new");
    this->send(unread, bob, "new");
    const std::vector<ReadMark> marks{{read, ada, 2}, {unread, ada, 1}};
    run_task(this->backend.loops()[0], this->threads().mark_read(marks));
    const auto watched = [&](Watch watch) {
        return this->run(this->threads().watched(ada, watch));
    };
    const std::vector all{joined_last, joined, unread, read, written, unused};
    EXPECT_EQ(watched({.all_max = 6, .used_since = this->now()}), all) << "not too many";
    const std::vector used{joined_last, joined, read, written};
    EXPECT_EQ(watched({.all_max = 5, .used_since = since, .used_max = 9}), used);
    const std::vector used_last{joined_last, joined};
    EXPECT_EQ(watched({.all_max = 5, .used_since = since, .used_max = 2}), used_last);

    this->backend.clock().advance(days(2));
    this->send(unused, ada, "newer");
    this->send(read, bob, "newer");
    run_task(this->backend.loops()[0], this->threads().mark_read({{read, ada, 3}}));
    const ReadMark set_back{.thread = read, .user = ada, .seq = 1, .may_go_back = true};
    run_task(this->backend.loops()[0], this->threads().mark_read({set_back}));
    const std::vector used_newly{read, unused, joined_last};
    EXPECT_EQ(watched({.all_max = 5, .used_since = since, .used_max = 3}), used_newly);
}

REGISTER_TYPED_TEST_SUITE_P(
    ConversationContract,
    a_direct_thread_is_found_by_its_people_in_any_order,
    nobody_is_put_together_with_who_is_not_there,
    a_member_is_added_once_all_read_and_told,
    the_rule_sees_the_role_that_the_member_has,
    a_removal_is_a_revocation_before_it_is_told,
    a_thread_keeps_an_owner_while_it_has_members,
    replies_are_one_thread_and_see_the_parent_as_it_is_now,
    authors_and_mentioned_members_of_the_parent_follow_replies,
    a_message_shows_its_first_reply_at_once_and_the_rest_when_due,
    a_change_of_a_thread_takes_a_rev_that_a_resume_steps_over,
    a_hidden_thread_is_left_out_until_it_grows,
    of_too_many_threads_those_are_watched_that_were_used_lately
);

}  // namespace banter::storage
