// The end of an account, and what every DepartureStore clears away after it.
#pragma once

#include "storage/contract/people_store_contract.hpp"

namespace banter::storage {

template <typename Backend>
class DepartureStoreContract : public PeopleStoreContract<Backend> {
public:
    DepartureStore& departures() { return this->backend.stores().departures; }

    Result<model::User> delete_account(
        model::UserId user,
        bool erase = false,
        std::optional<std::string> password_hash = "hash of ada"
    ) {
        AccountDeletion deletion{
            this->workspace(), user, erase, std::move(password_hash), this->now()};
        return this->run(this->people().delete_account(std::move(deletion), allow_user));
    }
    bool go_on(std::size_t count_max = 50) {
        return this->run(departures().go_on({count_max, count_max, this->now()}));
    }
    /// Makes all steps; how many there were.
    int finish(std::size_t count_max = 50) {
        int steps = 0;
        while (go_on(count_max)) ++steps;
        EXPECT_FALSE(this->run(departures().has_any()));
        return steps;
    }
    std::vector<model::Message> all_in(model::ThreadId thread) {
        return this->history(thread, {}, Newest{}, 200).messages;
    }
};

TYPED_TEST_SUITE_P(DepartureStoreContract);

TYPED_TEST_P(DepartureStoreContract, a_deleted_user_stays_by_the_id_alone) {
    const auto owner = this->user("owner");
    const auto ada = this->named("ada", "Ada Lovelace");
    this->expect(this->change_profile(
        ada, {.avatar_url = "https://a/b", .status = model::UserStatus{"🌴", "away", {}}}
    ));
    const auto signed_in = this->sign_in(ada, 1);
    const auto token = this->token(ada, 2);
    this->invite(ada, 3);
    NewIdentity identity;
    identity.identity = {"banter", "handle:ada"};
    identity.workspace = this->workspace();
    identity.id = this->template make<model::UserId>();
    identity.handle = "ada";
    identity.bind_local_handle = true;
    ASSERT_EQ(this->run(this->users().provision(identity))->user.id, ada);
    (void)this->told();

    const auto gone = this->expect(this->delete_account(ada));
    EXPECT_EQ(gone.id, ada);
    EXPECT_TRUE(gone.handle.starts_with("deleted-")) << gone.handle;
    EXPECT_EQ(gone.handle.size(), 32U);
    EXPECT_EQ(gone.display_name, "");
    EXPECT_FALSE(gone.avatar_url || gone.status);
    EXPECT_EQ(gone.deleted_at, this->now());
    EXPECT_TRUE(this->find("ada").empty());
    EXPECT_TRUE(this->find("deleted").empty());
    EXPECT_EQ(this->find("").size(), 1U);
    EXPECT_FALSE(this->run(this->users().find_credentials("ada")));
    EXPECT_FALSE(this->run(this->users().find_credentials(gone.handle)));
    EXPECT_FALSE(this->caller(ada, signed_in)->signed_in);
    EXPECT_FALSE(this->counts(token));
    EXPECT_EQ(this->invites(), 0U);
    EXPECT_EQ(this->run(this->users().provision(identity))->user.id, ada) << "a token from before";
    const auto revoked = this->revoked();
    ASSERT_EQ(revoked.size(), 1U);
    EXPECT_EQ(revoked[0].reason, model::RevocationReason::deleted);
    const auto told = this->told();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_TRUE(told[0].deleted_at);
    this->user("ada");
    identity.issued_at = this->now();
    EXPECT_EQ(this->run(this->users().provision(identity))->user.id, ada)
        << "nor does it become whoever takes the handle";
    identity.issued_at += std::chrono::seconds(1);
    EXPECT_NE(this->run(this->users().provision(identity))->user.id, ada) << "another person";
    EXPECT_EQ(this->caller(owner)->user.role, model::WorkspaceRole::owner);
}

TYPED_TEST_P(DepartureStoreContract, an_account_is_not_deleted_by_a_password_that_has_changed) {
    this->user("owner");
    const auto ada = this->user("ada");
    EXPECT_EQ(this->delete_account(ada, false, "another hash").error().code, Errc::bad_credentials);
    EXPECT_EQ(this->delete_account(ada, false, {}).error().code, Errc::bad_credentials)
        << "none was verified";
    EXPECT_FALSE(this->caller(ada)->user.deleted_at);
    this->expect(this->delete_account(ada, false, "hash of ada"));
}

TYPED_TEST_P(DepartureStoreContract, whom_the_rule_keeps_stays) {
    const auto ada = this->user("ada");
    auto refuse = [](const model::UserState& state) -> std::optional<Error> {
        EXPECT_TRUE(state.is_last_owner);
        return Error{Errc::conflict, "the last owner"};
    };
    AccountDeletion deletion{this->workspace(), ada, false, {}, this->now()};
    const auto refused = this->run(this->people().delete_account(deletion, refuse));
    EXPECT_EQ(refused.error().code, Errc::conflict);
    EXPECT_FALSE(this->caller(ada)->user.deleted_at);
    EXPECT_FALSE(this->run(this->departures().has_any()));
}

TYPED_TEST_P(DepartureStoreContract, a_deleted_user_leaves_every_thread_and_its_members_are_told) {
    const auto owner = this->user("owner");
    const auto ada = this->user("ada");
    std::vector<model::ThreadId> threads;
    for (int i = 0; i < 5; ++i) {
        threads.push_back(this->channel("c" + std::to_string(i), owner));
        this->join(threads.back(), ada);
    }
    const auto before = this->view(threads[0], owner).thread.access_rev;
    const auto said = this->send(threads[0], ada, "stays");
    this->expect(this->delete_account(ada));
    (void)this->events();
    EXPECT_TRUE(this->run(this->departures().has_any()));
    const auto gone = [&] {
        std::size_t count = 0;
        for (const auto& event : this->told_by(this->backend)) {
            const auto* update = std::get_if<model::MemberUpdate>(&event->body);
            if (update == nullptr) continue;
            EXPECT_EQ(update->user, ada);
            EXPECT_FALSE(update->role);
            EXPECT_EQ(update->member_count, 1U);
            ++count;
        }
        return count;
    };
    EXPECT_TRUE(this->go_on(2));
    EXPECT_EQ(gone(), 2U) << "two at a time";
    this->finish(2);
    EXPECT_EQ(gone(), 3U);
    for (const auto& thread : threads) EXPECT_FALSE(this->view(thread, ada).membership);
    EXPECT_GT(this->view(threads[0], owner).thread.access_rev, before);
    EXPECT_EQ(this->all_in(threads[0]).at(0).content, said.content) << "not erased";
}

TYPED_TEST_P(DepartureStoreContract, with_erasure_all_that_the_user_said_becomes_tombstones) {
    const auto owner = this->user("owner");
    const auto ada = this->user("ada");
    const auto one = this->channel("one", owner);
    const auto two = this->channel("two", ada);
    this->join(one, ada);
    this->join(two, owner);
    for (int i = 0; i < 7; ++i) this->send(one, ada, "said " + std::to_string(i));
    const auto others = this->send(one, owner, "others");
    this->react(others, ada, "👍");
    const auto reacted = this->send(two, ada, "reacted to");
    this->react(reacted, owner, "👍");
    this->remove(this->send(two, ada, "deleted before"));
    this->expect(this->delete_account(ada, true));
    (void)this->events();
    this->finish(3);
    std::size_t tombstones = 0;
    for (const auto& thread : {one, two}) {
        model::Rev last = 0;
        for (const auto& message : this->all_in(thread)) {
            const bool own = message.author == ada;
            EXPECT_EQ(message.deleted_at.has_value(), own);
            EXPECT_EQ(message.content.empty(), own);
            EXPECT_TRUE(!own || message.reactions.empty());
            tombstones += own ? 1 : 0;
            last = std::max(last, message.rev);
        }
        EXPECT_EQ(this->view(thread, owner).thread.rev, last) << "revs stay dense";
    }
    EXPECT_EQ(tombstones, 9U);
    std::size_t updates = 0;
    for (const auto& event : this->events()) {
        updates += std::holds_alternative<model::MessageUpdate>(event->body) ? 1 : 0;
    }
    EXPECT_EQ(updates, 8U) << "a normal deletion each, and none for what was deleted before";
}

TYPED_TEST_P(DepartureStoreContract, erasing_goes_on_where_it_was_after_a_restart) {
    const auto owner = this->user("owner");
    const auto ada = this->user("ada");
    const auto thread = this->channel("one", owner);
    this->join(thread, ada);
    for (int i = 0; i < 20; ++i) this->send(thread, ada, "said");
    this->expect(this->delete_account(ada, true));
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(this->go_on(5));
    const auto erased = [&] {
        std::size_t count = 0;
        for (const auto& message : this->all_in(thread)) count += message.deleted_at ? 1 : 0;
        return count;
    };
    EXPECT_EQ(erased(), 9U) << "a step to leave, and two of five messages that meet in one";
    this->backend.reopen();
    EXPECT_TRUE(this->run(this->departures().has_any()));
    this->finish(5);
    EXPECT_EQ(erased(), 20U);
}

TYPED_TEST_P(DepartureStoreContract, what_was_under_way_at_the_deletion_is_erased_too) {
    const auto owner = this->user("owner");
    const auto ada = this->user("ada");
    const auto thread = this->channel("one", owner);
    this->join(thread, ada);
    this->send(thread, ada, "before");
    this->expect(this->delete_account(ada, true));
    EXPECT_TRUE(this->go_on()) << "leaves";
    EXPECT_TRUE(this->go_on()) << "erases";
    NewMessage late = this->new_message(thread, ada, "late");
    late.nonce = {};  // before every other
    this->expect(this->run(this->messages().append(std::move(late), allow)));
    this->finish();
    for (const auto& message : this->all_in(thread)) EXPECT_TRUE(message.deleted_at);
}

TYPED_TEST_P(DepartureStoreContract, whoever_can_sign_in_becomes_the_owner_of_what_is_left) {
    const auto ada = this->user("ada");
    const auto out = this->user("out");
    const auto eve = this->user("eve");
    const auto thread = this->channel("one", ada);
    const auto alone = this->channel("two", ada);
    for (const auto& id : {out, eve}) this->join(thread, id);
    this->join(alone, out);
    this->expect(this->change(out, {.deactivated = true}));
    this->expect(this->delete_account(ada));
    this->finish();
    EXPECT_EQ(this->view(thread, eve).membership->role, model::ThreadRole::owner);
    EXPECT_EQ(this->view(thread, out).membership->role, model::ThreadRole::member);
    EXPECT_EQ(this->view(alone, out).membership->role, model::ThreadRole::owner)
        << "better than none";
}

REGISTER_TYPED_TEST_SUITE_P(
    DepartureStoreContract,
    a_deleted_user_stays_by_the_id_alone,
    an_account_is_not_deleted_by_a_password_that_has_changed,
    whom_the_rule_keeps_stays,
    a_deleted_user_leaves_every_thread_and_its_members_are_told,
    with_erasure_all_that_the_user_said_becomes_tombstones,
    erasing_goes_on_where_it_was_after_a_restart,
    what_was_under_way_at_the_deletion_is_erased_too,
    whoever_can_sign_in_becomes_the_owner_of_what_is_left
);

}  // namespace banter::storage
