// People as others see them: who is named, as many as an answer holds.
#include "service/users.hpp"

#include "model/limits.hpp"
#include "service/testing/world.hpp"

#include <cstring>

namespace banter::service {
namespace {

model::UserId id(std::uint32_t number) {
    model::UserId made;
    std::memcpy(made.uuid.bytes.data() + 12, &number, sizeof number);
    made.uuid.bytes[8] = static_cast<std::uint8_t>(number);
    return made;
}

model::Message message(
    std::uint32_t author,
    std::vector<model::UserId> mentions = {},
    std::vector<model::UserId> reacting = {}
) {
    model::Message made;
    made.author = id(author);
    made.mentions = std::move(mentions);
    made.reactions.push_back({.emoji = ":tada:", .users = std::move(reacting)});
    return made;
}

TEST(NamedIds, authors_come_first_then_the_mentioned_then_who_reacted_each_once) {
    const std::vector<model::Message> messages{
        message(1, {id(5), id(2)}, {id(6), id(1)}),
        message(2, {id(5)}, {id(7), id(6)}),
        message(1)};
    EXPECT_EQ(named_ids(messages), (std::vector{id(1), id(2), id(5), id(6), id(7)}));
    EXPECT_TRUE(named_ids({}).empty());
}

TEST(NamedIds, of_a_crowd_as_many_as_an_answer_names) {
    std::vector<model::Message> messages;
    for (std::uint32_t i = 0; i < 200; ++i)
        messages.push_back(message(i, {id(1000 + i), id(2000 + i)}));
    const auto named = named_ids(messages);
    EXPECT_EQ(named.size(), model::limits::answer_users_max);
    EXPECT_EQ(named[199], id(199));
    EXPECT_EQ(named[200], id(1000));
}

TEST(UserSize, counts_what_json_makes_longer) {
    model::User user;
    user.handle = "ada";
    user.display_name = "\"\"";
    const std::size_t plain = wire_size_bound(user);
    user.status = model::UserStatus{.emoji = "x", .text = "\n"};
    user.avatar_url = "u";
    EXPECT_EQ(wire_size_bound(user), plain + 12 + 2);
}

class UsersTest : public ::testing::Test {
protected:
    std::vector<model::UserId> find(
        Caller caller,
        std::vector<model::UserId> ids,
        std::size_t bytes_max
    ) {
        std::vector<model::UserId> found;
        for (const auto& user :
             world.run(world->users.find_within(caller, std::move(ids), bytes_max))) {
            found.push_back(user.id);
        }
        return found;
    }

    World world;
    Caller ada = world.caller("ada");
    Caller bob = world.caller("bob");
    Caller eve = world.caller("eve");
};

TEST_F(UsersTest, the_first_asked_for_come_first_until_the_bytes_are_used_up) {
    const std::vector ids{eve.user, ada.user, eve.user, id(7), bob.user};
    EXPECT_EQ(find(ada, ids, 10'000), (std::vector{eve.user, ada.user, bob.user}));
    EXPECT_EQ(find(ada, ids, 600), (std::vector{eve.user, ada.user}));
    EXPECT_TRUE(find(ada, ids, 10).empty());
    EXPECT_TRUE(find(ada, {}, 10'000).empty());
}

TEST_F(UsersTest, nobody_of_another_workspace_is_found) {
    Caller foreign = ada;
    foreign.workspace = world->ids.make<model::WorkspaceId>();
    EXPECT_TRUE(find(foreign, {ada.user, bob.user}, 10'000).empty());
}

TEST_F(UsersTest, guests_ask_for_themselves_only) {
    Caller guest = bob;
    guest.role = model::WorkspaceRole::guest;
    const auto found = world.run(world->users.find_all(guest, {ada.user, bob.user}));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].id, bob.user);
    EXPECT_EQ(world.run(world->users.find_all(ada, {ada.user, bob.user})).size(), 2U);
}

TEST_F(UsersTest, everyone_named_in_messages_is_found) {
    model::Message written;
    written.author = ada.user;
    written.mentions = {bob.user};
    std::vector<model::Message> messages{written, written};
    const auto users = world.run(world->users.named_in(eve, std::move(messages)));
    ASSERT_EQ(users.size(), 2U);
    EXPECT_EQ(users[0].handle, "ada");
    EXPECT_EQ(users[1].handle, "bob");
}

}  // namespace
}  // namespace banter::service
