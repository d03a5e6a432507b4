// Messages over the real store: send, edit, remove, react, and who may.
#include "service/messages.hpp"

#include "model/limits.hpp"
#include "service/testing/world.hpp"

namespace banter::service {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

/// A public channel of ada's, with bob as a member; eve is a member of the workspace only.
class MessagesTest : public ::testing::Test {
protected:
    Result<model::Message> send(Caller caller, model::SendMessage request) {
        return world.run(world->messages.send(caller, std::move(request)));
    }
    Result<model::Message> edit(
        Caller caller,
        model::MessageId message,
        std::string content,
        std::optional<model::Rev> if_rev = std::nullopt
    ) {
        model::EditMessage request{
            .message = message, .content = std::move(content), .if_rev = if_rev};
        return world.run(world->messages.edit(caller, std::move(request)));
    }
    Result<model::Message> remove(Caller caller, model::MessageId message) {
        return world.run(world->messages.remove(caller, message));
    }
    Result<model::Message> react(
        Caller caller,
        model::MessageId message,
        std::string emoji,
        bool add = true
    ) {
        return world.run(world->messages.react(caller, message, std::move(emoji), add));
    }
    Result<model::Message> find(Caller caller, model::MessageId message) {
        return world.run(world->messages.find(caller, message));
    }
    model::Rev rev_of(model::ThreadId thread) {
        return world.run(world->threads.find(ada, thread)).value().thread.rev;
    }

    World world;
    Caller ada = world.caller("ada");
    Caller bob = world.caller("bob");
    Caller eve = world.caller("eve");
    model::ThreadId general = [this] {
        const auto thread = world.channel(ada, "general");
        world.join(bob, thread);
        return thread;
    }();
};

TEST_F(MessagesTest, a_sent_message_comes_back_numbered_and_as_it_was_sent) {
    const auto first =
        send(ada, world.sending(general, "**hi** <@" + bob.user.text() + ">")).value();
    EXPECT_EQ(first.seq, 1U);
    EXPECT_EQ(first.rev, rev_of(general));
    EXPECT_EQ(first.author, ada.user);
    EXPECT_EQ(first.thread, general);
    EXPECT_EQ(first.content, "**hi** <@" + bob.user.text() + ">");
    EXPECT_EQ(first.mentions, std::vector{bob.user});
    EXPECT_EQ(first.created_at, world.clock.now());
    const auto reply = send(bob, world.sending(general, "hi", first.id)).value();
    EXPECT_EQ(reply.seq, 2U);
    EXPECT_EQ(reply.rev, first.rev + 1);
    EXPECT_EQ(reply.reply_to, first.id);
    EXPECT_EQ(find(eve, reply.id)->content, "hi");
}

TEST_F(MessagesTest, what_is_malformed_is_refused_before_anything_is_written) {
    EXPECT_EQ(code_of(send(ada, world.sending(general, ""))), Errc::bad_request);
    EXPECT_EQ(code_of(send(ada, world.sending(general, "a\0b"s))), Errc::bad_request);
    EXPECT_EQ(code_of(send(ada, world.sending(general, "\xff"))), Errc::bad_request);
    EXPECT_EQ(
        code_of(send(ada, world.sending(general, std::string(10'001, 'x')))), Errc::too_large
    );
    EXPECT_EQ(rev_of(general), 0U);
    EXPECT_TRUE(send(ada, world.sending(general, std::string(10'000, 'x'))));
}

TEST_F(MessagesTest, a_quoted_message_has_to_be_of_the_same_thread) {
    const auto elsewhere = world.channel(ada, "elsewhere");
    const auto other = world.send(ada, elsewhere, "there").id;
    EXPECT_EQ(code_of(send(ada, world.sending(general, "re", other))), Errc::not_found);
    const auto unknown = world->ids.make<model::MessageId>();
    EXPECT_EQ(code_of(send(ada, world.sending(general, "re", unknown))), Errc::not_found);
}

TEST_F(MessagesTest, sends_that_do_not_wait_for_one_another_are_numbered_in_their_order) {
    std::vector<Task<Result<model::Message>>> tasks;
    for (int i = 0; i < 100; ++i) {
        auto content = i % 7 == 0 ? "<!channel> " + std::to_string(i) : std::to_string(i);
        tasks.push_back(world->messages.send(bob, world.sending(general, std::move(content))));
    }
    const auto sent = world.run_all(std::move(tasks));
    for (std::size_t i = 0; i < sent.size(); ++i) EXPECT_EQ(sent[i]->seq, i + 1);
}

TEST_F(MessagesTest, the_same_nonce_gives_the_same_message_as_it_is_now) {
    auto request = world.sending(general, "first");
    const auto sent = send(ada, request).value();
    edit(ada, sent.id, "edited").value();
    react(bob, sent.id, ":tada:").value();
    const auto rev = rev_of(general);
    world.clock.advance(24h * 365);
    const auto again = send(ada, request).value();
    EXPECT_EQ(again.id, sent.id);
    EXPECT_EQ(again.seq, sent.seq);
    EXPECT_EQ(again.created_at, sent.created_at);
    EXPECT_EQ(again.content, "edited");
    EXPECT_EQ(again.reactions.size(), 1U);
    EXPECT_EQ(rev_of(general), rev);
    remove(ada, sent.id).value();
    EXPECT_TRUE(send(ada, request)->deleted_at);
}

TEST_F(MessagesTest, a_nonce_used_for_something_else_is_refused_and_one_of_another_author_is_not) {
    auto request = world.sending(general, "first");
    const auto sent = send(ada, request).value();
    auto other = request;
    other.content = "second";
    EXPECT_EQ(code_of(send(ada, other)), Errc::nonce_reused);
    other = request;
    other.reply_to = sent.id;
    EXPECT_EQ(code_of(send(ada, other)), Errc::nonce_reused);
    other = request;
    other.thread = world.channel(ada, "elsewhere");
    EXPECT_EQ(code_of(send(ada, other)), Errc::nonce_reused);
    // What was edited to reads the same, but was not what was asked for.
    edit(ada, sent.id, "second").value();
    other = request;
    other.content = "second";
    EXPECT_EQ(code_of(send(ada, other)), Errc::nonce_reused);
    const auto bobs = send(bob, request).value();
    EXPECT_NE(bobs.id, sent.id);
}

TEST_F(MessagesTest, the_same_nonce_many_times_at_once_makes_one_message) {
    const auto request = world.sending(general, "once");
    std::vector<Task<Result<model::Message>>> tasks;
    for (int i = 0; i < 20; ++i) tasks.push_back(world->messages.send(ada, request));
    for (const auto& sent : world.run_all(std::move(tasks))) EXPECT_EQ(sent->seq, 1U);
    EXPECT_EQ(rev_of(general), 1U);
}

TEST_F(MessagesTest, who_is_no_member_may_not_send_edit_or_react) {
    const auto message = world.send(ada, general, "hi").id;
    EXPECT_EQ(code_of(send(eve, world.sending(general, "x"))), Errc::forbidden);
    EXPECT_EQ(code_of(edit(eve, message, "x")), Errc::forbidden);
    EXPECT_EQ(code_of(remove(eve, message)), Errc::forbidden);
    EXPECT_EQ(code_of(react(eve, message, ":tada:")), Errc::forbidden);
    EXPECT_TRUE(find(eve, message));
    EXPECT_EQ(rev_of(general), 1U);
}

TEST_F(MessagesTest, what_is_hidden_answers_as_if_it_did_not_exist) {
    const auto secret = world.channel(ada, "secret", model::Visibility::private_);
    const auto hidden = world.send(ada, secret, "hush").id;
    const auto missing = world->ids.make<model::MessageId>();
    const auto nowhere = world->ids.make<model::ThreadId>();
    const auto same = [](const auto& first, const auto& second) {
        EXPECT_EQ(code_of(first), Errc::not_found);
        EXPECT_EQ(first.error(), second.error());
    };
    same(find(eve, hidden), find(eve, missing));
    same(edit(eve, hidden, "x"), edit(eve, missing, "x"));
    same(remove(eve, hidden), remove(eve, missing));
    same(react(eve, hidden, ":tada:"), react(eve, missing, ":tada:"));
    same(send(eve, world.sending(secret, "x")), send(eve, world.sending(nowhere, "x")));
    same(
        send(eve, world.sending(secret, "x", hidden)),
        send(eve, world.sending(nowhere, "x", hidden))
    );
    same(
        send(eve, world.sending(secret, "x", missing)),
        send(eve, world.sending(nowhere, "x", missing))
    );
    const auto history = [&](model::ThreadId thread) {
        return world.run(world->messages.history(eve, thread, storage::Newest{}, 50));
    };
    same(history(secret), history(nowhere));
    const auto join = [&](model::ThreadId thread, std::optional<model::Rev> since) {
        return world.run(world->messages.join(eve, JoinRequest{.thread = thread, .since = since}));
    };
    same(join(secret, std::nullopt), join(nowhere, std::nullopt));
    same(join(secret, 0), join(nowhere, 0));
    same(join(secret, 99), join(nowhere, 99));
}

TEST_F(MessagesTest, another_workspaces_caller_sees_nothing) {
    const auto message = world.send(ada, general, "hi").id;
    Caller foreign = ada;
    foreign.workspace = world->ids.make<model::WorkspaceId>();
    EXPECT_EQ(code_of(find(foreign, message)), Errc::not_found);
    EXPECT_EQ(code_of(edit(foreign, message, "x")), Errc::not_found);
    EXPECT_EQ(code_of(remove(foreign, message)), Errc::not_found);
    EXPECT_EQ(code_of(send(foreign, world.sending(general, "x"))), Errc::not_found);
}

TEST_F(MessagesTest, only_the_author_edits) {
    const auto message = world.send(bob, general, "hi").id;
    EXPECT_EQ(code_of(edit(ada, message, "x")), Errc::forbidden) << "not even the thread's owner";
    world.clock.advance(1s);
    const auto edited = edit(bob, message, "ho <@" + ada.user.text() + ">").value();
    EXPECT_EQ(edited.content, "ho <@" + ada.user.text() + ">");
    EXPECT_EQ(edited.mentions, std::vector{ada.user});
    EXPECT_EQ(edited.edited_at, world.clock.now());
    EXPECT_EQ(edited.rev, 2U);
    EXPECT_EQ(edited.seq, 1U);
}

TEST_F(MessagesTest, an_edit_that_changes_nothing_takes_no_rev) {
    const auto message = world.send(bob, general, "hi").id;
    const auto edited = edit(bob, message, "hi").value();
    EXPECT_EQ(edited.edited_at, std::nullopt);
    EXPECT_EQ(rev_of(general), 1U);
}

TEST_F(MessagesTest, an_edit_of_an_older_state_is_a_conflict) {
    const auto sent = world.send(bob, general, "hi");
    EXPECT_TRUE(edit(bob, sent.id, "ho", sent.rev));
    EXPECT_EQ(code_of(edit(bob, sent.id, "hu", sent.rev)), Errc::conflict);
    EXPECT_EQ(find(bob, sent.id)->content, "ho");
    EXPECT_EQ(code_of(edit(bob, sent.id, "")), Errc::bad_request);
    EXPECT_EQ(code_of(edit(bob, sent.id, std::string(10'001, 'x'))), Errc::too_large);
}

TEST_F(MessagesTest, authors_thread_owners_and_admins_delete) {
    world.join(eve, general);
    Caller admin = world.caller("root");
    admin.role = model::WorkspaceRole::admin;
    const auto message = [&] { return world.send(bob, general, "hi").id; };
    EXPECT_EQ(code_of(remove(eve, message())), Errc::forbidden);
    for (const Caller& caller : {bob, ada, admin}) {
        const auto gone = remove(caller, message());
        ASSERT_TRUE(gone) << gone.error().detail;
        EXPECT_EQ(gone->content, "");
        EXPECT_EQ(gone->deleted_at, world.clock.now());
    }
}

TEST_F(MessagesTest, admins_delete_nothing_in_private_threads_that_they_are_not_in) {
    const auto secret = world.channel(ada, "secret", model::Visibility::private_);
    const auto message = world.send(ada, secret, "hush").id;
    Caller admin = world.caller("root");
    admin.role = model::WorkspaceRole::admin;
    EXPECT_EQ(code_of(remove(admin, message)), Errc::not_found);
    EXPECT_EQ(code_of(find(admin, message)), Errc::not_found);
}

TEST_F(MessagesTest, a_deleted_message_stays_as_a_tombstone_that_nothing_changes) {
    const auto message = world.send(bob, general, "hi <@" + ada.user.text() + ">").id;
    react(ada, message, ":tada:").value();
    remove(bob, message).value();
    const auto rev = rev_of(general);
    EXPECT_TRUE(remove(bob, message));
    EXPECT_EQ(code_of(edit(bob, message, "back")), Errc::conflict);
    EXPECT_EQ(code_of(react(ada, message, ":tada:")), Errc::conflict);
    EXPECT_EQ(rev_of(general), rev);
    const auto tombstone = find(ada, message).value();
    EXPECT_EQ(tombstone.content, "");
    EXPECT_TRUE(tombstone.mentions.empty());
    EXPECT_TRUE(tombstone.reactions.empty());
    EXPECT_EQ(tombstone.seq, 1U);
}

TEST_F(MessagesTest, an_archived_thread_is_read_and_refuses_every_change_as_conflict) {
    const auto message = world.send(bob, general, "hi").id;
    world.sql("UPDATE threads SET archived_at = 1, rev = rev + 1");
    EXPECT_EQ(code_of(send(bob, world.sending(general, "x"))), Errc::conflict);
    EXPECT_EQ(code_of(edit(bob, message, "x")), Errc::conflict);
    EXPECT_EQ(code_of(react(bob, message, ":tada:")), Errc::conflict);
    EXPECT_EQ(code_of(remove(bob, message)), Errc::conflict);
    EXPECT_EQ(code_of(world.run(world->typing.update(bob, general, true))), Errc::conflict);
    EXPECT_EQ(code_of(world.run(world->threads.join(eve, general))), Errc::conflict);
    const JoinRequest join{.thread = general};
    EXPECT_EQ(code_of(world.run(world->messages.join(eve, join))), Errc::conflict);
    EXPECT_EQ(world.run(world->messages.join(bob, join))->messages.size(), 1U);
    EXPECT_TRUE(world.run(world->read_marks.mark(ada, general, 1)));
    EXPECT_EQ(find(eve, message)->content, "hi");
    EXPECT_EQ(rev_of(general), 2U);
}

TEST_F(MessagesTest, reactions_are_counted_once_for_a_user_and_emoji) {
    const auto message = world.send(ada, general, "hi").id;
    EXPECT_EQ(react(bob, message, "\U0001F44D")->rev, 2U);
    EXPECT_EQ(react(bob, message, "\U0001F44D")->rev, 2U) << "there already";
    const auto both = react(ada, message, "\U0001F44D").value();
    ASSERT_EQ(both.reactions.size(), 1U);
    EXPECT_EQ(both.reactions[0].count, 2U);
    EXPECT_EQ(both.reactions[0].users, (std::vector{bob.user, ada.user}));
    EXPECT_TRUE(both.reactions[0].mine);
    EXPECT_FALSE(find(eve, message)->reactions[0].mine);
    EXPECT_EQ(react(bob, message, ":tada:", false)->rev, 3U) << "was not there";
    EXPECT_EQ(react(bob, message, "\U0001F44D", false)->rev, 4U);
    EXPECT_TRUE(react(ada, message, "\U0001F44D", false)->reactions.empty());
}

TEST_F(MessagesTest, reactions_are_emoji_and_at_most_fifty_different_ones) {
    const auto message = world.send(ada, general, "hi").id;
    for (const char* text : {"", "x", "<b>", "\xff", "thumbs up"}) {
        EXPECT_EQ(code_of(react(ada, message, text)), Errc::bad_request) << text;
    }
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(react(ada, message, ":e" + std::to_string(i) + ":"));
    EXPECT_EQ(code_of(react(bob, message, ":one-more:")), Errc::too_large);
    EXPECT_TRUE(react(bob, message, ":e7:"));
}

TEST_F(MessagesTest, who_reacted_is_listed_to_readers_only) {
    const auto secret = world.channel(ada, "secret", model::Visibility::private_);
    const auto message = world.send(ada, secret, "hi").id;
    react(ada, message, ":x:").value();
    const auto list = [&](const Caller& caller, std::string emoji) {
        return world.run(world->messages.reactions(caller, message, std::move(emoji), {}));
    };
    const auto listed = list(ada, ":x:").value();
    ASSERT_EQ(listed.users.size(), 1U);
    EXPECT_EQ(listed.users[0].handle, "ada");
    EXPECT_EQ(listed.count, 1U);
    EXPECT_FALSE(listed.next);
    EXPECT_EQ(list(ada, ":y:")->count, 0U);
    EXPECT_EQ(code_of(list(ada, "<b>")), Errc::bad_request);
    EXPECT_EQ(code_of(list(bob, ":x:")), Errc::not_found);
}

TEST_F(MessagesTest, sends_above_the_burst_are_refused_and_told_how_long_to_wait) {
    std::vector<Task<Result<model::Message>>> tasks;
    for (int i = 0; i < 101; ++i)
        tasks.push_back(world->messages.send(ada, world.sending(general, "hi")));
    const auto sent = world.run_all(std::move(tasks));
    for (std::size_t i = 0; i < 100; ++i) EXPECT_TRUE(sent[i]) << i;
    EXPECT_EQ(code_of(sent[100]), Errc::rate_limited);
    EXPECT_GT(sent[100].error().retry_after, 0ms);
    EXPECT_LE(sent[100].error().retry_after, 20ms);
    EXPECT_TRUE(send(bob, world.sending(general, "hi"))) << "another user";
    world.clock.advance(20ms);
    EXPECT_TRUE(send(ada, world.sending(general, "hi")));
    EXPECT_EQ(code_of(send(ada, world.sending(general, "hi"))), Errc::rate_limited);
}

TEST(MessagesRules, sends_keep_their_order_wherever_their_limit_is_counted) {
    World world({.sends = {.sends = {.per_second = 1000, .burst = 1000}}}, 2);
    const auto owner = world.caller("owner");
    const auto general = world.channel(owner, "general");
    // Of eight users some have their bucket on the other loop.
    for (int i = 0; i < 8; ++i) {
        const auto user = world.caller("user" + std::to_string(i));
        world.join(user, general);
        std::vector<Task<Result<model::Message>>> tasks;
        for (int n = 0; n < 50; ++n) {
            tasks.push_back(world->messages.send(user, world.sending(general, "hi")));
        }
        const auto sent = world.run_all(std::move(tasks));
        for (std::size_t n = 1; n < sent.size(); ++n) EXPECT_EQ(sent[n]->seq, sent[n - 1]->seq + 1);
    }
}

TEST(MessagesRules, without_a_rate_nothing_is_limited) {
    World world({.sends = {.sends = {.per_second = 0}}});
    const auto ada = world.caller("ada");
    const auto general = world.channel(ada, "general");
    std::vector<Task<Result<model::Message>>> tasks;
    for (int i = 0; i < 300; ++i)
        tasks.push_back(world->messages.send(ada, world.sending(general, "hi")));
    for (const auto& sent : world.run_all(std::move(tasks))) EXPECT_TRUE(sent);
}

TEST_F(MessagesTest, only_members_are_mentioned) {
    const auto sent = world.send(
        ada,
        general,
        "<@" + eve.user.text() + "> <@" + bob.user.text() + "> <@" + ada.user.text() + ">"
    );
    EXPECT_EQ(sent.mentions, (std::vector{bob.user, ada.user}));
    EXPECT_FALSE(sent.mentions_all);
    EXPECT_TRUE(world.send(bob, general, "<!here>").mentions_all) << "a thread of at most 50";
}

TEST_F(MessagesTest, in_a_large_thread_its_owner_and_admins_alone_mention_all) {
    for (int i = 0; i < 49; ++i) world.join(world.caller("user" + std::to_string(i)), general);
    EXPECT_FALSE(world.send(bob, general, "<!channel>").mentions_all);
    EXPECT_TRUE(world.send(ada, general, "<!channel>").mentions_all);
    Caller admin = bob;
    admin.role = model::WorkspaceRole::admin;
    EXPECT_TRUE(world.send(admin, general, "<!channel>").mentions_all);
    const auto own = world.send(ada, general, "hi").id;
    EXPECT_TRUE(edit(ada, own, "<!channel>")->mentions_all);
    const auto bobs = world.send(bob, general, "hi").id;
    EXPECT_FALSE(edit(bob, bobs, "<!channel>")->mentions_all);
}

TEST_F(MessagesTest, every_change_is_told_once_in_the_order_of_its_rev) {
    const auto message = world.send(ada, general, "hi").id;
    edit(ada, message, "ho").value();
    react(bob, message, ":tada:").value();
    react(bob, message, ":tada:").value();
    remove(ada, message).value();
    world.send(bob, general, "bye");
    world.await_events(5);
    ASSERT_EQ(world.events.size(), 5U);
    for (std::size_t i = 0; i < world.events.size(); ++i) {
        EXPECT_EQ(world.events[i]->rev, i + 1);
        EXPECT_EQ(world.events[i]->thread, general);
    }
    EXPECT_TRUE(std::holds_alternative<model::MessageNew>(world.events[0]->body));
    const auto& reaction = std::get<model::MessageUpdate>(world.events[2]->body).reaction;
    ASSERT_TRUE(reaction);
    EXPECT_EQ(reaction->emoji, ":tada:");
    EXPECT_EQ(reaction->user, bob.user);
    EXPECT_TRUE(reaction->added);
}

}  // namespace
}  // namespace banter::service
