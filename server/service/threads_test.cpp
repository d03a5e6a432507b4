// Conversations: made, found, listed, joined.
#include "service/threads.hpp"

#include "service/testing/world.hpp"

namespace banter::service {
namespace {

using namespace std::string_literals;

class ThreadsTest : public ::testing::Test {
protected:
    Result<model::ThreadView> create(
        Caller caller,
        std::string name,
        model::ThreadKind kind = model::ThreadKind::channel
    ) {
        CreateThread request{.kind = kind, .name = std::move(name)};
        return world.run(world->threads.create(caller, std::move(request)));
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

TEST_F(ThreadsTest, names_are_names_and_other_kinds_are_not_made_this_way) {
    for (const std::string& name : {""s, "  "s, "a\nb"s, "\xff"s, std::string(81, 'a'), "a\0b"s}) {
        EXPECT_EQ(code_of(create(ada, name)), Errc::bad_request) << name;
    }
    for (const auto kind :
         {model::ThreadKind::direct, model::ThreadKind::group, model::ThreadKind::reply}) {
        EXPECT_EQ(code_of(create(ada, "name", kind)), Errc::bad_request);
    }
    EXPECT_TRUE(create(ada, std::string(80, 'a')));
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
