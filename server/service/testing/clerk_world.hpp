// Nodes that ask an instance of Clerk for people, on a clock that the tests turn.
#pragma once

#include "service/clerk_directory.hpp"
#include "service/identities.hpp"
#include "service/testing/world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace banter::service {

inline constexpr const char* clerk_issuer = "https://clerk.example";
inline constexpr storage::Rate clerk_live_rate{.per_second = 25, .burst = 250};

inline std::optional<model::User> user_of_clerk(
    World& world,
    const std::string& subject,
    model::WorkspaceId workspace
) {
    storage::Identity identity{clerk_issuer, subject};
    auto known = world.run(world->storage.users.find_by_identity(workspace, std::move(identity)));
    if (!known) return std::nullopt;
    return std::move(known->user);
}

inline std::optional<model::User> user_of_clerk(World& world, const std::string& subject) {
    return user_of_clerk(world, subject, world.installation().workspace.id);
}

/// An instance of Clerk that is asked.
struct ClerkStandIn {
    std::map<std::string, ClerkUser> users;
    /// By what it calls them, with their members.
    std::map<std::string, std::map<std::string, ClerkMember>> organizations;
    /// In place of an answer.
    std::optional<ClerkAnswer> answer;
    /// Of lists only.
    std::optional<ClerkAnswer> list_answer;
    /// Questions after so many are not answered.
    std::size_t hangs_after = SIZE_MAX;
    /// Those about users, and those about members.
    std::vector<std::vector<std::string>> questions, member_questions;
    std::size_t at_once = 0, at_once_most = 0;
    /// Until so many are under way at once none is answered.
    std::size_t answers_from = 1;

    Task<ClerkAnswer> ask(Executor loop, ClerkQuestion question) {
        const std::vector<std::string>& subjects = question.subjects;
        (question.organization ? member_questions : questions).push_back(subjects);
        at_once_most = std::max(at_once_most, ++at_once);
        // Whoever comes meanwhile finds it under way.
        Timer timer(loop, std::chrono::milliseconds(1));
        if (questions.size() + member_questions.size() > hangs_after)
            timer.expires_at(Timer::time_point::max());
        co_await timer.async_wait(use_task);
        while (at_once_most < answers_from) {
            timer.expires_after(std::chrono::milliseconds(1));
            co_await timer.async_wait(use_task);
        }
        --at_once;
        if (answer) co_return *answer;
        if (list_answer && subjects.size() > 1) co_return *list_answer;
        if (question.organization) co_return members_of(*question.organization, subjects);
        ClerkAnswer found;
        found.kind = ClerkAnswer::Kind::users;
        for (const std::string& subject : subjects) {
            if (users.contains(subject)) found.users.push_back(users[subject]);
        }
        if (subjects.size() == 1 && found.users.empty()) found.kind = ClerkAnswer::Kind::gone;
        co_return found;
    }

    ClerkAnswer members_of(
        const std::string& organization,
        const std::vector<std::string>& subjects
    ) {
        ClerkAnswer found;
        found.kind = ClerkAnswer::Kind::gone;
        if (!organizations.contains(organization)) return found;
        found.kind = ClerkAnswer::Kind::members;
        const auto& members = organizations[organization];
        for (const std::string& subject : subjects) {
            const auto known = members.find(subject);
            if (known != members.end()) found.members.push_back(known->second);
        }
        return found;
    }

    /// Returns when so many were asked, about users or members.
    Task<> hear(Executor loop, std::size_t count) {
        Timer timer(loop);
        while (questions.size() + member_questions.size() < count) {
            timer.expires_after(std::chrono::milliseconds(1));
            co_await timer.async_wait(use_task);
        }
    }

    [[nodiscard]] std::size_t lists() const {
        return static_cast<std::size_t>(std::ranges::count_if(questions, [](const auto& asked) {
            return asked.size() > 1;
        }));
    }

    ClerkUser& user(const std::string& subject, int at = 1) {
        ClerkUser& user = users[subject];
        user.subject = subject;
        user.first_name = "Ada";
        user.last_name = "Lovelace";
        user.updated_at = Timestamp(std::chrono::seconds(at));
        return user;
    }
};

inline ClerkAnswer answer_of(ClerkAnswer::Kind kind, std::chrono::milliseconds retry_after = {}) {
    ClerkAnswer answer;
    answer.kind = kind;
    answer.retry_after = retry_after;
    answer.why = "so it is";
    return answer;
}

struct ClerkWorldTest : ::testing::Test {
    /// One that runs in a process of its own, as far as it can tell.
    struct Node {
        Node(ClerkWorldTest& test, storage::Rate rate)
            : directory(
                  {clerk_issuer, test.world.installation().workspace.id, rate},
                  {test.loops,
                   test.world->stores.hooks,
                   test.world->stores.identity_checks,
                   test.world->storage.rates,
                   test.world.clock,
                   test.random,
                   test.world->ids,
                   test.registry},
                  [&test](ClerkQuestion question) {
                      return test.clerk.ask(test.loops.front(), std::move(question));
                  }
              ),
              world(test.world) {}
        ~Node() { world.run(directory.stop()); }
        Node(const Node&) = delete;
        Node& operator=(const Node&) = delete;

        void settle() { world.run(directory.settle()); }
        void see(std::string_view subject, std::size_t loop = 0) { directory.see(loop, subject); }
        void go_on() {
            directory.go_on();
            settle();
        }

        ClerkDirectory directory;
        World& world;
    };

    ClerkWorldTest() {
        // Else a sweep would ask for those whom these tests are about.
        world.sql("INSERT INTO identity_sweeps VALUES ('https://clerk.example', 0, 0, '', 1 << 60)"
        );
    }

    Node& begin(storage::Rate rate = clerk_live_rate) {
        nodes.push_back(std::make_unique<Node>(*this, rate));
        return *nodes.back();
    }
    /// Whoever has come by way of Clerk.
    void join(const std::string& subject) {
        Identities identities(world->storage, world.installation(), world.clock, world->ids);
        Claims claims;
        claims.issuer = clerk_issuer;
        claims.subject = subject;
        claims.issued_at = world.clock.now();
        ASSERT_TRUE(world.run(identities.make(claims)));
    }
    std::optional<model::User> find(const std::string& subject) {
        return user_of_clerk(world, subject);
    }
    std::string name_of(const std::string& subject) { return find(subject)->display_name; }
    void sign_in(Node& node, const std::string& subject, std::size_t loop = 0) {
        join(subject);
        node.see(subject, loop);
        node.settle();
    }
    [[nodiscard]] bool counts(const std::string& line) const {
        return registry.text().find(line + "\n") != std::string::npos;
    }
    static std::string name(int number) { return "user_" + std::to_string(1000 + number); }

    World world{{}, 2};
    Loops loops{world.waiting.loop(0), world.waiting.loop(1)};
    SeededRandom random{3};
    metrics::Registry registry;
    ClerkStandIn clerk;
    std::vector<std::unique_ptr<Node>> nodes;
};

}  // namespace banter::service
