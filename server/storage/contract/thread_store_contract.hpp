// What every ThreadStore does, whatever it is made of.
#pragma once

#include "model/limits.hpp"
#include "storage/contract/world.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <string>
#include <vector>

namespace banter::storage {

template <typename Backend>
class ThreadStoreContract : public World<Backend> {
public:
    void mark(ReadMark mark) { this->run(finished(this->threads().mark_read(std::vector{mark}))); }
    static Task<bool> finished(Task<> task) {
        co_await std::move(task);
        co_return true;
    }
    model::Membership membership(model::ThreadId thread, model::UserId user) {
        const auto view = this->view(thread, user);
        EXPECT_TRUE(view.membership.has_value());
        return view.membership.value_or(model::Membership{});
    }
    std::vector<std::string> names(const std::vector<model::ThreadView>& views) {
        std::vector<std::string> names;
        for (const auto& view : views) names.push_back(view.thread.name);
        return names;
    }
    model::Page<model::ThreadView> discover(
        std::string query,
        model::UserId viewer,
        model::PageRequest page = {}
    ) {
        return this->run(
            this->threads().discover(this->workspace(), viewer, std::move(query), std::move(page))
        );
    }
    model::Page<model::ThreadView> list(model::UserId member, model::PageRequest page = {}) {
        return this->run(this->threads().list(member, std::move(page)));
    }
};

TYPED_TEST_SUITE_P(ThreadStoreContract);

TYPED_TEST_P(ThreadStoreContract, a_new_thread_has_its_creator_as_owner_and_nothing_in_it) {
    const auto ada = this->user("ada");
    const auto made =
        this->expect(this->run(this->threads().create(this->new_thread("general", ada))));
    const auto found = this->view(made.thread.id, ada);
    EXPECT_EQ(found.thread.name, "general");
    EXPECT_EQ(found.thread.workspace, this->workspace());
    EXPECT_EQ(found.thread.kind, model::ThreadKind::channel);
    EXPECT_EQ(found.thread.visibility, model::Visibility::public_);
    EXPECT_EQ(found.thread.seq, 0U);
    EXPECT_EQ(found.thread.rev, 0U);
    EXPECT_EQ(found.thread.first_seq, 1U);
    EXPECT_EQ(found.thread.created_by, ada);
    EXPECT_EQ(found.thread.created_at, this->now());
    EXPECT_FALSE(found.thread.archived_at || found.thread.parent);
    ASSERT_TRUE(made.membership && found.membership);
    EXPECT_EQ(found.membership->role, model::ThreadRole::owner);
    EXPECT_EQ(found.membership->unread, 0U);
    EXPECT_EQ(found.membership->level, model::Level::all);
}

TYPED_TEST_P(ThreadStoreContract, a_second_public_channel_of_a_name_is_a_conflict) {
    const auto ada = this->user("ada");
    this->channel("general", ada);
    const auto refused = this->run(this->threads().create(this->new_thread("general", ada)));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::conflict);
    // A private one is nobody else's concern.
    NewThread secret = this->new_thread("general", ada);
    secret.visibility = model::Visibility::private_;
    EXPECT_TRUE(this->run(this->threads().create(secret)).has_value());
}

TYPED_TEST_P(ThreadStoreContract, a_thread_that_is_not_there_is_not_found) {
    const auto ada = this->user("ada");
    const auto nowhere = this->template make<model::ThreadId>();
    EXPECT_FALSE(this->run(this->threads().find(nowhere, ada)));
    const auto refused = this->run(this->threads().join(nowhere, ada, this->now(), allow));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::not_found);
    EXPECT_EQ(this->run(this->threads().count_mentions(nowhere, ada, 0)), 0U);
}

TYPED_TEST_P(ThreadStoreContract, one_who_is_no_member_sees_no_membership) {
    const auto thread = this->channel("general", this->user("ada"));
    EXPECT_FALSE(this->view(thread, this->user("bob")).membership);
}

TYPED_TEST_P(ThreadStoreContract, who_joins_has_read_everything) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    const auto thread = this->channel("general", ada);
    this->send(thread, ada, "one");
    this->send(thread, ada, "two");
    const auto joined = this->join(thread, bob);
    ASSERT_TRUE(joined.membership);
    EXPECT_EQ(joined.membership->role, model::ThreadRole::member);
    EXPECT_EQ(joined.membership->read_seq, 2U);
    EXPECT_EQ(joined.membership->unread, 0U);
    EXPECT_EQ(joined.thread.rev, 2U) << "joining is no change of the thread";
}

TYPED_TEST_P(ThreadStoreContract, joining_twice_changes_nothing) {
    const auto ada = this->user("ada");
    const auto thread = this->channel("general", ada);
    this->join(thread, this->user("bob"));
    const auto again = this->join(thread, ada);
    EXPECT_EQ(again.membership->role, model::ThreadRole::owner);
    EXPECT_EQ(this->list(ada).items.size(), 1U);
}

TYPED_TEST_P(ThreadStoreContract, a_join_that_the_rule_refuses_makes_no_member) {
    const auto bob = this->user("bob");
    const auto thread = this->channel("general", this->user("ada"));
    const auto refuse = [](const model::ThreadView& view) -> std::optional<Error> {
        return Error{Errc::forbidden, view.thread.name};
    };
    const auto refused = this->run(this->threads().join(thread, bob, this->now(), refuse));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error(), (Error{Errc::forbidden, "general"}));
    EXPECT_FALSE(this->view(thread, bob).membership);
}

TYPED_TEST_P(ThreadStoreContract, the_list_has_the_threads_joined_last_first_and_no_others) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    for (const char* name : {"one", "two", "three", "other"}) {
        const auto thread = this->channel(name, ada);
        this->backend.clock().advance(std::chrono::milliseconds(1));
        if (std::string(name) != "other") this->join(thread, bob);
    }
    EXPECT_THAT(this->names(this->list(bob).items), testing::ElementsAre("three", "two", "one"));
    EXPECT_THAT(this->list(this->user("eve")).items, testing::IsEmpty());
}

TYPED_TEST_P(ThreadStoreContract, the_pages_of_a_list_join_without_loss_or_doubles) {
    const auto ada = this->user("ada");
    std::vector<std::string> expected;
    for (int i = 0; i < 25; ++i) {
        expected.insert(expected.begin(), "c" + std::to_string(i));
        this->channel(expected.front(), ada);
        if (i % 3 == 0) this->backend.clock().advance(std::chrono::milliseconds(1));
    }
    std::vector<std::string> found;
    model::PageRequest request{std::nullopt, 7};
    do {
        auto page = this->list(ada, request);
        EXPECT_LE(page.items.size(), 7U);
        for (const auto& name : this->names(page.items)) found.push_back(name);
        request.cursor = page.next;
    } while (request.cursor);
    EXPECT_EQ(found, expected);
}

TYPED_TEST_P(ThreadStoreContract, a_cursor_that_is_none_ends_the_list) {
    const auto ada = this->user("ada");
    this->channel("general", ada);
    for (const char* cursor : {"", "x", "!!!", "AAAA", "____________________________________"}) {
        const auto listed = this->list(ada, {cursor, 10});
        EXPECT_FALSE(listed.next);
        const auto found = this->discover("", ada, {cursor, 10});
        EXPECT_FALSE(found.next);
    }
}

TYPED_TEST_P(ThreadStoreContract, channels_are_discovered_by_a_part_of_their_name_in_any_case) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    for (const char* name : {"Zebra", "general", "General Talk", "Ärger", "random"}) {
        this->channel(name, ada);
    }
    NewThread secret = this->new_thread("general secrets", ada);
    secret.visibility = model::Visibility::private_;
    this->expect(this->run(this->threads().create(secret)));

    EXPECT_THAT(
        this->names(this->discover("GENERAL", bob).items),
        testing::ElementsAre("general", "General Talk")
    );
    EXPECT_THAT(this->names(this->discover("ärg", bob).items), testing::ElementsAre("Ärger"));
    EXPECT_THAT(this->names(this->discover("ÄRG", bob).items), testing::ElementsAre("Ärger"));
    EXPECT_THAT(this->discover("%", bob).items, testing::IsEmpty());
    EXPECT_THAT(
        this->names(this->discover("", bob).items),
        testing::ElementsAre("general", "General Talk", "random", "Zebra", "Ärger")
    );
}

TYPED_TEST_P(ThreadStoreContract, discovered_channels_show_whether_the_viewer_is_a_member) {
    const auto ada = this->user("ada");
    this->channel("general", ada);
    EXPECT_TRUE(this->discover("", ada).items.front().membership);
    EXPECT_FALSE(this->discover("", this->user("bob")).items.front().membership);
}

TYPED_TEST_P(ThreadStoreContract, nothing_of_another_workspace_is_discovered) {
    const auto ada = this->user("ada");
    this->channel("general", ada);
    const auto elsewhere = this->template make<model::WorkspaceId>();
    EXPECT_THAT(
        this->run(this->threads().discover(elsewhere, ada, "", {})).items, testing::IsEmpty()
    );
}

TYPED_TEST_P(ThreadStoreContract, the_pages_of_a_discovery_join_without_loss_or_doubles) {
    const auto ada = this->user("ada");
    for (int i = 0; i < 20; ++i) this->channel("room " + std::to_string(i), ada);
    std::size_t found = 0;
    model::PageRequest request{std::nullopt, 6};
    std::string last;
    do {
        auto page = this->discover("room", ada, request);
        for (const auto& name : this->names(page.items)) {
            EXPECT_LT(last, name);
            last = name;
            ++found;
        }
        request.cursor = page.next;
    } while (request.cursor);
    EXPECT_EQ(found, 20U);
}

TYPED_TEST_P(ThreadStoreContract, a_read_marker_goes_forward_and_back_only_if_it_may) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    const auto thread = this->channel("general", ada);
    this->join(thread, bob);
    for (int i = 0; i < 5; ++i) this->send(thread, ada, "text");
    EXPECT_EQ(this->membership(thread, bob).unread, 5U);
    this->mark({thread, bob, 3});
    EXPECT_EQ(this->membership(thread, bob).unread, 2U);
    this->mark({thread, bob, 1});
    EXPECT_EQ(this->membership(thread, bob).read_seq, 3U);
    this->mark({thread, bob, 1, true});
    EXPECT_EQ(this->membership(thread, bob).read_seq, 1U);
    const auto turn = this->membership(thread, bob).read_turn;
    this->mark({thread, bob, UINT64_MAX, false, turn});
    EXPECT_EQ(this->membership(thread, bob).read_seq, 5U)
        << "there is nothing above the thread's seq";
}

TYPED_TEST_P(ThreadStoreContract, a_mark_from_before_the_marker_was_set_back_is_dropped) {
    const auto ada = this->user("ada");
    const auto thread = this->channel("general", ada);
    for (int i = 0; i < 5; ++i) this->send(thread, ada, "text");
    const auto turn = this->membership(thread, ada).read_turn;
    this->mark({thread, ada, 2, true});
    this->mark({thread, ada, 4, false, turn});
    EXPECT_EQ(this->membership(thread, ada).read_seq, 2U);
    this->mark({thread, ada, 3, false, this->membership(thread, ada).read_turn});
    EXPECT_EQ(this->membership(thread, ada).read_seq, 3U);
}

TYPED_TEST_P(
    ThreadStoreContract,
    marks_of_strangers_and_of_threads_that_are_not_there_are_dropped
) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    const auto thread = this->channel("general", ada);
    this->send(thread, ada, "text");
    this->run(this->finished(this->threads().mark_read(std::vector{
        ReadMark{thread, bob, 1},
        ReadMark{this->template make<model::ThreadId>(), ada, 1},
        ReadMark{thread, ada, 0, true},
    })));
    EXPECT_FALSE(this->view(thread, bob).membership);
    EXPECT_EQ(this->membership(thread, ada).unread, 1U) << "the others count all the same";
    this->run(this->finished(this->threads().mark_read({})));
}

TYPED_TEST_P(ThreadStoreContract, mentions_above_the_marker_are_counted_up_to_the_limit) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    const auto thread = this->channel("general", ada);
    this->join(thread, bob);
    for (std::size_t i = 0; i < model::limits::mention_count_max + 5; ++i) {
        NewMessage message = this->new_message(thread, ada, "text");
        message.mentions.users = {bob};
        if (i % 2 == 0) message.mentions.all = true;
        this->send(message);
    }
    EXPECT_EQ(this->membership(thread, bob).mentions, model::limits::mention_count_max);
    EXPECT_EQ(
        this->run(this->threads().count_mentions(thread, bob, 0)), model::limits::mention_count_max
    );
    EXPECT_EQ(this->run(this->threads().count_mentions(thread, bob, 103)), 2U);
    EXPECT_EQ(this->run(this->threads().count_mentions(thread, bob, UINT64_MAX)), 0U);
    this->mark({thread, bob, 102});
    EXPECT_EQ(this->membership(thread, bob).mentions, 3U);
    EXPECT_EQ(this->list(bob).items.front().membership->mentions, 3U);
    this->mark({thread, bob, 105});
    EXPECT_EQ(this->membership(thread, bob).mentions, 0U);
}

TYPED_TEST_P(ThreadStoreContract, mentions_of_one_thread_do_not_count_in_the_next) {
    const auto ada = this->user("ada");
    const auto bob = this->user("bob");
    const auto first = this->channel("first", ada);
    const auto second = this->channel("second", ada);
    for (const auto& thread : {first, second}) this->join(thread, bob);
    NewMessage message = this->new_message(second, ada, "text");
    message.mentions.users = {bob};
    this->send(message);
    this->send(first, ada, "text");
    EXPECT_EQ(this->membership(first, bob).mentions, 0U);
    EXPECT_EQ(this->membership(second, bob).mentions, 1U);
}

REGISTER_TYPED_TEST_SUITE_P(
    ThreadStoreContract,
    a_new_thread_has_its_creator_as_owner_and_nothing_in_it,
    a_second_public_channel_of_a_name_is_a_conflict,
    a_thread_that_is_not_there_is_not_found,
    one_who_is_no_member_sees_no_membership,
    who_joins_has_read_everything,
    joining_twice_changes_nothing,
    a_join_that_the_rule_refuses_makes_no_member,
    the_list_has_the_threads_joined_last_first_and_no_others,
    the_pages_of_a_list_join_without_loss_or_doubles,
    a_cursor_that_is_none_ends_the_list,
    channels_are_discovered_by_a_part_of_their_name_in_any_case,
    discovered_channels_show_whether_the_viewer_is_a_member,
    nothing_of_another_workspace_is_discovered,
    the_pages_of_a_discovery_join_without_loss_or_doubles,
    a_read_marker_goes_forward_and_back_only_if_it_may,
    a_mark_from_before_the_marker_was_set_back_is_dropped,
    marks_of_strangers_and_of_threads_that_are_not_there_are_dropped,
    mentions_above_the_marker_are_counted_up_to_the_limit,
    mentions_of_one_thread_do_not_count_in_the_next
);

}  // namespace banter::storage
