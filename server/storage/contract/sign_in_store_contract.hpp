// What every SignInStore does, whatever it is made of: secrets that are rotated, lists, endings.
#pragma once

#include "storage/contract/user_store_contract.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <string>
#include <vector>

namespace banter::storage {

template <typename Backend>
class SignInStoreContract : public UserStoreContract<Backend> {};

TYPED_TEST_SUITE_P(SignInStoreContract);

TYPED_TEST_P(SignInStoreContract, a_secret_is_rotated_and_the_new_one_goes_on) {
    const auto ada = this->user("ada");
    const auto id = this->sign_in(ada, 1);
    const auto rotated = this->expect(this->rotate(1, 2));
    EXPECT_TRUE(rotated.replaced);
    EXPECT_EQ(rotated.sign_in.id, id);
    EXPECT_EQ(rotated.sign_in.user, ada);
    EXPECT_EQ(rotated.sign_in.workspace, this->workspace());
    EXPECT_TRUE(this->expect(this->rotate(2, 3)).replaced);
    EXPECT_TRUE(this->is_signed_in(ada, id));
}

TYPED_TEST_P(SignInStoreContract, the_secret_before_counts_within_the_grace_and_changes_nothing) {
    const auto ada = this->user("ada");
    this->sign_in(ada, 1);
    this->expect(this->rotate(1, 2));
    this->backend.clock().advance(model::limits::refresh_grace);
    EXPECT_FALSE(this->expect(this->rotate(1, 9)).replaced);
    EXPECT_TRUE(this->expect(this->rotate(2, 3)).replaced) << "the newer secret still counts";
}

TYPED_TEST_P(SignInStoreContract, a_secret_whose_answer_was_lost_gets_the_same_successor_again) {
    const auto ada = this->user("ada");
    this->sign_in(ada, 1);
    this->expect(this->rotate(1, 2));
    this->backend.clock().advance(model::limits::refresh_grace);
    EXPECT_TRUE(this->expect(this->rotate(1, 2)).replaced);
    EXPECT_TRUE(this->expect(this->rotate(2, 3)).replaced);
}

TYPED_TEST_P(SignInStoreContract, a_late_secret_ends_the_sign_in) {
    const auto ada = this->user("ada");
    const auto id = this->sign_in(ada, 1);
    this->expect(this->rotate(1, 2));
    this->pass_grace();
    EXPECT_EQ(this->rotate(1, 2).error().code, Errc::unauthenticated);
    EXPECT_FALSE(this->is_signed_in(ada, id));
    EXPECT_EQ(this->rotate(2, 3).error().code, Errc::unauthenticated) << "its holder too";
}

TYPED_TEST_P(SignInStoreContract, a_secret_from_before_the_previous_one_ends_the_sign_in) {
    const auto ada = this->user("ada");
    const auto id = this->sign_in(ada, 1);
    this->expect(this->rotate(1, 2));
    this->expect(this->rotate(2, 3));
    this->expect(this->rotate(3, 4));
    EXPECT_FALSE(this->expect(this->rotate(1, 9)).replaced) << "within its grace";
    this->pass_grace();
    EXPECT_EQ(this->rotate(1, 9).error().code, Errc::unauthenticated);
    EXPECT_FALSE(this->is_signed_in(ada, id));
    EXPECT_EQ(this->rotate(4, 5).error().code, Errc::unauthenticated);
}

TYPED_TEST_P(SignInStoreContract, a_sign_in_is_found_by_every_secret_that_it_had) {
    const auto ada = this->user("ada");
    const auto id = this->sign_in(ada, 1);
    this->expect(this->rotate(1, 2));
    this->expect(this->rotate(2, 3));
    for (std::uint8_t fill = 1; fill <= 3; ++fill) {
        const auto found = this->run(this->sign_ins().find_by_secret(this->secret(fill)));
        ASSERT_TRUE(found) << int{fill};
        EXPECT_EQ(found->id, id);
        EXPECT_EQ(found->user, ada);
    }
    EXPECT_FALSE(this->run(this->sign_ins().find_by_secret(this->secret(4))));
}

TYPED_TEST_P(SignInStoreContract, of_too_many_the_oldest_end) {
    const auto ada = this->user("ada");
    const auto bobs = this->sign_in(this->user("bob"), 255);
    std::vector<model::SignInId> made;
    for (std::size_t i = 0; i < model::limits::sign_ins_max + 2; ++i) {
        made.push_back(this->sign_in(ada, static_cast<std::uint8_t>(i)));
    }
    EXPECT_FALSE(this->is_signed_in(ada, made[0]));
    EXPECT_FALSE(this->is_signed_in(ada, made[1]));
    EXPECT_TRUE(this->is_signed_in(ada, made[2]));
    EXPECT_TRUE(this->is_signed_in(ada, made.back()));
    const auto revoked = this->revoked();
    ASSERT_EQ(revoked.size(), 2U);
    EXPECT_EQ(revoked[0].sign_in, made[0]);
    EXPECT_EQ(this->run(this->sign_ins().find_by_secret(this->secret(255)))->id, bobs);
}

TYPED_TEST_P(SignInStoreContract, unknown_and_expired_secrets_are_refused) {
    const auto ada = this->user("ada");
    this->sign_in(ada, 1);
    EXPECT_EQ(this->rotate(7, 8).error().code, Errc::unauthenticated);
    this->backend.clock().advance(std::chrono::hours(24));
    EXPECT_EQ(this->rotate(1, 2).error().code, Errc::unauthenticated);
}

TYPED_TEST_P(SignInStoreContract, a_rotation_lengthens_the_sign_in) {
    const auto ada = this->user("ada");
    const auto id = this->sign_in(ada, 1);
    this->backend.clock().advance(std::chrono::hours(23));
    this->expect(this->rotate(1, 2));
    this->backend.clock().advance(std::chrono::hours(23));
    EXPECT_TRUE(this->is_signed_in(ada, id));
}

TYPED_TEST_P(SignInStoreContract, a_sign_in_that_was_ended_is_over) {
    const auto ada = this->user("ada");
    const auto id = this->sign_in(ada, 1);
    EXPECT_TRUE(this->end(ada, id));
    EXPECT_FALSE(this->is_signed_in(ada, id));
    EXPECT_EQ(this->rotate(1, 2).error().code, Errc::unauthenticated);
    EXPECT_FALSE(this->end(ada, id)) << "once more";
    EXPECT_FALSE(this->end(ada, this->template make<model::SignInId>())) << "one that never was";
}

TYPED_TEST_P(SignInStoreContract, nobody_ends_the_sign_in_of_another) {
    const auto ada = this->user("ada");
    const auto id = this->sign_in(ada, 1);
    EXPECT_FALSE(this->end(this->user("bob"), id));
    EXPECT_TRUE(this->is_signed_in(ada, id));
    EXPECT_THAT(this->revoked(), IsEmpty());
}

TYPED_TEST_P(SignInStoreContract, a_sign_in_is_ended_by_its_secret_or_by_the_one_before) {
    const auto ada = this->user("ada");
    const auto first = this->sign_in(ada, 1);
    const auto ended = this->run(this->sign_ins().end_by_secret(this->secret(1), this->now()));
    ASSERT_TRUE(ended.has_value());
    EXPECT_EQ(ended->id, first);
    EXPECT_EQ(ended->user, ada);

    const auto second = this->sign_in(ada, 2);
    this->expect(this->rotate(2, 3));
    EXPECT_EQ(this->run(this->sign_ins().end_by_secret(this->secret(2), this->now()))->id, second);
    EXPECT_FALSE(this->is_signed_in(ada, second));
    EXPECT_FALSE(this->run(this->sign_ins().end_by_secret(this->secret(3), this->now())));
}

TYPED_TEST_P(SignInStoreContract, an_expired_sign_in_makes_room_for_the_next) {
    const auto ada = this->user("ada");
    this->sign_in(ada, 1);
    this->backend.clock().advance(std::chrono::hours(25));
    const auto next = this->sign_in(ada, 1);
    EXPECT_TRUE(this->is_signed_in(ada, next));
}

TYPED_TEST_P(SignInStoreContract, the_sign_ins_of_a_user_are_listed_newest_first_by_pages) {
    const auto ada = this->user("ada");
    this->sign_in(this->user("bob"), 99);
    std::vector<model::SignInId> made;
    for (std::uint8_t fill = 1; fill <= 5; ++fill) {
        made.insert(made.begin(), this->sign_in(ada, fill));
    }
    EXPECT_EQ(this->listed(ada), made);
    std::vector<model::SignInId> paged;
    model::PageRequest request{.limit = 2};
    for (int pages = 0; pages < 3; ++pages) {
        const auto page = this->run(this->sign_ins().list(ada, this->now(), request));
        for (const auto& shown : page.items) paged.push_back(shown.id);
        request.cursor = page.next;
        EXPECT_EQ(page.next.has_value(), pages < 2);
    }
    EXPECT_EQ(paged, made);
    EXPECT_THAT(
        this->run(this->sign_ins().list(ada, this->now(), {.cursor = "nonsense"})).items, IsEmpty()
    );
}

TYPED_TEST_P(SignInStoreContract, a_listed_sign_in_says_whence_it_is_and_when_it_was_used) {
    const auto ada = this->user("ada");
    NewSignIn made = this->new_sign_in(ada, 1);
    made.user_agent = "Browser/2";
    made.address = "2001:db8::1";
    ASSERT_TRUE(this->run(this->sign_ins().create(made)));
    const auto shown = [&] {
        return this->run(this->sign_ins().list(ada, this->now(), {})).items.at(0);
    };
    EXPECT_EQ(shown().user_agent, "Browser/2");
    EXPECT_EQ(shown().address, "2001:db8::1");
    EXPECT_EQ(shown().created_at, made.created_at);
    EXPECT_EQ(shown().last_used_at, made.created_at);
    EXPECT_EQ(shown().expires_at, made.expires_at);
    this->backend.clock().advance(std::chrono::hours(1));
    this->expect(this->rotate(1, 2));
    EXPECT_EQ(shown().created_at, made.created_at);
    EXPECT_EQ(shown().last_used_at, this->now());
    this->backend.clock().advance(std::chrono::hours(25));
    EXPECT_THAT(this->listed(ada), IsEmpty()) << "expired";
}

TYPED_TEST_P(SignInStoreContract, a_changed_password_ends_all_sign_ins_but_the_one_that_is_kept) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    const auto kept = this->sign_in(ada, 1);
    const auto other = this->sign_in(ada, 2);
    const auto bobs = this->sign_in(bob, 3);
    ASSERT_TRUE(this->change_password(ada, "hash of ada", "new hash", kept));
    EXPECT_EQ(this->run(this->users().find_credentials("ada"))->password_hash, "new hash");
    EXPECT_TRUE(this->is_signed_in(ada, kept));
    EXPECT_FALSE(this->is_signed_in(ada, other));
    EXPECT_TRUE(this->is_signed_in(bob, bobs));
    const auto revoked = this->revoked();
    ASSERT_EQ(revoked.size(), 1U);
    EXPECT_EQ(revoked[0].user, ada);
    EXPECT_EQ(revoked[0].sign_in, kept);
    EXPECT_TRUE(revoked[0].others);
    EXPECT_EQ(revoked[0].reason, model::RevocationReason::password_changed);

    ASSERT_TRUE(this->change_password(ada, "new hash", "newest hash"));
    EXPECT_FALSE(this->is_signed_in(ada, kept)) << "none is kept";
}

TYPED_TEST_P(SignInStoreContract, of_two_changes_of_a_password_at_once_one_counts) {
    const auto ada = this->user("ada");
    const auto kept = this->sign_in(ada, 1);
    const auto other = this->sign_in(ada, 2);
    EXPECT_FALSE(this->change_password(ada, "another hash", "new hash", kept));
    EXPECT_TRUE(this->is_signed_in(ada, other));
    EXPECT_EQ(this->run(this->users().find_credentials("ada"))->password_hash, "hash of ada");
    EXPECT_THAT(this->revoked(), IsEmpty());
    const auto tokens_only = this->provision(this->handle_token("bot")).id;
    EXPECT_FALSE(this->change_password(tokens_only, "", "new hash")) << "has no password";
}

TYPED_TEST_P(SignInStoreContract, nobody_is_signed_in_by_a_password_that_was_changed_meanwhile) {
    const auto ada = this->user("ada");
    NewSignIn late = this->new_sign_in(ada, 1);
    late.password_hash = "hash of ada";
    ASSERT_TRUE(this->change_password(ada, "hash of ada", "new hash"));
    EXPECT_FALSE(this->run(this->sign_ins().create(late)));
    EXPECT_THAT(this->listed(ada), IsEmpty());
    late.password_hash = "new hash";
    EXPECT_TRUE(this->run(this->sign_ins().create(late)));
    NewSignIn nobodys = this->new_sign_in(this->template make<model::UserId>(), 2);
    EXPECT_FALSE(this->run(this->sign_ins().create(nobodys)));
}

REGISTER_TYPED_TEST_SUITE_P(
    SignInStoreContract,
    a_secret_is_rotated_and_the_new_one_goes_on,
    the_secret_before_counts_within_the_grace_and_changes_nothing,
    a_secret_whose_answer_was_lost_gets_the_same_successor_again,
    a_late_secret_ends_the_sign_in,
    a_secret_from_before_the_previous_one_ends_the_sign_in,
    a_sign_in_is_found_by_every_secret_that_it_had,
    of_too_many_the_oldest_end,
    unknown_and_expired_secrets_are_refused,
    a_rotation_lengthens_the_sign_in,
    a_sign_in_that_was_ended_is_over,
    nobody_ends_the_sign_in_of_another,
    a_sign_in_is_ended_by_its_secret_or_by_the_one_before,
    an_expired_sign_in_makes_room_for_the_next,
    the_sign_ins_of_a_user_are_listed_newest_first_by_pages,
    a_listed_sign_in_says_whence_it_is_and_when_it_was_used,
    a_changed_password_ends_all_sign_ins_but_the_one_that_is_kept,
    of_two_changes_of_a_password_at_once_one_counts,
    nobody_is_signed_in_by_a_password_that_was_changed_meanwhile
);

}  // namespace banter::storage
