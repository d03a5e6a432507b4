// What every RevocationStore does: each act that ends access leaves a revocation and tells it once.
#pragma once

#include "model/limits.hpp"
#include "storage/contract/user_store_contract.hpp"

#include <algorithm>
#include <cstddef>
#include <variant>
#include <vector>

namespace banter::storage {

template <typename Backend>
class RevocationStoreContract : public UserStoreContract<Backend> {
public:
    /// Those that were told since the last call.
    std::vector<model::Revocation> told() {
        std::vector<model::Revocation> revocations;
        for (const auto& event : this->told_by(this->backend)) {
            const auto* revocation = std::get_if<model::Revocation>(&event->body);
            if (revocation != nullptr) revocations.push_back(*revocation);
        }
        return revocations;
    }
    static void expect_same(
        const std::vector<model::Revocation>& told,
        const std::vector<model::Revocation>& kept
    ) {
        ASSERT_EQ(told.size(), kept.size());
        for (std::size_t i = 0; i < told.size(); ++i) {
            EXPECT_EQ(told[i].number, kept[i].number);
            EXPECT_EQ(told[i].user, kept[i].user);
            EXPECT_EQ(told[i].sign_in, kept[i].sign_in);
            EXPECT_EQ(told[i].others, kept[i].others);
            EXPECT_EQ(told[i].reason, kept[i].reason);
        }
    }
    /// Ends the sign-in, and gives how many revocations were told when that was answered.
    static Task<std::size_t> told_at_the_answer(
        Backend& backend,
        model::UserId user,
        model::SignInId sign_in,
        Timestamp now
    ) {
        (void)co_await backend.stores().sign_ins.end(user, sign_in, now);
        const auto events = backend.bus().take();
        const auto is_revocation = [](const auto& event) {
            return std::holds_alternative<model::Revocation>(event->body);
        };
        co_return static_cast<std::size_t>(std::ranges::count_if(events, is_revocation));
    }
    /// Expects that nothing but this sign-in has been revoked.
    void expect_only(model::SignInId sign_in, model::RevocationReason reason) {
        const auto kept = this->revoked();
        ASSERT_EQ(kept.size(), 1U);
        EXPECT_EQ(kept[0].sign_in, sign_in);
        EXPECT_FALSE(kept[0].others);
        EXPECT_EQ(kept[0].reason, reason);
        expect_same(told(), kept);
    }
};

TYPED_TEST_SUITE_P(RevocationStoreContract);

TYPED_TEST_P(RevocationStoreContract, a_sign_in_that_is_ended_is_revoked) {
    const auto ada = this->user("ada");
    const auto id = this->sign_in(ada, 1);
    this->end(ada, id);
    this->expect_only(id, model::RevocationReason::signed_out);
}

// What they do then must not reach who is out.
TYPED_TEST_P(RevocationStoreContract, who_ends_an_access_has_the_answer_after_it_was_told) {
    const auto ada = this->user("ada");
    const auto id = this->sign_in(ada, 1);
    (void)this->told();
    EXPECT_EQ(this->run(this->told_at_the_answer(this->backend, ada, id, this->now())), 1U);
    EXPECT_TRUE(this->told().empty()) << "once";
}

TYPED_TEST_P(RevocationStoreContract, a_sign_in_that_is_ended_by_its_secret_is_revoked) {
    const auto id = this->sign_in(this->user("ada"), 1);
    (void)this->run(this->sign_ins().end_by_secret(this->secret(1), this->now()));
    this->expect_only(id, model::RevocationReason::signed_out);
}

TYPED_TEST_P(RevocationStoreContract, a_stolen_secret_revokes_its_sign_in_whenever_it_shows) {
    const auto ada = this->user("ada");
    const auto late = this->sign_in(ada, 1);
    this->expect(this->rotate(1, 2));
    this->pass_grace();
    EXPECT_FALSE(this->rotate(1, 9));
    this->expect_only(late, model::RevocationReason::stolen);

    const auto spent = this->sign_in(ada, 11);
    this->expect(this->rotate(11, 12));
    this->expect(this->rotate(12, 13));
    this->pass_grace();
    EXPECT_FALSE(this->rotate(11, 12));
    const auto kept = this->revoked();
    ASSERT_EQ(kept.size(), 2U);
    EXPECT_EQ(kept[1].sign_in, spent);
    EXPECT_EQ(kept[1].reason, model::RevocationReason::stolen);
}

TYPED_TEST_P(RevocationStoreContract, what_ends_nothing_revokes_nothing) {
    const auto ada = this->user("ada");
    this->sign_in(ada, 1);
    this->expect(this->rotate(1, 2));
    EXPECT_FALSE(this->rotate(7, 8));
    EXPECT_FALSE(this->end(ada, this->template make<model::SignInId>()));
    EXPECT_FALSE(this->run(this->sign_ins().end_by_secret(this->secret(9), this->now())));
    EXPECT_THAT(this->revoked(), IsEmpty());
    EXPECT_THAT(this->told(), IsEmpty());
}

TYPED_TEST_P(RevocationStoreContract, they_are_listed_in_their_order_from_a_number_on) {
    const auto ada = this->user("ada");
    for (std::uint8_t fill = 1; fill <= 5; ++fill) this->end(ada, this->sign_in(ada, fill));
    const auto all = this->revoked();
    ASSERT_EQ(all.size(), 5U);
    for (std::size_t i = 1; i < all.size(); ++i) EXPECT_GT(all[i].number, all[i - 1].number);
    const auto middle = this->run(this->revocations().list_after(all[1].number, 2));
    ASSERT_EQ(middle.size(), 2U);
    EXPECT_EQ(middle[0].number, all[2].number);
    EXPECT_EQ(middle[1].number, all[3].number);
    this->expect_same(this->told(), all);
}

TYPED_TEST_P(RevocationStoreContract, old_ones_go_and_their_numbers_do_not_come_again) {
    const auto ada = this->user("ada");
    for (std::uint8_t fill = 1; fill <= 3; ++fill) this->end(ada, this->sign_in(ada, fill));
    const auto last = this->revoked().back().number;
    const std::chrono::milliseconds kept = model::limits::revocations_kept;
    this->backend.clock().advance(kept + std::chrono::milliseconds(1));
    EXPECT_EQ(this->revoked().size(), 3U) << "nothing was added that would clear them away";
    this->end(ada, this->sign_in(ada, 4));
    const auto left = this->revoked();
    ASSERT_EQ(left.size(), 1U);
    EXPECT_GT(left.front().number, last);
}

REGISTER_TYPED_TEST_SUITE_P(
    RevocationStoreContract,
    a_sign_in_that_is_ended_is_revoked,
    who_ends_an_access_has_the_answer_after_it_was_told,
    a_sign_in_that_is_ended_by_its_secret_is_revoked,
    a_stolen_secret_revokes_its_sign_in_whenever_it_shows,
    what_ends_nothing_revokes_nothing,
    they_are_listed_in_their_order_from_a_number_on,
    old_ones_go_and_their_numbers_do_not_come_again
);

}  // namespace banter::storage
