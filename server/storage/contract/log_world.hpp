// A world with one thread and two members, for the contract tests of the log.
#pragma once

#include "storage/contract/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <utility>

namespace banter::storage {

template <typename Backend>
class LogWorld : public World<Backend> {
public:
    void SetUp() override {
        ada = this->user("ada");
        bob = this->user("bob");
        thread = this->channel("general", ada);
        this->join(thread, bob);
    }

    Result<model::Message> try_send(NewMessage message, ThreadRule rule = members_only) {
        return this->run(this->messages().append(std::move(message), std::move(rule)));
    }
    model::Message find(const model::Message& message, model::UserId viewer) {
        auto found = this->run(this->messages().find(message.id, viewer));
        EXPECT_TRUE(found.has_value());
        return found.value_or(FoundMessage{}).message;
    }
    void expect_unchanged(model::Rev rev) {
        EXPECT_EQ(this->view(thread, ada).thread.rev, rev);
        EXPECT_THAT(this->events(), testing::IsEmpty());
    }
    template <typename T>
    static void expect_refused(const Result<T>& result, Errc code) {
        ASSERT_FALSE(result.has_value());
        EXPECT_EQ(result.error().code, code) << result.error().detail;
    }
    std::uint32_t mentions_of(model::UserId user) {
        return this->view(thread, user).membership->mentions;
    }

    model::UserId ada, bob;
    model::ThreadId thread;
};

}  // namespace banter::storage
