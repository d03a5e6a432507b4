// Who may do what: every combination against a table that is written by hand.
#include "service/permissions.hpp"

#include <gtest/gtest.h>

#include <array>
#include <sstream>

namespace banter::service::permissions {
namespace {

using model::ThreadKind;
using model::ThreadRole;
using model::Visibility;
using model::WorkspaceRole;

// One row: who (workspace role), what (kind, visibility), membership (-, member, owner), and what
// becomes of
//   read  join  write  mark  edit own  edit another's  delete own  delete another's
//   rename  add a member  give a role  remove another  leave  set preferences  mention all
// with + allowed, 4 not_found, 3 forbidden, and ! for allowed, but conflict once it is archived; 3
// and 4 stay what they are. For mention all + and -. The first row that fits counts; * fits
// everything. Of a reply thread, visibility, membership and archive are its parent's.
constexpr std::string_view table = R"(
# Admins read public channels like everyone, and delete and manage there; private ones they are not in don't exist.
owner   channel  public   -       + ! 3 3 3 3 ! !   ! ! ! + + 3  +
admin   channel  public   -       + ! 3 3 3 3 ! !   ! ! ! + + 3  +
member  channel  public   -       + ! 3 3 3 3 ! 3   3 3 3 3 + 3  -
# Replies are read by who reads the parent, and followed by its members.
owner   reply    public   -       + 3 3 3 3 3 ! !   3 3 3 3 + 3  +
admin   reply    public   -       + 3 3 3 3 3 ! !   3 3 3 3 + 3  +
member  reply    public   -       + 3 3 3 3 3 ! 3   3 3 3 3 + 3  -
guest   *        *        -       4 4 4 4 4 4 4 4   4 4 4 4 4 4  -
owner   *        *        -       4 4 4 4 4 4 4 4   4 4 4 4 4 4  +
admin   *        *        -       4 4 4 4 4 4 4 4   4 4 4 4 4 4  +
member  *        *        -       4 4 4 4 4 4 4 4   4 4 4 4 4 4  -
# Members. A direct thread never changes; nothing about a reply thread is its own.
owner   direct   *        *       + + ! + ! 3 ! !   3 3 3 3 3 +  +
admin   direct   *        *       + + ! + ! 3 ! !   3 3 3 3 3 +  +
*       direct   *        member  + + ! + ! 3 ! 3   3 3 3 3 3 +  -
*       direct   *        owner   + + ! + ! 3 ! !   3 3 3 3 3 +  +
owner   reply    *        *       + + ! + ! 3 ! !   3 3 3 3 + +  +
admin   reply    *        *       + + ! + ! 3 ! !   3 3 3 3 + +  +
*       reply    *        member  + + ! + ! 3 ! 3   3 3 3 3 + +  -
*       reply    *        owner   + + ! + ! 3 ! !   3 3 3 3 + +  +
owner   *        *        member  + + ! + ! 3 ! !   ! ! ! + + +  +
admin   *        *        member  + + ! + ! 3 ! !   ! ! ! + + +  +
# In a group every member adds.
*       group    *        member  + + ! + ! 3 ! 3   3 ! 3 3 + +  -
*       channel  *        member  + + ! + ! 3 ! 3   3 3 3 3 + +  -
*       *        *        owner   + + ! + ! 3 ! !   ! ! ! + + +  +
)";

struct Case {
    WorkspaceRole role;
    ThreadKind kind;
    Visibility visibility;
    std::optional<ThreadRole> membership;
    bool archived;

    [[nodiscard]] std::array<std::string, 4> words() const {
        return {
            std::string(wire_name(role)),
            std::string(wire_name(kind)),
            std::string(wire_name(visibility)),
            membership ? std::string(wire_name(*membership)) : std::string("-"),
        };
    }
};

/// The verdicts of the first row that fits.
std::vector<std::string> expected(const Case& asked) {
    std::istringstream lines{std::string(table)};
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line.front() == '#') continue;
        std::istringstream words(line);
        bool fits = true;
        for (const std::string& word : asked.words()) {
            std::string pattern;
            words >> pattern;
            fits = fits && (pattern == "*" || pattern == word);
        }
        if (!fits) continue;
        std::vector<std::string> verdicts;
        for (std::string verdict; words >> verdict;) {
            if (verdict == "!") verdict = asked.archived ? "9" : "+";
            verdicts.push_back(verdict);
        }
        return verdicts;
    }
    return {};
}

std::string verdict(const std::optional<Error>& refused) {
    if (!refused) return "+";
    switch (refused->code) {
        case Errc::not_found: return "4";
        case Errc::forbidden: return "3";
        case Errc::conflict: return "9";
        default: return "?";
    }
}

template <typename Visit>
void for_all_cases(Visit visit) {
    for (const auto role :
         {WorkspaceRole::owner,
          WorkspaceRole::admin,
          WorkspaceRole::member,
          WorkspaceRole::guest}) {
        for (const auto kind :
             {ThreadKind::channel, ThreadKind::direct, ThreadKind::group, ThreadKind::reply}) {
            for (const auto visibility : {Visibility::public_, Visibility::private_}) {
                for (const std::optional<ThreadRole> membership :
                     {std::optional<ThreadRole>(),
                      std::optional(ThreadRole::member),
                      std::optional(ThreadRole::owner)}) {
                    for (const bool archived : {false, true}) {
                        visit(Case{role, kind, visibility, membership, archived});
                    }
                }
            }
        }
    }
}

struct Scene {
    explicit Scene(const Case& asked) {
        caller.user.uuid.bytes[0] = 1;
        caller.role = asked.role;
        view.thread.kind = asked.kind;
        view.thread.visibility = asked.visibility;
        if (asked.membership) view.membership = model::Membership{.role = *asked.membership};
        if (asked.kind == ThreadKind::reply) {
            view.parent = model::ParentAccess{
                ThreadKind::channel, asked.visibility, asked.membership, asked.archived};
        } else if (asked.archived) {
            view.thread.archived_at = Timestamp{};
        }
        rename.name = "other";
        own.author = caller.user;
        anothers.author.uuid.bytes[0] = 2;
    }

    [[nodiscard]] std::vector<std::string> verdicts() const {
        return {
            verdict(may_read(caller, view)),
            verdict(may_join(caller, view)),
            verdict(may_write(caller, view)),
            verdict(may_mark_read(caller, view)),
            verdict(may_edit(caller, view, own)),
            verdict(may_edit(caller, view, anothers)),
            verdict(may_delete(caller, view, own)),
            verdict(may_delete(caller, view, anothers)),
            verdict(may_change(caller, view, rename)),
            verdict(may_set_member(caller, view, std::nullopt, ThreadRole::member)),
            verdict(may_set_member(caller, view, ThreadRole::member, ThreadRole::owner)),
            verdict(may_remove_member(caller, view, anothers.author)),
            verdict(may_remove_member(caller, view, caller.user)),
            verdict(may_set_preferences(caller, view)),
            may_mention_all(caller, view) ? "+" : "-",
        };
    }

    Caller caller;
    model::ThreadView view;
    model::ChangeThread rename;
    model::Message own;
    model::Message anothers;
};

TEST(Permissions, are_those_of_the_table_in_every_combination) {
    int cases = 0;
    for_all_cases([&](const Case& asked) {
        const auto words = asked.words();
        const auto wanted = expected(asked);
        const auto found = Scene(asked).verdicts();
        ASSERT_EQ(wanted.size(), found.size()) << words[0] << words[1] << words[2] << words[3];
        for (std::size_t i = 0; i < found.size(); ++i) {
            if (wanted[i] == "*") continue;
            EXPECT_EQ(found[i], wanted[i])
                << words[0] << ' ' << words[1] << ' ' << words[2] << ' ' << words[3]
                << (asked.archived ? " archived" : "") << ", column " << i;
        }
        ++cases;
    });
    EXPECT_EQ(cases, 4 * 4 * 2 * 3 * 2);
}

TEST(Permissions, another_workspaces_thread_does_not_exist_for_anyone) {
    for_all_cases([&](const Case& asked) {
        Scene scene(asked);
        scene.view.thread.workspace.uuid.bytes[0] = 7;
        const auto found = scene.verdicts();
        for (std::size_t i = 0; i + 1 < found.size(); ++i) EXPECT_EQ(found[i], "4");
    });
}

TEST(Permissions, what_is_hidden_answers_the_same_whyever_it_is_hidden) {
    Case asked{
        WorkspaceRole::member, ThreadKind::channel, Visibility::private_, std::nullopt, false};
    const auto hidden = may_read(Scene(asked).caller, Scene(asked).view);
    asked.archived = true;
    const auto archived = may_write(Scene(asked).caller, Scene(asked).view);
    Scene foreign(asked);
    foreign.view.thread.workspace.uuid.bytes[0] = 7;
    EXPECT_EQ(hidden, archived);
    EXPECT_EQ(hidden, may_join(foreign.caller, foreign.view));
}

TEST(Permissions, a_token_that_is_no_more_than_to_read_makes_nobody_a_member) {
    const Case asked{
        WorkspaceRole::member, ThreadKind::channel, Visibility::public_, std::nullopt, false};
    Scene scene(asked);
    scene.caller.scopes = model::Scopes();
    scene.caller.scopes->add(model::Scope::read);
    EXPECT_EQ(verdict(may_read(scene.caller, scene.view)), "+");
    EXPECT_EQ(verdict(may_join(scene.caller, scene.view)), "3");
    scene.caller.scopes->add(model::Scope::threads);
    EXPECT_EQ(verdict(may_join(scene.caller, scene.view)), "+");
}

TEST(Permissions, an_archived_thread_is_taken_out_of_the_archive_by_who_manages_it) {
    const Case asked{
        WorkspaceRole::member, ThreadKind::channel, Visibility::public_, ThreadRole::owner, true};
    const Scene scene(asked);
    model::ChangeThread change;
    change.archived = true;
    EXPECT_EQ(may_change(scene.caller, scene.view, change), std::nullopt);
    change.topic = "news";
    EXPECT_EQ(verdict(may_change(scene.caller, scene.view, change)), "9");
    change.archived = false;
    EXPECT_EQ(may_change(scene.caller, scene.view, change), std::nullopt);
}

TEST(Permissions, only_a_channel_has_a_visibility_to_choose) {
    model::ChangeThread change;
    change.visibility = Visibility::public_;
    const Case group{
        WorkspaceRole::member, ThreadKind::group, Visibility::private_, ThreadRole::owner, false};
    const auto refused = may_change(Scene(group).caller, Scene(group).view, change);
    ASSERT_TRUE(refused.has_value());
    EXPECT_EQ(refused->code, Errc::bad_request);
}

TEST(Permissions, guests_alone_may_not_create_threads) {
    for (const auto role : {WorkspaceRole::owner, WorkspaceRole::admin, WorkspaceRole::member}) {
        EXPECT_EQ(may_create_thread(Caller{.role = role}), std::nullopt);
    }
    EXPECT_EQ(verdict(may_create_thread(Caller{.role = WorkspaceRole::guest})), "3");
}

}  // namespace
}  // namespace banter::service::permissions
