// What every UserStore and SignInStore does, whatever it is made of.
#pragma once

#include "model/limits.hpp"
#include "storage/contract/world.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace banter::storage {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

template <typename Backend>
class UserStoreContract : public World<Backend> {
public:
    NewIdentity identity(
        std::string subject,
        std::string handle,
        std::string issuer = "https://one"
    ) {
        NewIdentity identity;
        identity.identity = {std::move(issuer), std::move(subject)};
        identity.workspace = this->workspace();
        identity.id = this->template make<model::UserId>();
        identity.display_name = "Name of " + handle;
        identity.handle = std::move(handle);
        identity.created_at = this->now();
        return identity;
    }
    NewIdentity handle_token(std::string handle) {
        NewIdentity made = identity("handle:" + handle, handle, "banter");
        made.bind_local_handle = true;
        return made;
    }
    model::User provision(NewIdentity identity) {
        return this->run(this->users().provision(std::move(identity))).value().user;
    }

    static SecretHash secret(std::uint8_t fill) {
        SecretHash hash;
        hash.fill(fill);
        return hash;
    }
    NewSignIn new_sign_in(model::UserId user, std::uint8_t fill) {
        NewSignIn sign_in;
        sign_in.id = this->template make<model::SignInId>();
        sign_in.user = user;
        sign_in.secret = secret(fill);
        sign_in.created_at = this->now();
        sign_in.expires_at = this->now() + std::chrono::hours(24);
        return sign_in;
    }
    model::SignInId sign_in(model::UserId user, std::uint8_t fill) {
        const NewSignIn made = new_sign_in(user, fill);
        EXPECT_TRUE(this->run(this->sign_ins().create(made)));
        return made.id;
    }
    std::vector<model::SignInId> listed(model::UserId user) {
        std::vector<model::SignInId> found;
        const auto page = this->run(this->sign_ins().list(user, this->now(), {}));
        for (const auto& shown : page.items) found.push_back(shown.id);
        return found;
    }
    bool change_password(
        model::UserId user,
        std::string old_hash,
        std::string new_hash,
        std::optional<model::SignInId> keep = {}
    ) {
        PasswordChange change{user, std::move(old_hash), std::move(new_hash), keep, this->now()};
        return this->run(this->users().change_password(std::move(change)));
    }
    Result<Rotated> rotate(std::uint8_t presented, std::uint8_t replacement) {
        const Timestamp expires_at = this->now() + std::chrono::hours(24);
        Rotation rotation{secret(presented), secret(replacement), this->now(), expires_at};
        return this->run(this->sign_ins().rotate(rotation));
    }
    void pass_grace() {
        this->backend.clock().advance(model::limits::refresh_grace + std::chrono::milliseconds(1));
    }
    bool end(model::UserId user, model::SignInId sign_in) {
        return this->run(this->sign_ins().end(user, sign_in, this->now()));
    }
    bool is_signed_in(model::UserId user, model::SignInId sign_in) {
        auto caller =
            this->run(this->users().find_caller(this->workspace(), user, sign_in, this->now()));
        EXPECT_TRUE(caller.has_value());
        return caller->signed_in;
    }
};

TYPED_TEST_SUITE_P(UserStoreContract);

TYPED_TEST_P(UserStoreContract, the_first_account_becomes_the_owner_and_the_next_a_member) {
    EXPECT_FALSE(this->run(this->users().has_owner(this->workspace())));
    const auto first =
        this->expect(this->run(this->users().register_account(this->account("ada"), anybody)));
    EXPECT_TRUE(this->run(this->users().has_owner(this->workspace())));
    const auto second =
        this->expect(this->run(this->users().register_account(this->account("bob"), anybody)));
    EXPECT_EQ(first.role, model::WorkspaceRole::owner);
    EXPECT_EQ(second.role, model::WorkspaceRole::member);
    EXPECT_EQ(second.handle, "bob");
    EXPECT_EQ(second.display_name, "Name of bob");
    EXPECT_EQ(second.workspace, this->workspace());
    EXPECT_FALSE(second.bot || second.status || second.avatar_url || second.deleted_at);
}

TYPED_TEST_P(UserStoreContract, a_taken_handle_is_a_conflict_and_changes_nothing) {
    this->user("ada");
    NewAccount again = this->account("ada");
    again.password_hash = "another";
    const auto refused = this->run(this->users().register_account(again, anybody));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::conflict);
    EXPECT_EQ(this->run(this->users().find_credentials("ada"))->password_hash, "hash of ada");
    EXPECT_THAT(
        this->run(this->users().find_all(this->workspace(), std::vector{again.id})), IsEmpty()
    );
}

TYPED_TEST_P(UserStoreContract, credentials_are_found_by_the_exact_handle) {
    const auto ada = this->user("ada");
    const auto found = this->run(this->users().find_credentials("ada"));
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->user, ada);
    EXPECT_EQ(found->workspace, this->workspace());
    EXPECT_EQ(found->password_hash, "hash of ada");
    EXPECT_FALSE(this->run(this->users().find_credentials("Ada")));
    EXPECT_FALSE(this->run(this->users().find_credentials("")));
}

TYPED_TEST_P(UserStoreContract, a_user_without_a_password_has_no_credentials) {
    this->provision(this->handle_token("ada"));
    EXPECT_FALSE(this->run(this->users().find_credentials("ada")));
}

TYPED_TEST_P(UserStoreContract, a_caller_is_known_with_the_state_of_the_sign_in) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    const auto sign_in = this->sign_in(ada, 1);
    EXPECT_TRUE(this->is_signed_in(ada, sign_in));
    EXPECT_FALSE(this->is_signed_in(bob, sign_in)) << "it is another user's";
    EXPECT_FALSE(this->is_signed_in(ada, this->template make<model::SignInId>()));
    const auto without =
        this->run(this->users().find_caller(this->workspace(), ada, std::nullopt, this->now()));
    ASSERT_TRUE(without.has_value());
    EXPECT_TRUE(without->signed_in);
    EXPECT_EQ(without->user.handle, "ada");

    this->backend.clock().advance(std::chrono::hours(24));
    EXPECT_FALSE(this->is_signed_in(ada, sign_in)) << "it has expired";
}

TYPED_TEST_P(UserStoreContract, a_caller_is_known_together_with_the_newest_revocation) {
    const auto ada = this->user("ada");
    const auto newest = [&] {
        auto caller =
            this->run(this->users().find_caller(this->workspace(), ada, std::nullopt, this->now()));
        return caller->newest_revocation;
    };
    EXPECT_EQ(newest(), 0U);
    this->end(ada, this->sign_in(ada, 1));
    const auto revoked = this->revoked();
    ASSERT_EQ(revoked.size(), 1U);
    EXPECT_EQ(newest(), revoked.front().number);
    const auto made = this->run(this->users().provision(this->identity("s", "eve")));
    EXPECT_EQ(made->newest_revocation, newest());
    const Identity identity{"https://one", "s"};
    const auto found = this->run(this->users().find_by_identity(this->workspace(), identity));
    EXPECT_EQ(found->newest_revocation, newest());
}

TYPED_TEST_P(UserStoreContract, a_caller_of_another_workspace_is_not_known) {
    const auto ada = this->user("ada");
    const auto elsewhere = this->template make<model::WorkspaceId>();
    EXPECT_FALSE(this->run(this->users().find_caller(elsewhere, ada, std::nullopt, this->now())));
    EXPECT_THAT(this->run(this->users().find_all(elsewhere, std::vector{ada})), IsEmpty());
    EXPECT_FALSE(this->run(this->users().find_workspace(elsewhere)));
    EXPECT_FALSE(this->run(this->users().has_owner(elsewhere)));
}

TYPED_TEST_P(UserStoreContract, the_users_among_ids_are_found) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    const std::vector asked{ada, this->template make<model::UserId>(), bob};
    std::vector<std::string> handles;
    for (const auto& user : this->run(this->users().find_all(this->workspace(), asked))) {
        handles.push_back(user.handle);
    }
    EXPECT_THAT(handles, UnorderedElementsAre("ada", "bob"));
    EXPECT_THAT(this->run(this->users().find_all(this->workspace(), {})), IsEmpty());
}

TYPED_TEST_P(UserStoreContract, the_default_workspace_is_found) {
    const auto found = this->run(this->users().find_workspace(this->workspace()));
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->id, this->workspace());
    EXPECT_EQ(found->name, this->backend.installation().workspace.name);
}

TYPED_TEST_P(UserStoreContract, an_identity_makes_one_user_and_finds_it_again) {
    const auto made = this->provision(this->identity("s1", "ada"));
    EXPECT_EQ(made.handle, "ada");
    EXPECT_EQ(made.role, model::WorkspaceRole::member);
    EXPECT_EQ(this->provision(this->identity("s1", "other")).id, made.id);
    const auto found =
        this->run(this->users().find_by_identity(this->workspace(), Identity{"https://one", "s1"}));
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->user.id, made.id);
    EXPECT_FALSE(
        this->run(this->users().find_by_identity(this->workspace(), Identity{"https://two", "s1"}))
    );
}

TYPED_TEST_P(UserStoreContract, a_taken_handle_of_an_identity_gets_a_number) {
    this->user("ada");
    EXPECT_EQ(this->provision(this->identity("s1", "ada")).handle, "ada-2");
    EXPECT_EQ(this->provision(this->identity("s2", "ada")).handle, "ada-3");
    const std::string longest(model::limits::handle_bytes_max, 'x');
    EXPECT_EQ(this->provision(this->identity("s3", longest)).handle, longest);
    const std::string cut = longest.substr(0, longest.size() - 2) + "-2";
    EXPECT_EQ(this->provision(this->identity("s4", longest)).handle, cut);
}

TYPED_TEST_P(UserStoreContract, a_token_made_offline_names_the_local_user_of_its_handle) {
    const auto ada = this->user("ada");
    EXPECT_EQ(this->provision(this->handle_token("ada")).id, ada);
    const auto made = this->provision(this->handle_token("bot1"));
    EXPECT_EQ(made.handle, "bot1");
    EXPECT_EQ(this->provision(this->handle_token("bot1")).id, made.id);
    // A user who was made so is a local one: the handle can't be registered again.
    EXPECT_FALSE(
        this->run(this->users().register_account(this->account("bot1"), anybody)).has_value()
    );
}

TYPED_TEST_P(UserStoreContract, a_token_made_offline_never_names_a_user_of_another_issuer) {
    const auto foreign = this->provision(this->identity("s1", "ada"));
    const auto made = this->provision(this->handle_token("ada"));
    EXPECT_NE(made.id, foreign.id);
    EXPECT_EQ(made.handle, "ada-2");
}

TYPED_TEST_P(
    UserStoreContract,
    users_that_were_only_provisioned_leave_the_owner_to_the_first_account
) {
    this->provision(this->identity("s1", "ada"));
    EXPECT_FALSE(this->run(this->users().has_owner(this->workspace())));
    const auto first =
        this->expect(this->run(this->users().register_account(this->account("bob"), anybody)));
    EXPECT_EQ(first.role, model::WorkspaceRole::owner);
}

TYPED_TEST_P(
    UserStoreContract,
    registrations_of_one_handle_on_many_loops_make_one_account_and_one_owner
) {
    TypeParam many(4);
    model::IdMaker maker(many.clock(), many.random());
    std::vector<std::vector<Result<model::User>>> results(4);
    auto registration =
        [](UserStore* store, NewAccount account, std::vector<Result<model::User>>* out) -> Task<> {
        out->push_back(co_await store->register_account(std::move(account), anybody));
    };
    for (int round = 0; round < 20; ++round) {
        for (std::size_t loop = 0; loop < 4; ++loop) {
            NewAccount account;
            account.id = maker.make<model::UserId>();
            account.workspace = many.installation().workspace.id;
            account.handle = "user" + std::to_string(round);
            account.password_hash = "hash";
            auto task = registration(&many.stores(loop).users, std::move(account), &results[loop]);
            many.loops().spawn(loop, std::move(task));
        }
    }
    many.loops().run_all();
    int accounts = 0;
    int owners = 0;
    for (const auto& of_loop : results) {
        for (const auto& result : of_loop) {
            if (!result) {
                EXPECT_EQ(result.error().code, Errc::conflict);
                continue;
            }
            ++accounts;
            if (result->role == model::WorkspaceRole::owner) ++owners;
        }
    }
    EXPECT_EQ(accounts, 20);
    EXPECT_EQ(owners, 1);
}

REGISTER_TYPED_TEST_SUITE_P(
    UserStoreContract,
    the_first_account_becomes_the_owner_and_the_next_a_member,
    a_taken_handle_is_a_conflict_and_changes_nothing,
    credentials_are_found_by_the_exact_handle,
    a_user_without_a_password_has_no_credentials,
    a_caller_is_known_with_the_state_of_the_sign_in,
    a_caller_of_another_workspace_is_not_known,
    a_caller_is_known_together_with_the_newest_revocation,
    the_users_among_ids_are_found,
    the_default_workspace_is_found,
    an_identity_makes_one_user_and_finds_it_again,
    a_taken_handle_of_an_identity_gets_a_number,
    a_token_made_offline_names_the_local_user_of_its_handle,
    a_token_made_offline_never_names_a_user_of_another_issuer,
    users_that_were_only_provisioned_leave_the_owner_to_the_first_account,
    registrations_of_one_handle_on_many_loops_make_one_account_and_one_owner
);

}  // namespace banter::storage
