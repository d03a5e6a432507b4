// Which revocation ends which caller's access.
#include "service/caller.hpp"

#include <gtest/gtest.h>

namespace banter::service {
namespace {

template <typename Id>
Id id_of(std::uint8_t number) {
    Id id;
    id.uuid.bytes.back() = number;
    return id;
}

const auto ada = id_of<model::UserId>(1);
const auto phone = id_of<model::SignInId>(2);
const auto laptop = id_of<model::SignInId>(3);
const auto program = id_of<model::SignInId>(4);

Caller by(std::optional<model::SignInId> sign_in, bool by_access_token = false) {
    return {
        .user = ada,
        .sign_in = sign_in,
        .by_access_token = by_access_token,
        .newest_revocation = 6};
}

TEST(IsEndedBy, a_revocation_of_the_user_ends_whatever_the_user_came_with) {
    const model::Revocation all{.number = 7, .user = ada};
    EXPECT_TRUE(is_ended_by(by(phone), all));
    EXPECT_TRUE(is_ended_by(by(program, true), all));
    EXPECT_TRUE(is_ended_by(by(std::nullopt), all));
}

TEST(IsEndedBy, a_revocation_of_one_sign_in_ends_that_one) {
    const model::Revocation one{.number = 7, .user = ada, .sign_in = phone};
    EXPECT_TRUE(is_ended_by(by(phone), one));
    EXPECT_FALSE(is_ended_by(by(laptop), one));
    EXPECT_FALSE(is_ended_by(by(program, true), one));
    EXPECT_FALSE(is_ended_by(by(std::nullopt), one));
}

TEST(IsEndedBy, a_revocation_of_the_other_sign_ins_spares_that_one_and_what_is_no_sign_in) {
    const model::Revocation others{.number = 7, .user = ada, .sign_in = phone, .others = true};
    EXPECT_FALSE(is_ended_by(by(phone), others));
    EXPECT_TRUE(is_ended_by(by(laptop), others));
    EXPECT_FALSE(is_ended_by(by(program, true), others));
    EXPECT_FALSE(is_ended_by(by(std::nullopt), others));
    EXPECT_TRUE(is_ended_by(by(phone), {.number = 7, .user = ada, .others = true}));
}

TEST(IsEndedBy, another_user_and_whoever_was_let_in_later_goes_on) {
    EXPECT_FALSE(is_ended_by(by(phone), {.number = 7, .user = id_of<model::UserId>(9)}));
    EXPECT_FALSE(is_ended_by(by(phone), {.number = 6, .user = ada}));
    EXPECT_FALSE(is_ended_by(by(phone), {.number = 6, .user = ada, .sign_in = phone}));
}

TEST(IsEndedBy, losing_a_thread_ends_no_sign_in) {
    const auto thread = id_of<model::ThreadId>(5);
    EXPECT_FALSE(is_ended_by(by(phone), {.number = 7, .user = ada, .thread = thread}));
}

}  // namespace
}  // namespace banter::service
