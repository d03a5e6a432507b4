// Finding people, changing what others see of oneself, and changing others.
#include "service/testing/people.hpp"

#include "service/users.hpp"

#include <gmock/gmock.h>

namespace banter::service {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

using model::WorkspaceRole;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct People : World {
    People() {
        for (const char* handle : {"owner", "admin", "member", "guest"}) caller(handle);
        sql("UPDATE users SET role = 0 WHERE handle = 'owner'");
        sql("UPDATE users SET role = 1 WHERE handle = 'admin'");
        sql("UPDATE users SET role = 3 WHERE handle = 'guest'");
    }

    std::vector<std::string> find(const std::string& by, std::string query) {
        const auto page = run((*this)->users.search(caller(by), std::move(query), {})).value();
        std::vector<std::string> handles;
        for (const auto& user : page.items) handles.push_back(user.handle);
        return handles;
    }
    Result<model::User> change(
        const std::string& by,
        const std::string& of,
        model::UserChange change
    ) {
        return run((*this)->users.change(caller(by), caller(of).user, change));
    }
    std::optional<Errc> profile(const std::string& by, model::ProfileChange change) {
        return code_of(run((*this)->users.change_profile(caller(by), std::move(change))));
    }
};

TEST(FindUsers, by_name_and_guests_only_whom_they_share_a_thread_with) {
    People world;
    EXPECT_THAT(world.find("member", "AD"), ElementsAre("admin"));
    EXPECT_THAT(world.find("guest", ""), ElementsAre("guest"));
    EXPECT_THAT(world.find("member", std::string(1'000, 'x')), IsEmpty());
    const auto refused = world.run(world->users.search(world.caller("member"), "\xff", {}));
    EXPECT_EQ(code_of(refused), Errc::bad_request);

    const Caller guest = world.caller("guest");
    const Caller admin = world.caller("admin");
    const auto find = [&] { return code_of(world.run(world->users.find(guest, admin.user))); };
    EXPECT_EQ(find(), Errc::not_found);
    world.channel(admin, "shared");
    world.sql(
        "INSERT INTO members (thread, user_id, role, read_seq, level, joined_at) "
        "SELECT t.number, u.id, 1, 0, 0, 0 FROM threads t, users u WHERE u.handle = 'guest'"
    );
    EXPECT_EQ(find(), std::nullopt);
    EXPECT_THAT(world.find("guest", ""), ElementsAre("admin", "guest"));
    world.sql("UPDATE threads SET kind = 3");
    EXPECT_EQ(find(), Errc::not_found) << "replies make nobody acquainted";
    EXPECT_EQ(
        world.run(world->users.find(guest, model::UserId{})).error(),
        world.run(world->users.find(guest, admin.user)).error()
    );
}

TEST(FindUsers, the_deactivated_are_found_by_admins) {
    People world;
    ASSERT_TRUE(world.change("admin", "member", {.deactivated = true}));
    EXPECT_THAT(world.find("admin", "mem"), ElementsAre("member"));
    EXPECT_THAT(world.find("owner", "mem"), ElementsAre("member"));
    EXPECT_THAT(world.find("guest", "mem"), IsEmpty());
}

TEST(ChangeProfile, what_nobody_should_see_is_refused_and_says_where) {
    People world;
    const auto detail = [&](model::ProfileChange change) {
        const auto refused =
            world.run(world->users.change_profile(world.caller("member"), std::move(change)));
        return refused ? "accepted" : refused.error().detail;
    };
    for (const std::string& handle : {""s, "a"s, "Ada"s, "a b"s, std::string(33, 'a')}) {
        EXPECT_TRUE(detail({.handle = handle}).starts_with("handle:")) << handle;
    }
    for (const std::string& name : {""s, "  "s, "a\nb"s, "\xff"s, std::string(81, 'a')}) {
        EXPECT_TRUE(detail({.display_name = name}).starts_with("displayName:")) << name;
    }
    for (const std::string& url : {""s, "http://a/b"s, "javascript:alert(1)"s}) {
        EXPECT_TRUE(detail({.avatar_url = url}).starts_with("avatarUrl:")) << url;
    }
    const auto status = [&](model::UserStatus shown) {
        return detail({.status = std::move(shown)});
    };
    EXPECT_TRUE(status({"not an emoji", "", {}}).starts_with("status.emoji:"));
    EXPECT_EQ(status({"", std::string(101, 'a'), {}}), "status.text: at most 100 characters");
    EXPECT_TRUE(status({"", "a\nb", {}}).starts_with("status.text:"));
    EXPECT_TRUE(status({"", "\xff", {}}).starts_with("status.text:"));
    EXPECT_TRUE(status({"", "", {}}).starts_with("status:"));
    EXPECT_TRUE(status({"", "x", world.clock.now()}).starts_with("status.expiresAt:"));
    EXPECT_EQ(status({"\U0001F334", std::string(100, 'a'), world.clock.now() + 1s}), "accepted");
}

TEST(ChangeProfile, changes_ones_own_and_tells) {
    People world;
    const std::size_t before = world.events.size();
    EXPECT_EQ(world.profile("member", {.display_name = "Somebody Else"}), std::nullopt);
    world.await_events(before + 1);
    const auto& update = std::get<model::UserUpdate>(world.events.back()->body);
    EXPECT_EQ(update.user.display_name, "Somebody Else");
    EXPECT_EQ(world.profile("member", {.handle = "admin"}), Errc::conflict);
    EXPECT_THAT(world.find("owner", "else"), ElementsAre("member"));
}

TEST(ChangeProfile, of_two_who_want_one_handle_at_once_one_gets_it) {
    People world;
    std::vector<Task<Result<model::User>>> both;
    for (const char* by : {"member", "guest"}) {
        both.push_back(world->users.change_profile(world.caller(by), {.handle = "wanted"}));
    }
    const auto results = world.run_all(std::move(both));
    EXPECT_NE(results[0].has_value(), results[1].has_value());
}

TEST(ChangeUser, a_role_counts_from_the_next_check_of_a_token_on) {
    People world;
    const auto changed = world.change("owner", "member", {.role = WorkspaceRole::guest});
    ASSERT_TRUE(changed);
    EXPECT_EQ(changed->role, WorkspaceRole::guest);
    EXPECT_EQ(world.caller("member").role, WorkspaceRole::guest);
    EXPECT_EQ(
        code_of(world.change("admin", "member", {.role = WorkspaceRole::member})), Errc::forbidden
    );
}

TEST(ChangeUser, whom_one_does_not_find_one_does_not_change) {
    People world;
    const auto nobody = model::UserId{};
    for (const char* by : {"owner", "admin", "member", "guest"}) {
        const auto refused =
            world.run(world->users.change(world.caller(by), nobody, {.deactivated = true}));
        EXPECT_EQ(code_of(refused), Errc::not_found) << by;
    }
    EXPECT_EQ(code_of(world.change("guest", "member", {.deactivated = true})), Errc::not_found);
    EXPECT_EQ(code_of(world.change("member", "guest", {.deactivated = true})), Errc::forbidden);
}

TEST(ChangeUser, the_last_of_two_owners_who_demote_each_other_at_once_stays) {
    People world;
    ASSERT_TRUE(world.change("owner", "admin", {.role = WorkspaceRole::owner}));
    const Caller one = world.caller("owner");
    const Caller other = world.caller("admin");
    std::vector<Task<Result<model::User>>> both;
    const model::UserChange demotion{.role = WorkspaceRole::member};
    both.push_back(world->users.change(one, other.user, demotion));
    both.push_back(world->users.change(other, one.user, demotion));
    const auto results = world.run_all(std::move(both));
    EXPECT_NE(results[0].has_value(), results[1].has_value());
    for (const auto& result : results) {
        EXPECT_TRUE(result || result.error().code == Errc::conflict);
    }
}

TEST(Deactivation, is_answered_like_a_wrong_password_and_ends_every_way_in) {
    World world;
    const auto owner = enroll(world, person("owner")).value();
    const auto bob = enroll(world, person("bob")).value();
    const Caller caller = world.sign_in(owner.token).caller;
    const auto token =
        world.run(world->access_tokens.create(world.sign_in(bob.token).caller, {.name = "x"}));
    const auto change = [&](bool deactivated) {
        const model::UserChange asked{.deactivated = deactivated};
        return world.run(world->users.change(caller, bob.user.id, asked)).has_value();
    };
    ASSERT_TRUE(change(true));
    EXPECT_EQ(log_in(world, "bob").error(), log_in(world, "bob", "wrong").error());
    EXPECT_EQ(code_of(refresh(world, bob.refresh_secret)), Errc::unauthenticated);
    for (const std::string& way : {bob.token, token->token, world.token("handle:bob")}) {
        EXPECT_EQ(code_of(world.run(world->auth.sign_in(way))), Errc::unauthenticated);
    }
    ASSERT_TRUE(change(false));
    EXPECT_TRUE(log_in(world, "bob"));
    EXPECT_EQ(code_of(world.run(world->auth.sign_in(bob.token))), Errc::unauthenticated);
}

}  // namespace
}  // namespace banter::service
