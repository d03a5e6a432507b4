// What every IdentityCheckStore does: an identity is asked for by one at a time, and a sweep goes
// through each identity once, whichever nodes do it.
#pragma once

#include "storage/contract/user_store_contract.hpp"
#include "storage/hook_store.hpp"
#include "storage/identity_check_store.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace banter::storage {

template <typename Backend>
class IdentityCheckStoreContract : public UserStoreContract<Backend> {
public:
    static constexpr const char* issuer = "https://one";

    IdentityCheckStore& checks() { return this->backend.stores().identity_checks; }
    IdentityCheck find(const std::string& subject = "s1") {
        return this->run(checks().find(issuer, subject));
    }
    bool claim(const std::string& subject, std::chrono::minutes lease, const char* of = issuer) {
        return this->run(checks().claim(of, subject, this->now(), this->now() + lease));
    }
    void note(std::vector<std::string> subjects, Timestamp due_at) {
        run_task(this->backend.loops()[0], checks().note(issuer, std::move(subjects), due_at));
    }
    std::vector<std::string> list(std::string after = {}, std::size_t count = 100) {
        std::vector<std::string> subjects;
        const auto known = this->run(checks().list(issuer, std::move(after), count));
        for (const auto& one : known) subjects.push_back(one.subject);
        return subjects;
    }
    std::optional<IdentitySweep> claim_sweep(std::int64_t holder, const char* of = issuer) {
        const auto until = this->now() + std::chrono::minutes(5);
        return this->run(checks().claim_sweep(of, holder, this->now(), until));
    }
    bool keep(IdentitySweep sweep, std::string after) {
        sweep.after = std::move(after);
        const auto until = this->now() + std::chrono::minutes(5);
        return this->run(checks().keep_sweep(std::move(sweep), until));
    }
    void end(IdentitySweep sweep, std::chrono::minutes pause) {
        run_task(
            this->backend.loops()[0], checks().end_sweep(std::move(sweep), this->now() + pause)
        );
    }
    static Timestamp at(int ms) { return Timestamp(std::chrono::milliseconds(ms)); }
    model::WorkspaceId other_place() { return this->template make<model::WorkspaceId>(); }
    /// A member of an organization comes with a token that was issued at this time.
    void enter(model::WorkspaceId workspace, const std::string& subject, int issued_at) {
        NewIdentity wanted = this->identity(subject, "somebody");
        wanted.workspace = workspace;
        wanted.issued_at = at(issued_at);
        wanted.member = OrganizationMember{"org_1", "acme", model::WorkspaceRole::member};
        EXPECT_TRUE(this->run(this->users().provision(std::move(wanted))));
    }
    void tell_member(
        model::WorkspaceId workspace,
        const std::string& subject,
        decltype(Hook::says) says
    ) {
        Hook hook{{}, workspace, {issuer, subject}, std::move(says), this->now()};
        EXPECT_TRUE(this->run(this->backend.stores().hooks.take(std::move(hook))));
    }
    void advance(std::chrono::minutes by) { this->backend.clock().advance(by); }
    /// Takes news of one who may not have been here, or the end of one.
    void take(const std::string& subject, int at) {
        Hook hook;
        hook.workspace = this->workspace();
        hook.identity = {issuer, subject};
        hook.now = this->now();
        IdentityNews news;
        news.updated_at = Timestamp(std::chrono::milliseconds(at));
        news.id = this->template make<model::UserId>();
        news.handle = subject;
        news.display_name = subject;
        hook.says = std::move(news);
        if (at == 0) hook.says = IdentityEnd{};
        EXPECT_TRUE(this->run(this->backend.stores().hooks.take(std::move(hook))));
    }
};

TYPED_TEST_SUITE_P(IdentityCheckStoreContract);

TYPED_TEST_P(IdentityCheckStoreContract, an_identity_is_claimed_once_until_it_is_due_again) {
    EXPECT_EQ(this->find().due_at, Timestamp());
    EXPECT_TRUE(this->claim("s1", std::chrono::minutes(5)));
    EXPECT_FALSE(this->claim("s1", std::chrono::minutes(5)));
    EXPECT_TRUE(this->claim("s2", std::chrono::minutes(5)));
    EXPECT_TRUE(this->claim("s1", std::chrono::minutes(5), "https://two"));
    EXPECT_EQ(this->find().due_at, this->now() + std::chrono::minutes(5));
    this->advance(std::chrono::minutes(5));
    EXPECT_TRUE(this->claim("s1", std::chrono::minutes(5))) << "whoever claimed it is gone";
    this->note({"s2", "s1"}, this->now() + std::chrono::hours(24));
    this->advance(std::chrono::hours(23));
    EXPECT_FALSE(this->claim("s1", std::chrono::minutes(5)));
    EXPECT_FALSE(this->claim("s2", std::chrono::minutes(5)));
    this->advance(std::chrono::hours(1));
    EXPECT_TRUE(this->claim("s1", std::chrono::minutes(5)));
}

TYPED_TEST_P(IdentityCheckStoreContract, it_is_known_which_news_were_taken_and_who_is_gone) {
    this->provision(this->identity("s1", "ada"));
    EXPECT_EQ(this->find().updated_at, Timestamp());
    EXPECT_FALSE(this->find().gone);
    this->take("s1", 7);
    EXPECT_EQ(this->find().updated_at, Timestamp(std::chrono::milliseconds(7)));
    this->take("s1", 0);
    EXPECT_TRUE(this->find().gone);
    EXPECT_FALSE(this->find("nobody").gone);
}

TYPED_TEST_P(IdentityCheckStoreContract, news_that_were_asked_for_are_no_hook) {
    this->take("s1", 7);
    this->take("s1", 7);
    EXPECT_EQ(this->list(), std::vector<std::string>{"s1"});
}

TYPED_TEST_P(IdentityCheckStoreContract, the_known_are_listed_in_order_without_those_who_are_gone) {
    for (const char* subject : {"b", "a", "C", "d", "e"})
        this->provision(this->identity(subject, "somebody"));
    this->provision(this->identity("x", "elsewhere", "https://two"));
    this->take("d", 0);
    this->take("never", 0);
    this->take("a", 9);
    EXPECT_EQ(this->list(), (std::vector<std::string>{"C", "a", "b", "e"}));
    EXPECT_EQ(this->list("C", 2), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(this->list("b"), std::vector<std::string>{"e"});
    EXPECT_TRUE(this->list("e").empty());
    const auto known = this->run(this->checks().list(this->issuer, "C", 2));
    EXPECT_EQ(known[0].updated_at, Timestamp(std::chrono::milliseconds(9)));
    EXPECT_EQ(known[1].updated_at, Timestamp());
}

TYPED_TEST_P(IdentityCheckStoreContract, organizations_and_their_members_are_listed_in_order) {
    using enum model::WorkspaceRole;
    std::vector<model::WorkspaceId> places{this->other_place(), this->other_place()};
    std::ranges::sort(places);
    const auto gone = this->other_place();
    for (const auto place : places) this->enter(place, "s1", 10);
    this->enter(gone, "s1", 10);
    this->tell_member(places[0], "s2", MemberNews{admin, this->at(20)});
    this->enter(places[0], "left", 10);
    this->tell_member(places[0], "left", MemberEnd{this->at(20)});
    this->enter(places[0], "back", 10);
    this->tell_member(places[0], "back", MemberEnd{this->at(20)});
    this->tell_member(places[0], "back", MemberNews{guest, this->at(30)});
    this->tell_member(gone, "", OrganizationEnd{"org_1"});

    std::vector<model::WorkspaceId> listed;
    model::WorkspaceId last{};
    while (const auto next = this->run(this->checks().next_organization("https://one", last))) {
        EXPECT_EQ(next->organization, "org_1");
        listed.push_back(last = next->workspace);
    }
    EXPECT_EQ(listed, places) << "not the default workspace, and none that is gone";
    EXPECT_FALSE(this->run(this->checks().next_organization("https://two", {})));

    const auto members = this->run(this->checks().members(places[0], "", 100));
    ASSERT_EQ(members.size(), 3U);
    EXPECT_EQ(members[0].subject, "back");
    EXPECT_EQ(members[0].role, guest);
    EXPECT_EQ(members[0].role_at, this->at(30));
    EXPECT_EQ(members[1].subject, "s1");
    EXPECT_EQ(members[1].role_at, this->at(10));
    EXPECT_EQ(members[2].subject, "s2") << "who was told of, and has not been here";
    const auto page = this->run(this->checks().members(places[0], "back", 1));
    ASSERT_EQ(page.size(), 1U);
    EXPECT_EQ(page[0].subject, "s1");
}

TYPED_TEST_P(IdentityCheckStoreContract, a_sweep_is_had_by_one_and_comes_again_when_it_is_due) {
    const auto sweep = this->claim_sweep(1);
    ASSERT_TRUE(sweep.has_value());
    EXPECT_EQ(sweep->after, "");
    EXPECT_FALSE(this->claim_sweep(2)) << "it is claimed";
    EXPECT_TRUE(this->claim_sweep(2, "https://two"));
    EXPECT_TRUE(this->keep(*sweep, "s5"));
    this->end(*sweep, std::chrono::hours(24));
    EXPECT_FALSE(this->claim_sweep(2));
    this->advance(std::chrono::hours(24));
    const auto next = this->claim_sweep(2);
    ASSERT_TRUE(next.has_value());
    EXPECT_EQ(next->after, "") << "from the beginning";
}

TYPED_TEST_P(IdentityCheckStoreContract, a_sweep_that_a_node_left_is_taken_over_where_it_was) {
    const auto first = this->claim_sweep(1);
    EXPECT_TRUE(this->keep(*first, "s5"));
    this->advance(std::chrono::minutes(4));
    EXPECT_FALSE(this->claim_sweep(2));
    EXPECT_TRUE(this->keep(*first, "s6"));
    this->advance(std::chrono::minutes(5));
    const auto second = this->claim_sweep(2);
    ASSERT_TRUE(second.has_value());
    EXPECT_EQ(second->after, "s6");
    EXPECT_FALSE(this->keep(*first, "s9")) << "it is another's";
    this->end(*first, std::chrono::hours(24));
    EXPECT_TRUE(this->keep(*second, "s7"));
}

REGISTER_TYPED_TEST_SUITE_P(
    IdentityCheckStoreContract,
    an_identity_is_claimed_once_until_it_is_due_again,
    it_is_known_which_news_were_taken_and_who_is_gone,
    news_that_were_asked_for_are_no_hook,
    the_known_are_listed_in_order_without_those_who_are_gone,
    organizations_and_their_members_are_listed_in_order,
    a_sweep_is_had_by_one_and_comes_again_when_it_is_due,
    a_sweep_that_a_node_left_is_taken_over_where_it_was
);

}  // namespace banter::storage
