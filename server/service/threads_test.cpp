// Conversations: made, found, changed, joined and left, and who is in them.
#include "service/threads.hpp"

#include "service/testing/world.hpp"

namespace banter::service {
namespace {

using namespace std::string_literals;

class ThreadsTest : public ::testing::Test {
protected:
    Result<model::ThreadView> create(Caller caller, std::string name) {
        CreateThread request{.name = std::move(name)};
        auto made = world.run(world->threads.create(caller, std::move(request)));
        if (!made) return made.error();
        return std::move(made->view);
    }
    Result<storage::FoundOrMade> create(Caller caller, CreateThread request) {
        return world.run(world->threads.create(caller, std::move(request)));
    }
    Result<storage::FoundOrMade> direct(Caller caller, std::vector<model::UserId> others) {
        return create(
            caller, CreateThread{.kind = model::ThreadKind::direct, .members = std::move(others)}
        );
    }
    Result<storage::FoundOrMade> replies(Caller caller, const model::Message& message) {
        const model::ParentMessage parent{message.thread, message.id};
        return create(caller, CreateThread{.kind = model::ThreadKind::reply, .parent = parent});
    }
    std::optional<Error> remove(Caller caller, model::ThreadId thread, model::UserId member) {
        return world.run(world->threads.remove_member(caller, thread, member));
    }
    Result<model::Member> add(
        Caller caller,
        model::ThreadId thread,
        model::UserId member,
        model::ThreadRole role = model::ThreadRole::member
    ) {
        return world.run(world->threads.set_member(caller, thread, member, role));
    }
    Result<model::ThreadView> change(Caller caller, model::ChangeThread request) {
        return world.run(world->threads.change(caller, std::move(request)));
    }
    std::size_t listed(Caller caller) {
        return world.run(world->threads.list(caller, {}))->items.size();
    }
    Result<model::ThreadView> find(Caller caller, model::ThreadId thread) {
        return world.run(world->threads.find(caller, thread));
    }
    Result<model::ThreadView> join(Caller caller, model::ThreadId thread) {
        return world.run(world->threads.join(caller, thread));
    }
    std::vector<std::string> discover(Caller caller, std::string query) {
        std::vector<std::string> names;
        const auto page = world.run(world->threads.discover(caller, std::move(query), {})).value();
        for (const auto& view : page.items) names.push_back(view.thread.name);
        return names;
    }
    Caller guest() {
        Caller caller = world.caller("guest");
        caller.role = model::WorkspaceRole::guest;
        return caller;
    }

    World world;
    Caller ada = world.caller("ada");
    Caller bob = world.caller("bob");
};

TEST_F(ThreadsTest, who_makes_a_channel_owns_it_and_is_its_member) {
    const auto view = create(ada, "general").value();
    EXPECT_EQ(view.thread.name, "general");
    EXPECT_EQ(view.thread.kind, model::ThreadKind::channel);
    EXPECT_EQ(view.thread.visibility, model::Visibility::public_);
    EXPECT_EQ(view.thread.created_by, ada.user);
    EXPECT_EQ(view.thread.created_at, world.clock.now());
    EXPECT_EQ(view.thread.workspace, ada.workspace);
    EXPECT_EQ(view.thread.seq, 0U);
    ASSERT_TRUE(view.membership);
    EXPECT_EQ(view.membership->role, model::ThreadRole::owner);
    EXPECT_EQ(find(ada, view.thread.id)->membership->role, model::ThreadRole::owner);
    EXPECT_FALSE(find(bob, view.thread.id)->membership);
}

TEST_F(ThreadsTest, names_are_names) {
    for (const std::string& name : {""s, "  "s, "a\nb"s, "\xff"s, std::string(81, 'a'), "a\0b"s}) {
        EXPECT_EQ(code_of(create(ada, name)), Errc::bad_request) << name;
    }
    EXPECT_TRUE(create(ada, std::string(80, 'a')));
}

TEST_F(ThreadsTest, each_kind_refuses_what_is_not_its_own) {
    using Kind = model::ThreadKind;
    const model::ParentMessage parent;
    const std::vector<model::UserId> too_many(9, bob.user);
    const std::vector<CreateThread> wrong{
        {.kind = Kind::direct, .name = "x", .members = {bob.user}},
        {.kind = Kind::direct, .members = {ada.user}},
        {.kind = Kind::direct, .members = {bob.user}, .parent = parent},
        {.kind = Kind::group},
        {.kind = Kind::group, .name = " ", .members = {bob.user}},
        {.kind = Kind::channel, .name = "x", .parent = parent},
        {.kind = Kind::reply},
        {.kind = Kind::reply, .name = "x", .parent = parent},
        {.kind = Kind::reply, .members = {bob.user}, .parent = parent},
    };
    for (std::size_t i = 0; i < wrong.size(); ++i) {
        EXPECT_EQ(code_of(create(ada, wrong[i])), Errc::bad_request) << i;
    }
    EXPECT_EQ(code_of(direct(ada, too_many)), Errc::too_large);
    const auto nobody = world->ids.make<model::UserId>();
    EXPECT_EQ(code_of(direct(ada, {nobody})), Errc::not_found);
    EXPECT_EQ(
        code_of(create(ada, {.kind = Kind::group, .members = {bob.user, nobody}})), Errc::not_found
    );
    EXPECT_EQ(listed(ada), 0U);
}

TEST_F(ThreadsTest, the_same_people_have_one_direct_thread_whoever_asks) {
    const auto made = direct(ada, {bob.user}).value();
    EXPECT_TRUE(made.made);
    EXPECT_EQ(made.view.thread.kind, model::ThreadKind::direct);
    EXPECT_EQ(made.view.thread.visibility, model::Visibility::private_);
    EXPECT_EQ(made.view.thread.people.size(), 2U);
    const auto found = direct(bob, {ada.user, ada.user}).value();
    EXPECT_FALSE(found.made);
    EXPECT_EQ(found.view.thread.id, made.view.thread.id);
    const auto notes = direct(ada, {}).value();
    EXPECT_TRUE(notes.made);
    EXPECT_EQ(direct(ada, {})->view.thread.id, notes.view.thread.id);
    EXPECT_EQ(code_of(find(world.caller("eve"), made.view.thread.id)), Errc::not_found);
}

TEST_F(ThreadsTest, a_hidden_direct_thread_comes_back_with_the_next_message) {
    const auto thread = direct(ada, {bob.user})->view.thread.id;
    ASSERT_EQ(world.run(world->threads.leave(ada, thread)), std::nullopt);
    EXPECT_EQ(listed(ada), 0U);
    EXPECT_EQ(listed(bob), 1U);
    EXPECT_TRUE(find(ada, thread)->membership) << "it can't be left";
    world.send(bob, thread, "there?");
    EXPECT_EQ(listed(ada), 1U);
    ASSERT_EQ(world.run(world->threads.leave(ada, thread)), std::nullopt);
    EXPECT_EQ(listed(ada), 0U);
    EXPECT_FALSE(direct(ada, {bob.user})->made);
    EXPECT_EQ(listed(ada), 1U) << "who asks for it gets it back";
}

TEST_F(ThreadsTest, in_a_group_everybody_adds_and_owners_remove) {
    const auto cy = world.caller("cy");
    const auto dan = world.caller("dan");
    const auto group =
        create(ada, {.kind = model::ThreadKind::group, .members = {bob.user}})->view.thread.id;
    EXPECT_EQ(add(bob, group, cy.user)->role, model::ThreadRole::member);
    EXPECT_EQ(code_of(add(bob, group, cy.user, model::ThreadRole::owner)), Errc::forbidden);
    EXPECT_EQ(code_of(add(dan, group, dan.user)), Errc::not_found);
    EXPECT_EQ(remove(bob, group, cy.user)->code, Errc::forbidden);
    EXPECT_EQ(remove(ada, group, cy.user), std::nullopt);
    EXPECT_EQ(code_of(find(cy, group)), Errc::not_found);
    EXPECT_EQ(remove(ada, group, cy.user), std::nullopt) << "once more changes nothing";
}

TEST_F(ThreadsTest, when_the_last_owner_goes_the_first_registered_member_owns_it) {
    const auto general = world.channel(ada, "general");
    world.join(bob, general);
    ASSERT_EQ(world.run(world->threads.leave(ada, general)), std::nullopt);
    EXPECT_FALSE(find(ada, general)->membership);
    EXPECT_EQ(find(bob, general)->membership->role, model::ThreadRole::owner);
    EXPECT_EQ(
        add(bob, general, bob.user, model::ThreadRole::member)->role, model::ThreadRole::owner
    ) << "a thread keeps an owner";
}

TEST_F(ThreadsTest, a_change_takes_a_rev_and_no_change_takes_none) {
    const auto general = world.channel(ada, "general");
    world.channel(ada, "other");
    const auto renamed = change(ada, {.thread = general, .name = "news", .topic = "all of it"});
    EXPECT_EQ(renamed->thread.name, "news");
    EXPECT_EQ(renamed->thread.topic, "all of it");
    EXPECT_EQ(renamed->thread.rev, 1U);
    EXPECT_EQ(change(ada, {.thread = general, .name = "news"})->thread.rev, 1U);
    EXPECT_EQ(code_of(change(ada, {.thread = general, .name = "other"})), Errc::conflict);
    EXPECT_EQ(code_of(change(bob, {.thread = general, .name = "mine"})), Errc::forbidden);
    EXPECT_EQ(code_of(change(ada, {.thread = general, .topic = "a\x01"})), Errc::bad_request);
    const auto archived = change(ada, {.thread = general, .archived = true});
    EXPECT_EQ(archived->thread.archived_at, world.clock.now());
    EXPECT_EQ(archived->thread.rev, 2U);
    EXPECT_EQ(archived->thread.access_rev, 1U);
    world.await_events(2);
    EXPECT_EQ(world.events.back()->rev, 2U);
    EXPECT_TRUE(std::holds_alternative<model::ThreadUpdate>(world.events.back()->body));
    EXPECT_EQ(code_of(change(ada, {.thread = general, .name = "x"})), Errc::conflict);
    EXPECT_FALSE(change(ada, {.thread = general, .archived = false})->thread.archived_at);
}

TEST_F(ThreadsTest, a_channel_that_becomes_private_shuts_out_who_is_no_member) {
    const auto general = world.channel(ada, "general");
    ASSERT_TRUE(find(bob, general));
    ASSERT_TRUE(change(ada, {.thread = general, .visibility = model::Visibility::private_}));
    EXPECT_EQ(code_of(find(bob, general)), Errc::not_found);
    world.await_events(1);
    ASSERT_EQ(world.revocations.size(), 1U);
    EXPECT_EQ(world.revocations[0].thread, general);
    EXPECT_FALSE(world.revocations[0].user);
}

TEST_F(ThreadsTest, a_removal_ends_what_the_member_gets_here_and_in_the_replies) {
    const auto secret = world.channel(ada, "secret", model::Visibility::private_);
    add(ada, secret, bob.user).value();
    const auto message = world.send(bob, secret, "hello");
    const auto reply = replies(ada, message)->view.thread.id;
    EXPECT_EQ(listed(bob), 2U) << "the author of the message follows the replies";
    ASSERT_EQ(remove(ada, secret, bob.user), std::nullopt);
    EXPECT_EQ(listed(bob), 0U);
    EXPECT_EQ(code_of(find(bob, secret)), Errc::not_found);
    EXPECT_EQ(find(bob, reply).error(), find(bob, secret).error());
    EXPECT_EQ(find(ada, secret)->thread.access_rev, 1U);
    ASSERT_EQ(world.revocations.size(), 1U);
    EXPECT_EQ(world.revocations[0].user, bob.user);
    EXPECT_EQ(world.revocations[0].thread, secret);
    world.await_events(2);
    EXPECT_TRUE(std::holds_alternative<model::ThreadRemoved>(world.events.back()->body));
}

TEST_F(ThreadsTest, replies_belong_to_who_reads_the_parent_now) {
    const auto general = world.channel(ada, "general");
    const auto message = world.send(ada, general, "question");
    EXPECT_EQ(code_of(replies(bob, message)), Errc::forbidden) << "no member writes nothing";
    world.join(bob, general);
    const auto made = replies(bob, message).value();
    EXPECT_TRUE(made.made);
    EXPECT_FALSE(replies(ada, message)->made);
    const auto thread = made.view.thread.id;
    EXPECT_EQ(code_of(replies(ada, world.send(ada, thread, "deeper"))), Errc::bad_request);
    const auto cy = world.caller("cy");
    EXPECT_TRUE(find(cy, thread)) << "the parent is public";
    EXPECT_EQ(code_of(join(cy, thread)), Errc::forbidden);
    world.join(cy, general);
    EXPECT_TRUE(join(cy, thread)->membership);
    ASSERT_TRUE(change(ada, {.thread = general, .archived = true}));
    const auto refused = world.run(world->messages.send(bob, world.sending(thread, "late")));
    EXPECT_EQ(code_of(refused), Errc::conflict);
}

TEST_F(ThreadsTest, a_message_shows_its_replies_at_the_first_and_then_every_ten_seconds) {
    const auto general = world.channel(ada, "general");
    world.join(bob, general);
    const auto message = world.send(ada, general, "question");
    const auto thread = replies(bob, message)->view.thread.id;
    const auto shown = [&] {
        return world.run(world->messages.find(ada, message.id))->reply_thread;
    };
    EXPECT_FALSE(shown());
    world.send(bob, thread, "one");
    ASSERT_TRUE(shown());
    EXPECT_EQ(shown()->count, 1U);
    EXPECT_EQ(shown()->users, std::vector{bob.user});
    EXPECT_EQ(find(ada, general)->thread.rev, 2U);
    world.clock.advance(std::chrono::seconds(4));
    world.send(ada, thread, "two");
    const Timestamp last = world.clock.now();
    world.run(world->messages.refresh_reply_summaries());
    EXPECT_EQ(shown()->count, 1U);
    world.clock.advance(std::chrono::seconds(6));
    world.run(world->messages.refresh_reply_summaries());
    EXPECT_EQ(shown()->count, 2U);
    EXPECT_EQ(shown()->last_reply_at, last);
    EXPECT_EQ(shown()->users, (std::vector{bob.user, ada.user}));
    EXPECT_EQ(find(ada, general)->thread.rev, 3U);
    world.clock.advance(std::chrono::seconds(10));
    world.send(ada, thread, "three");
    EXPECT_EQ(shown()->count, 3U);
    world.run(world->messages.refresh_reply_summaries());
    EXPECT_EQ(find(ada, general)->thread.rev, 4U);
}

TEST_F(ThreadsTest, who_is_mentioned_in_a_reply_follows_it_from_there) {
    const auto general = world.channel(ada, "general");
    world.join(bob, general);
    const auto stranger = world.caller("cy");
    const auto thread = replies(ada, world.send(ada, general, "q"))->view.thread.id;
    world.send(ada, thread, "first");
    EXPECT_FALSE(find(bob, thread)->membership);
    world.send(ada, thread, "<@" + bob.user.text() + "> <@" + stranger.user.text() + "> look");
    const auto view = find(bob, thread).value();
    ASSERT_TRUE(view.membership);
    EXPECT_EQ(view.membership->unread, 1U);
    EXPECT_EQ(view.membership->mentions, 1U);
    EXPECT_FALSE(find(stranger, thread)->membership) << "no member of the parent";
}

TEST_F(ThreadsTest, preferences_are_the_members_own) {
    const auto general = world.channel(ada, "general");
    const Timestamp later = world.clock.now() + std::chrono::hours(1);
    SetPreferences wanted{general, model::Level::mentions, later};
    const auto view = world.run(world->threads.set_preferences(ada, wanted)).value();
    EXPECT_EQ(view.membership->level, model::Level::mentions);
    EXPECT_EQ(view.membership->muted_until, later);
    EXPECT_EQ(code_of(world.run(world->threads.set_preferences(bob, wanted))), Errc::forbidden);
}

TEST_F(ThreadsTest, members_are_listed_in_pages) {
    const auto general = world.channel(ada, "general");
    std::vector<model::UserId> all{ada.user};
    for (int i = 0; i < 4; ++i) {
        all.push_back(world.caller("user" + std::to_string(i)).user);
        add(ada, general, all.back()).value();
    }
    std::sort(all.begin(), all.end());
    std::vector<model::UserId> seen;
    model::PageRequest page;
    page.limit = 2;
    do {
        const auto got = world.run(world->threads.members(ada, general, page)).value();
        EXPECT_LE(got.items.size(), 2U);
        for (const auto& member : got.items) seen.push_back(member.user);
        page.cursor = got.next;
    } while (page.cursor);
    EXPECT_EQ(seen, all);
    EXPECT_EQ(find(ada, general)->member_count, 5U);
}

TEST_F(ThreadsTest, a_public_channels_name_is_taken_once) {
    ASSERT_TRUE(create(ada, "general"));
    EXPECT_EQ(code_of(create(bob, "general")), Errc::conflict);
}

TEST_F(ThreadsTest, guests_make_discover_and_join_nothing) {
    const auto general = world.channel(ada, "general");
    EXPECT_EQ(code_of(create(guest(), "mine")), Errc::forbidden);
    EXPECT_TRUE(discover(guest(), "").empty());
    EXPECT_EQ(code_of(find(guest(), general)), Errc::not_found);
    EXPECT_EQ(code_of(join(guest(), general)), Errc::not_found);
}

TEST_F(ThreadsTest, a_private_channel_exists_for_its_members_only) {
    const auto secret = world.channel(ada, "secret", model::Visibility::private_);
    const auto nowhere = world->ids.make<model::ThreadId>();
    EXPECT_TRUE(find(ada, secret));
    EXPECT_EQ(code_of(find(bob, secret)), Errc::not_found);
    EXPECT_EQ(find(bob, secret).error(), find(bob, nowhere).error());
    EXPECT_EQ(join(bob, secret).error(), join(bob, nowhere).error());
    EXPECT_TRUE(discover(bob, "secret").empty());
    EXPECT_TRUE(world.run(world->threads.list(bob, {}))->items.empty());
}

TEST_F(ThreadsTest, joining_makes_a_member_once) {
    const auto general = world.channel(ada, "general");
    EXPECT_EQ(join(bob, general)->membership->role, model::ThreadRole::member);
    EXPECT_EQ(join(bob, general)->membership->role, model::ThreadRole::member);
    EXPECT_EQ(join(ada, general)->membership->role, model::ThreadRole::owner);
}

TEST_F(ThreadsTest, the_list_has_own_threads_and_discovery_all_public_ones) {
    world.channel(ada, "general");
    world.channel(ada, "gardening");
    world.channel(bob, "offtopic");
    world.channel(ada, "secret garden", model::Visibility::private_);
    std::vector<std::string> own;
    const auto page = world.run(world->threads.list(ada, {})).value();
    for (const auto& view : page.items) own.push_back(view.thread.name);
    std::sort(own.begin(), own.end());
    EXPECT_EQ(own, (std::vector{"gardening"s, "general"s, "secret garden"s}));
    EXPECT_EQ(discover(ada, "G"), (std::vector{"gardening"s, "general"s}));
    EXPECT_EQ(discover(bob, ""), (std::vector{"gardening"s, "general"s, "offtopic"s}));
    EXPECT_TRUE(discover(bob, "nothing like it").empty());
    EXPECT_TRUE(discover(bob, std::string(5000, 'g')).empty());
    EXPECT_EQ(code_of(world.run(world->threads.discover(bob, "\xff", {}))), Errc::bad_request);
}

TEST_F(ThreadsTest, wildcards_in_a_query_are_letters) {
    world.channel(ada, "100% wool");
    world.channel(ada, "snake_case");
    world.channel(ada, "other");
    EXPECT_EQ(discover(ada, "%"), std::vector{"100% wool"s});
    EXPECT_EQ(discover(ada, "_"), std::vector{"snake_case"s});
}

}  // namespace
}  // namespace banter::service
