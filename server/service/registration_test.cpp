// How people become users: who may, by which invitation, and who is the first.
#include "service/registration.hpp"

#include "service/testing/people.hpp"

namespace banter::service {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

using model::SignUp;
using model::WorkspaceRole;

TEST(Register, the_first_user_is_the_owner_and_the_next_are_members) {
    World world;
    const auto ada = enroll(world, person("ada"));
    ASSERT_TRUE(ada) << ada.error().detail;
    EXPECT_EQ(ada->user.role, WorkspaceRole::owner);
    EXPECT_EQ(ada->user.handle, "ada");
    EXPECT_EQ(ada->user.display_name, "Person");
    EXPECT_EQ(enroll(world, person("bob"))->user.role, WorkspaceRole::member);
}

TEST(Register, what_is_granted_is_a_token_of_15_minutes_and_a_secret_of_32_bytes) {
    World world;
    const auto ada = enroll(world, person("ada")).value();
    const auto claims = world.issuers.verify(ada.token, world.clock.now()).value();
    EXPECT_EQ(claims.subject, ada.user.id.text());
    EXPECT_TRUE(claims.sign_in);
    EXPECT_EQ(claims.expires_at, ada.token_expires_at);
    EXPECT_EQ(ada.token_expires_at, world.clock.now() + 15min);
    EXPECT_EQ(ada.refresh_secret.size(), 43U);
    EXPECT_EQ(ada.refresh_expires_at, world.clock.now() + 24h * 30);
    EXPECT_NE(enroll(world, person("bob"))->refresh_secret, ada.refresh_secret);
}

TEST(Register, malformed_registrations_are_bad_requests_and_say_which_field) {
    World world;
    const auto detail = [&](std::string handle, std::string name, std::string secret) {
        const auto refused = enroll(world, {std::move(handle), std::move(name), std::move(secret)});
        return code_of(refused) == Errc::bad_request ? refused.error().detail : "accepted";
    };
    for (const std::string& handle :
         {""s, "a"s, "Ada"s, "a da"s, "\u00e9\u00e9"s, std::string(33, 'a')}) {
        EXPECT_TRUE(detail(handle, "Ada", password).starts_with("handle")) << handle;
    }
    for (const std::string& name : {""s, "  "s, "a\nb"s, "\xff"s, std::string(81, 'a'), "a\0b"s}) {
        EXPECT_TRUE(detail("ada", name, password).starts_with("displayName")) << name;
    }
    for (const std::string& secret :
         {""s,
          "1234567"s,
          std::string(1025, 'p'),
          "12345678\xff"s,
          "1234\0"
          "5678"s}) {
        EXPECT_TRUE(detail("ada", "Ada", secret).starts_with("password"));
    }
    EXPECT_EQ(detail("ada", "Ada", std::string(1024, 'p')), "accepted");
}

TEST(Register, a_taken_handle_is_a_conflict) {
    World world;
    ASSERT_TRUE(enroll(world, person("ada")));
    EXPECT_EQ(code_of(enroll(world, person("ada"))), Errc::conflict);
}

TEST(Register, two_at_once_get_a_handle_once_and_make_one_owner) {
    World world;
    std::vector<Task<Result<Granted>>> tasks;
    for (const char* handle : {"ada", "ada", "bob"}) {
        tasks.push_back(world->registration.register_account(person(handle), device));
    }
    int owners = 0;
    int refused = 0;
    for (const auto& result : world.run_all(std::move(tasks))) {
        if (!result) ++refused;
        if (result && result->user.role == WorkspaceRole::owner) ++owners;
    }
    EXPECT_EQ(refused, 1);
    EXPECT_EQ(owners, 1);
}

TEST(Register, who_may_depends_on_where_the_server_listens_and_whether_it_has_an_owner) {
    struct Row {
        bool loopback_only;
        SignUp sign_up;
        std::optional<Errc> first, second;
    };
    for (const Row& row :
         {Row{true, SignUp::open, std::nullopt, std::nullopt},
          Row{true, SignUp::invite, std::nullopt, Errc::forbidden},
          Row{true, SignUp::closed, std::nullopt, Errc::forbidden},
          Row{false, SignUp::open, Errc::setup_needed, Errc::setup_needed},
          Row{false, SignUp::invite, Errc::setup_needed, Errc::setup_needed},
          Row{false, SignUp::closed, Errc::setup_needed, Errc::setup_needed}}) {
        World world({.registration = {.sign_up = row.sign_up, .loopback_only = row.loopback_only}});
        EXPECT_EQ(code_of(enroll(world, person("ada"))), row.first);
        EXPECT_EQ(code_of(enroll(world, person("bob"))), row.second);
    }
}

TEST(Register, one_address_makes_at_most_20_accounts_a_minute) {
    World world;
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(enroll(world, person("user" + std::to_string(i))));
    const auto refused = enroll(world, person("onemore"));
    EXPECT_EQ(code_of(refused), Errc::rate_limited);
    EXPECT_GT(refused.error().retry_after, 0ms);
    EXPECT_LE(refused.error().retry_after, 3s);
    EXPECT_TRUE(enroll(world, person("elsewhere"), at("192.0.2.2")));
    world.clock.advance(3s);
    EXPECT_TRUE(enroll(world, person("onemore")));
}

// --- invitations

/// A world with an owner, where only the invited may register.
struct Invited : World {
    explicit Invited(std::optional<SignUp> sign_up = SignUp::invite)
        : World({.registration = {.sign_up = sign_up}}),
          owner(sign_in(enroll(*this, person("owner"))->token).caller) {}

    std::string invite(CreateInvite request = {}) {
        return run((*this)->invites.create(owner, std::move(request))).value().code;
    }
    Result<Granted> come(std::string handle, std::string code) {
        return enroll(*this, person(std::move(handle), std::move(code)));
    }
    std::uint64_t uses() { return run((*this)->invites.list(owner, {})).value().items.at(0).uses; }

    Caller owner;
};

TEST(Invitation, lets_somebody_register_where_others_may_not) {
    Invited world;
    EXPECT_EQ(code_of(enroll(world, person("bob"))), Errc::forbidden);
    const std::string code = world.invite();
    const auto bob = world.come("bob", code);
    ASSERT_TRUE(bob) << bob.error().detail;
    EXPECT_EQ(bob->user.role, WorkspaceRole::member);
    EXPECT_EQ(world.uses(), 1U);
    EXPECT_TRUE(world.come("eve", code)) << "as often as somebody comes";
}

TEST(Invitation, that_does_not_count_is_refused_the_same_way_whatever_is_wrong_with_it) {
    Invited world;
    const auto refused = [&](std::string code) {
        static int count = 0;
        const auto result = world.come("user" + std::to_string(++count), std::move(code));
        return result ? Error{} : result.error();
    };
    const Error wrong = refused("nonsense");
    EXPECT_EQ(wrong.code, Errc::forbidden);
    EXPECT_EQ(refused(""), wrong);
    EXPECT_EQ(refused(std::string(100'000, 'x')), wrong);

    const std::string used_up = world.invite({.uses_max = 1});
    ASSERT_TRUE(world.come("bob", used_up));
    EXPECT_EQ(refused(used_up), wrong);

    const std::string revoked = world.invite();
    const auto id = world.run(world->invites.list(world.owner, {})).value().items.at(0).id;
    ASSERT_EQ(world.run(world->invites.end(world.owner, id)), std::nullopt);
    EXPECT_EQ(refused(revoked), wrong);

    const std::string expired = world.invite({.expires_at = world.clock.now() + 1h});
    world.clock.advance(1h);
    EXPECT_EQ(refused(expired), wrong);
}

TEST(Invitation, does_not_count_where_registration_is_closed_and_has_to_where_it_is_open) {
    Invited closed(SignUp::closed);
    EXPECT_EQ(code_of(closed.come("bob", closed.invite())), Errc::forbidden);
    Invited open(SignUp::open);
    EXPECT_TRUE(enroll(open, person("bob")));
    EXPECT_TRUE(open.come("eve", open.invite()));
    EXPECT_EQ(code_of(open.come("joe", "nonsense")), Errc::forbidden);
}

TEST(Invitation, gives_its_role_and_makes_a_member_of_its_threads) {
    Invited world;
    const auto general = world.channel(world.owner, "general");
    const auto secret = world.channel(world.owner, "secret", model::Visibility::private_);
    world.send(world.owner, secret, "before");
    const auto guest =
        world.come("guest", world.invite({.role = WorkspaceRole::guest, .threads = {secret}}));
    ASSERT_TRUE(guest);
    EXPECT_EQ(guest->user.role, WorkspaceRole::guest);
    const Caller caller = world.sign_in(guest->token).caller;
    const auto threads = world.run(world->threads.list(caller, {})).value();
    ASSERT_EQ(threads.items.size(), 1U);
    EXPECT_EQ(threads.items[0].thread.id, secret);
    EXPECT_EQ(threads.items[0].membership->role, model::ThreadRole::member);
    EXPECT_EQ(threads.items[0].membership->unread, 0U) << "joining leaves nothing unread";
    EXPECT_EQ(code_of(world.run(world->threads.find(caller, general))), Errc::not_found);
    const auto admin = world.come("admin", world.invite({.role = WorkspaceRole::admin}));
    EXPECT_EQ(admin->user.role, WorkspaceRole::admin);
}

TEST(Invitation, leaves_out_threads_that_were_archived_meanwhile) {
    Invited world;
    const auto open = world.channel(world.owner, "open");
    const auto old = world.channel(world.owner, "old");
    const std::string code = world.invite({.threads = {open, old}});
    world.sql("UPDATE threads SET archived_at = 1 WHERE name = 'old'");
    const Caller bob = world.sign_in(world.come("bob", code)->token).caller;
    const auto threads = world.run(world->threads.list(bob, {})).value();
    ASSERT_EQ(threads.items.size(), 1U);
    EXPECT_EQ(threads.items[0].thread.id, open);
}

TEST(Invitation, is_used_once_by_two_at_once_if_it_is_for_one) {
    Invited world;
    const std::string code = world.invite({.uses_max = 1});
    std::vector<Task<Result<Granted>>> both;
    both.push_back(world->registration.register_account(person("bob", code), device));
    both.push_back(world->registration.register_account(person("eve", code), device));
    const auto results = world.run_all(std::move(both));
    EXPECT_NE(results[0].has_value(), results[1].has_value());
}

TEST(Invitation, is_not_used_up_by_a_registration_that_fails) {
    Invited world;
    const std::string code = world.invite({.uses_max = 1});
    EXPECT_EQ(code_of(world.come("owner", code)), Errc::conflict);
    EXPECT_EQ(code_of(world.come("Not a handle", code)), Errc::bad_request);
    EXPECT_TRUE(world.come("bob", code));
}

TEST(Invitation, without_a_code_that_counts_nobody_learns_which_handles_are_taken) {
    Invited world;
    EXPECT_EQ(world.come("owner", "nonsense").error(), world.come("free", "nonsense").error());
}

// --- set-up

constexpr auto setup_code = "abcd-efgh";

SetUpServer asked(std::string code = setup_code, std::string handle = "ada") {
    return {
        .code = std::move(code),
        .owner = person(std::move(handle)),
        .name = "Home",
        .sign_up = SignUp::open};
}

WorldRules elsewhere(std::optional<SignUp> sign_up = std::nullopt) {
    return {.registration = {.sign_up = sign_up, .loopback_only = false, .setup_code = setup_code}};
}

Result<Granted> set_up(World& world, SetUpServer request, Device from = device) {
    return world.run(world->registration.set_up(std::move(request), std::move(from)));
}

TEST(SetUp, makes_the_owner_names_the_workspace_and_says_who_may_register) {
    World world(elsewhere());
    EXPECT_TRUE(world.run(world->registration.way_in()).setup);
    EXPECT_EQ(code_of(enroll(world, person("bob"))), Errc::setup_needed);
    const auto ada = set_up(world, asked());
    ASSERT_TRUE(ada) << ada.error().detail;
    EXPECT_EQ(ada->user.role, WorkspaceRole::owner);
    const SignedIn signed_in = world.sign_in(ada->token);
    EXPECT_EQ(signed_in.workspace_name, "Home");
    const WayIn way = world.run(world->registration.way_in());
    EXPECT_EQ(way.workspace_name, "Home");
    EXPECT_EQ(way.sign_up, SignUp::open);
    EXPECT_FALSE(way.setup);
    EXPECT_EQ(enroll(world, person("bob"))->user.role, WorkspaceRole::member);
}

TEST(SetUp, is_refused_without_the_code_and_once_there_is_an_owner) {
    World world(elsewhere());
    for (const std::string& code : {""s, "abcd-efgi"s, "abcd-efgh "s, "abcd"s}) {
        EXPECT_EQ(code_of(set_up(world, asked(code))), Errc::forbidden) << code;
    }
    ASSERT_TRUE(set_up(world, asked()));
    EXPECT_EQ(code_of(set_up(world, asked(setup_code, "eve"))), Errc::conflict);
    EXPECT_EQ(world.run(world->registration.way_in()).workspace_name, "Home");
}

TEST(SetUp, takes_no_half_of_an_owner) {
    World world(elsewhere());
    SetUpServer nameless = asked();
    nameless.name = " ";
    EXPECT_EQ(code_of(set_up(world, nameless)), Errc::bad_request);
    SetUpServer weak = asked();
    weak.owner.password = "1234567";
    EXPECT_EQ(code_of(set_up(world, weak)), Errc::bad_request);
    EXPECT_EQ(code_of(set_up(world, asked(setup_code, "Ada"))), Errc::bad_request);
    EXPECT_TRUE(world.run(world->registration.way_in()).setup);
    EXPECT_NE(world.run(world->registration.way_in()).workspace_name, " ");
}

TEST(SetUp, is_tried_ten_times_a_minute_by_an_address) {
    World world(elsewhere());
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(code_of(set_up(world, asked("guess"), at("192.0.2.66"))), Errc::forbidden);
    }
    const auto refused = set_up(world, asked(), at("192.0.2.66"));
    EXPECT_EQ(code_of(refused), Errc::rate_limited);
    EXPECT_TRUE(set_up(world, asked(), at("192.0.2.77"))) << "who guesses keeps nobody else out";
}

TEST(SetUp, needs_no_code_where_the_first_to_register_is_the_owner_anyway) {
    World world;
    EXPECT_TRUE(world.run(world->registration.way_in()).setup);
    ASSERT_TRUE(set_up(world, asked("")));
    EXPECT_FALSE(world.run(world->registration.way_in()).setup);
    EXPECT_EQ(world.run(world->registration.way_in()).workspace_name, "Home");
    EXPECT_EQ(code_of(set_up(world, asked("", "eve"))), Errc::conflict);
}

TEST(SetUp, what_the_operator_says_of_registration_wins_over_what_the_owner_chose) {
    World world(elsewhere(SignUp::closed));
    ASSERT_TRUE(set_up(world, asked()));
    EXPECT_EQ(world.run(world->registration.way_in()).sign_up, SignUp::closed);
    EXPECT_EQ(code_of(enroll(world, person("bob"))), Errc::forbidden);
    World unset(elsewhere());
    EXPECT_EQ(unset.run(unset->registration.way_in()).sign_up, SignUp::invite) << "nobody chose";
}

TEST(SetUp, of_two_at_once_one_makes_the_owner) {
    World world(elsewhere());
    std::vector<Task<Result<Granted>>> both;
    both.push_back(world->registration.set_up(asked(), device));
    both.push_back(world->registration.set_up(asked(setup_code, "eve"), device));
    const auto results = world.run_all(std::move(both));
    EXPECT_NE(results[0].has_value(), results[1].has_value());
    for (const auto& result : results) {
        EXPECT_TRUE(result || result.error().code == Errc::conflict);
    }
}

TEST(SetUp, of_many_first_registrations_at_once_where_only_the_invited_may_one_gets_in) {
    World world({.registration = {.sign_up = SignUp::invite}});
    std::vector<Task<Result<Granted>>> tasks;
    for (int i = 0; i < 8; ++i) {
        auto account = person("user" + std::to_string(i));
        tasks.push_back(world->registration.register_account(std::move(account), device));
    }
    std::size_t owners = 0;
    for (const auto& result : world.run_all(std::move(tasks))) {
        EXPECT_TRUE(result || result.error().code == Errc::forbidden);
        EXPECT_TRUE(!result || result->user.role == WorkspaceRole::owner);
        owners += result ? 1 : 0;
    }
    EXPECT_EQ(owners, 1U);
}

}  // namespace
}  // namespace banter::service
