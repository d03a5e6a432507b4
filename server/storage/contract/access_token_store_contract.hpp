// What every AccessTokenStore does.
#pragma once

#include "model/limits.hpp"
#include "storage/contract/world.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace banter::storage {

template <typename Backend>
class AccessTokenStoreContract : public World<Backend> {
public:
    AccessTokenStore& tokens() { return this->backend.stores().access_tokens; }

    static SecretHash secret(std::uint8_t fill) {
        SecretHash hash;
        hash.fill(fill);
        return hash;
    }
    Result<model::AccessToken> try_make(
        model::UserId user,
        std::uint8_t fill,
        std::optional<Timestamp> expires_at = {},
        std::optional<model::Scopes> scopes = {},
        std::optional<ActingUser> by = {}
    ) {
        NewAccessToken made;
        made.user = user;
        made.secret = secret(fill);
        made.token.id = this->template make<model::SignInId>();
        made.token.name = "token " + std::to_string(fill);
        made.token.created_at = this->now();
        made.token.expires_at = expires_at;
        made.token.scopes = scopes;
        made.by = by;
        return this->run(tokens().create(std::move(made)));
    }
    model::SignInId make_token(model::UserId user, std::uint8_t fill) {
        return this->expect(try_make(user, fill)).id;
    }
    std::optional<AccessTokenCaller> find(std::uint8_t fill) {
        return this->run(tokens().find_caller(secret(fill), this->now()));
    }
    bool end(model::UserId user, model::SignInId token) {
        return this->run(tokens().end(user, token, this->now()));
    }
    std::vector<model::AccessToken> listed(model::UserId user) {
        return this->run(tokens().list(user, {})).items;
    }
    void use(model::SignInId token) {
        std::vector<AccessTokenUse> uses{{token, this->now()}};
        run_task(this->backend.loops()[0], tokens().note_uses(std::move(uses)));
    }
};

TYPED_TEST_SUITE_P(AccessTokenStoreContract);

TYPED_TEST_P(AccessTokenStoreContract, a_token_is_found_by_its_secret_with_whose_it_is) {
    const auto ada = this->user("ada");
    const auto id = this->make_token(ada, 1);
    this->make_token(this->user("bob"), 2);
    const auto found = this->find(1);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->token.id, id);
    EXPECT_EQ(found->token.name, "token 1");
    EXPECT_EQ(found->caller.user.id, ada);
    EXPECT_EQ(found->caller.user.role, model::WorkspaceRole::owner);
    EXPECT_FALSE(this->find(3));
    EXPECT_EQ(found->caller.user.workspace, this->workspace());
}

TYPED_TEST_P(AccessTokenStoreContract, an_expired_token_counts_no_more_but_is_listed) {
    const auto ada = this->user("ada");
    this->expect(this->try_make(ada, 1, this->now() + std::chrono::hours(1)));
    EXPECT_TRUE(this->find(1));
    this->backend.clock().advance(std::chrono::hours(1));
    EXPECT_FALSE(this->find(1));
    EXPECT_EQ(this->listed(ada).size(), 1U);
}

TYPED_TEST_P(AccessTokenStoreContract, what_a_token_is_limited_to_comes_back_with_it) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    model::Scopes scopes;
    scopes.add(model::Scope::read);
    scopes.add(model::Scope::admin);
    const ActingUser by{ada, model::WorkspaceRole::owner};
    this->expect(this->try_make(bob, 1, {}, scopes, by));
    EXPECT_EQ(this->find(1)->token.scopes, scopes);
    EXPECT_EQ(this->listed(bob).at(0).scopes, scopes);
    this->make_token(ada, 2);
    EXPECT_EQ(this->find(2)->token.scopes, std::nullopt);
    EXPECT_EQ(this->listed(ada).at(0).scopes, std::nullopt);
}

TYPED_TEST_P(AccessTokenStoreContract, whoever_makes_one_for_another_still_has_the_role_then) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    const ActingUser was_admin{ada, model::WorkspaceRole::admin};
    EXPECT_EQ(this->try_make(bob, 1, {}, {}, was_admin).error().code, Errc::forbidden);
    const ActingUser by{ada, model::WorkspaceRole::owner};
    const auto allows = [](const model::UserState&) { return std::optional<Error>(); };
    const UserChange out{this->workspace(), bob, {.deactivated = true}, this->now(), by};
    this->expect(this->run(this->backend.stores().people.change_user(out, allows)));
    EXPECT_EQ(this->try_make(bob, 1, {}, {}, by).error().code, Errc::conflict);
    EXPECT_EQ(this->try_make(bob, 1).error().code, Errc::unauthenticated);
    EXPECT_FALSE(this->find(1));
}

TYPED_TEST_P(AccessTokenStoreContract, a_revoked_token_is_gone_and_its_revocation_is_kept) {
    const auto ada = this->user("ada");
    const auto id = this->make_token(ada, 1);
    EXPECT_FALSE(this->end(this->user("bob"), id)) << "another's";
    EXPECT_TRUE(this->revoked().empty());
    EXPECT_TRUE(this->end(ada, id));
    EXPECT_FALSE(this->find(1));
    EXPECT_TRUE(this->listed(ada).empty());
    EXPECT_FALSE(this->end(ada, id)) << "once more";
    const auto revoked = this->revoked();
    ASSERT_EQ(revoked.size(), 1U);
    EXPECT_EQ(revoked[0].user, ada);
    EXPECT_EQ(revoked[0].sign_in, id);
    EXPECT_FALSE(revoked[0].others);
    EXPECT_EQ(revoked[0].reason, model::RevocationReason::token_revoked);
    EXPECT_EQ(this->told().size(), 1U);
}

TYPED_TEST_P(AccessTokenStoreContract, they_are_listed_newest_first_by_pages) {
    const auto ada = this->user("ada");
    std::vector<model::SignInId> made;
    for (std::uint8_t fill = 1; fill <= 5; ++fill) {
        made.insert(made.begin(), this->make_token(ada, fill));
    }
    std::vector<model::SignInId> paged;
    model::PageRequest request{.limit = 2};
    for (int pages = 0; pages < 3; ++pages) {
        const auto page = this->run(this->tokens().list(ada, request));
        for (const auto& token : page.items) paged.push_back(token.id);
        request.cursor = page.next;
    }
    EXPECT_FALSE(request.cursor);
    EXPECT_EQ(paged, made);
    EXPECT_TRUE(this->listed(this->user("bob")).empty());
}

TYPED_TEST_P(AccessTokenStoreContract, a_user_has_so_many_and_expired_ones_make_room) {
    const auto ada = this->user("ada");
    const Timestamp soon = this->now() + std::chrono::minutes(1);
    this->expect(this->try_make(ada, 0, soon));
    for (std::size_t i = 1; i < model::limits::access_tokens_max; ++i) {
        this->make_token(ada, static_cast<std::uint8_t>(i));
    }
    EXPECT_EQ(this->try_make(ada, 200).error().code, Errc::too_large);
    this->make_token(this->user("bob"), 201);
    this->backend.clock().advance(std::chrono::minutes(1));
    this->make_token(ada, 200);
    EXPECT_EQ(this->listed(ada).size(), model::limits::access_tokens_max);
}

TYPED_TEST_P(AccessTokenStoreContract, a_use_is_noted_at_most_once_a_minute) {
    const auto ada = this->user("ada");
    const auto id = this->make_token(ada, 1);
    const auto last = [&] { return this->find(1)->token.last_used_at; };
    EXPECT_FALSE(last());
    const Timestamp first = this->now();
    this->use(id);
    EXPECT_EQ(last(), first);
    this->backend.clock().advance(std::chrono::seconds(59));
    this->use(id);
    EXPECT_EQ(last(), first);
    this->backend.clock().advance(std::chrono::seconds(1));
    this->use(id);
    EXPECT_EQ(last(), this->now());
    this->use(this->template make<model::SignInId>());  // one that is gone by now
}

REGISTER_TYPED_TEST_SUITE_P(
    AccessTokenStoreContract,
    a_token_is_found_by_its_secret_with_whose_it_is,
    an_expired_token_counts_no_more_but_is_listed,
    what_a_token_is_limited_to_comes_back_with_it,
    whoever_makes_one_for_another_still_has_the_role_then,
    a_revoked_token_is_gone_and_its_revocation_is_kept,
    they_are_listed_newest_first_by_pages,
    a_user_has_so_many_and_expired_ones_make_room,
    a_use_is_noted_at_most_once_a_minute
);

}  // namespace banter::storage
