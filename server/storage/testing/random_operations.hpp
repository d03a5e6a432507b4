// Random things that people do with threads and messages, each done by the stores of several
// databases, which have to answer the same.
#pragma once

#include "storage/testing/random_world.hpp"

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace banter::storage {

class RandomOperations : private RandomWorld {
public:
    using Operation = std::function<std::string(Side&)>;

    RandomOperations(std::uint64_t seed, model::WorkspaceId workspace)
        : RandomWorld(seed, workspace) {}

    struct Named {
        std::string name;
        Operation perform;
    };

    /// What was answered by an operation before decides what the next ones are about.
    Named next() {
        clock_.advance(std::chrono::milliseconds(below(100) == 0 ? 600'000 : below(2'000)));
        if (users_.size() < 5) return {"register", register_user()};
        if (threads_.size() < 3) return {"create", create_thread()};
        std::uint64_t drawn = below(total_);
        for (const Kind& kind : kinds_) {
            if (drawn < kind.weight) return {kind.name, (this->*kind.make)()};
            drawn -= kind.weight;
        }
        std::abort();
    }

private:
    struct Kind {
        std::uint64_t weight;
        const char* name;
        Operation (RandomOperations::*make)();
    };
    using Own = RandomOperations;

    Operation register_user() {
        NewAccount account;
        account.id = make<model::UserId>();
        account.workspace = workspace_;
        account.handle = text("user");
        account.display_name = text("Name of ");
        account.password_hash = "hash";
        account.created_at = clock_.now();
        return [this, account](Side& side) {
            const auto rule = [](const auto&) { return std::optional<Error>(); };
            const auto made = side.run(side.stores.users.register_account(account, rule));
            const bool is_new =
                made && std::find(users_.begin(), users_.end(), made->id) == users_.end();
            if (is_new) users_.push_back(made->id);
            return Show::of(made);
        };
    }
    NewThread new_thread(model::ThreadKind kind) {
        NewThread wanted;
        wanted.id = make<model::ThreadId>();
        wanted.workspace = workspace_;
        wanted.kind = kind;
        wanted.visibility = one_in(3) ? model::Visibility::private_ : model::Visibility::public_;
        wanted.created_by = any_of(users_);
        wanted.created_at = clock_.now();
        return wanted;
    }
    Operation create_thread() {
        NewThread wanted =
            new_thread(one_in(3) ? model::ThreadKind::group : model::ThreadKind::channel);
        wanted.name = text("Channel ");
        wanted.members = some_users(4);
        return [this, wanted](Side& side) {
            const auto made = side.run(side.stores.threads.create(wanted));
            if (made) learn(threads_, made->thread.id);
            return Show::of(made);
        };
    }
    Operation make_direct() {
        NewThread wanted = new_thread(model::ThreadKind::direct);
        wanted.visibility = model::Visibility::private_;
        wanted.members = {user()};
        return [this, wanted](Side& side) {
            const auto made = side.run(side.stores.threads.find_or_make_direct(wanted));
            if (made) learn(threads_, made->view.thread.id);
            return Show::of(made);
        };
    }
    Operation make_reply() {
        const model::Message about = message();
        NewReplyThread wanted;
        wanted.id = make<model::ThreadId>();
        wanted.parent = {about.thread, about.id};
        wanted.created_by = user();
        wanted.created_at = clock_.now();
        return [this, wanted, rule = rule()](Side& side) {
            const auto made = side.run(side.stores.threads.find_or_make_reply(wanted, rule));
            if (made) learn(threads_, made->view.thread.id);
            return Show::of(made);
        };
    }
    Operation change_thread() {
        model::ChangeThread change;
        change.thread = thread();
        if (one_in(2)) change.name = text("Channel ");
        if (one_in(3)) change.topic = text("About ");
        if (one_in(4)) change.archived = one_in(2);
        const auto by = user();
        return [change, by, now = clock_.now(), rule = rule()](Side& side) {
            return Show::of(side.run(side.stores.threads.change(change, by, now, rule)));
        };
    }
    MemberChange member_change() {
        const auto role = one_in(4) ? model::ThreadRole::owner : model::ThreadRole::member;
        return {thread(), user(), user(), role, clock_.now()};
    }
    Operation set_member() {
        return [change = member_change()](Side& side) {
            return Show::of(side.run(side.stores.threads.set_member(change, allow_member())));
        };
    }
    Operation remove_member() {
        return [change = member_change()](Side& side) {
            return Show::of(side.run(side.stores.threads.remove_member(change, allow_member())));
        };
    }
    Operation join() {
        return [id = thread(), by = user(), now = clock_.now()](Side& side) {
            const auto rule = [](const auto&) { return std::optional<Error>(); };
            return Show::of(side.run(side.stores.threads.join(id, by, now, rule)));
        };
    }
    Operation set_preferences() {
        Preferences wanted{thread(), user(), static_cast<model::Level>(below(3)), std::nullopt};
        if (one_in(2)) wanted.muted_until = clock_.now() + std::chrono::hours(1);
        return [wanted, rule = own_members()](Side& side) {
            return Show::of(side.run(side.stores.threads.set_preferences(wanted, rule)));
        };
    }
    Operation hide() {
        return [id = thread(), by = user(), rule = own_members()](Side& side) {
            return Show::of(side.run(side.stores.threads.hide(id, by, rule)));
        };
    }
    Operation mark_read() {
        std::vector<ReadMark> marks(1 + below(3));
        for (auto& mark : marks) mark = {thread(), user(), below(200), one_in(3), below(2)};
        return [marks](Side& side) {
            run_task(side.loop, side.stores.threads.mark_read(marks));
            return std::string();
        };
    }
    Operation find_thread() {
        return [id = thread(), by = user()](Side& side) {
            return Show::of(side.run(side.stores.threads.find(id, by)));
        };
    }
    Operation list_threads() {
        return [by = user(), limit = limit()](Side& side) {
            return all_pages(limit, [&](const model::PageRequest& page) {
                return side.run(side.stores.threads.list(by, page));
            });
        };
    }
    Operation discover() {
        const std::string query =
            one_in(3) ? "" : text(one_in(2) ? "channel " : "NEL ").substr(0, 9);
        return [this, by = user(), limit = limit(), query](Side& side) {
            return all_pages(limit, [&](const model::PageRequest& page) {
                return side.run(side.stores.threads.discover(workspace_, by, query, page));
            });
        };
    }
    Operation list_members() {
        return [id = thread(), by = user(), limit = limit(), rule = rule()](Side& side) {
            Result<model::Page<model::Member>> refused = model::Page<model::Member>();
            const auto pages = all_pages(limit, [&](const model::PageRequest& page) {
                auto found = side.run(side.stores.threads.members(id, by, page, rule));
                if (found) return *std::move(found);
                refused = found.error();
                return model::Page<model::Member>();
            });
            return pages + (refused ? "" : Show::of(refused.error()));
        };
    }
    Operation watched() {
        const Timestamp since = clock_.now() - std::chrono::hours(below(96));
        const Watch watch{.all_max = below(8), .used_since = since, .used_max = 1 + below(8)};
        return [by = user(), watch](Side& side) {
            return Show::of(side.run(side.stores.threads.watched(by, watch)));
        };
    }
    Operation count_mentions() {
        return [id = thread(), by = user(), above = below(50)](Side& side) {
            return Show::of(side.run(side.stores.threads.count_mentions(id, by, above)));
        };
    }

    Operation send() {
        NewMessage wanted;
        const bool again = !sent_.empty() && one_in(15);
        if (again) wanted = any_of(sent_);
        wanted.id = make<model::MessageId>();
        if (!again) {
            wanted.thread = thread();
            wanted.author = user();
            wanted.nonce = make<model::Nonce>();
            wanted.content = text("text ");
            wanted.mentions = mentions();
            if (one_in(15)) wanted.reply_to = message().id;
        } else if (one_in(3)) {
            wanted.request_hash.fill(static_cast<std::uint8_t>(1 + below(3)));
        }
        wanted.may_mention_all = one_in(2);
        wanted.created_at = clock_.now();
        constexpr std::size_t sent_max = 100;
        if (sent_.size() == sent_max) sent_.erase(sent_.begin());
        sent_.push_back(wanted);
        return [this, wanted, rule = rule()](Side& side) {
            const auto sent = side.run(side.stores.messages.append(wanted, rule));
            if (sent) learn(*sent);
            return Show::of(sent);
        };
    }
    Operation edit() {
        const model::Message about = message();
        MessageEdit wanted;
        wanted.message = about.id;
        wanted.editor = user();
        wanted.content = one_in(5) ? about.content : text("other ");
        wanted.mentions = mentions();
        if (one_in(4)) wanted.if_rev = about.rev;
        wanted.edited_at = clock_.now();
        return [this, wanted](Side& side) {
            const auto changed = side.run(side.stores.messages.edit(wanted, allow_message()));
            if (changed) learn(changed->message);
            return Show::of(changed);
        };
    }
    Operation remove() {
        return [this, about = message(), by = user(), now = clock_.now()](Side& side) {
            const auto changed =
                side.run(side.stores.messages.remove(about.id, by, now, allow_message()));
            if (changed) learn(changed->message);
            return Show::of(changed);
        };
    }
    ReactionEdit reaction() {
        const std::string emoji = ":" + std::string(1, static_cast<char>('a' + below(3))) + ":";
        return {message().id, user(), emoji, !one_in(3), clock_.now()};
    }
    Operation react() {
        return [wanted = reaction()](Side& side) {
            return Show::of(side.run(side.stores.messages.react(wanted, allow_message())));
        };
    }
    Operation list_reactions() {
        return [wanted = reaction(), limit = limit()](Side& side) {
            const model::PageRequest page{std::nullopt, limit};
            auto& messages = side.stores.messages;
            return Show::of(
                side.run(messages.reactions(wanted.message, wanted.user, wanted.emoji, page))
            );
        };
    }
    Operation find_message() {
        return [id = message().id, by = user()](Side& side) {
            return Show::of(side.run(side.stores.messages.find(id, by)));
        };
    }
    HistoryPlace place() {
        const model::Seq seq = below(200);
        switch (below(5)) {
            case 0: return Before{seq};
            case 1: return After{seq};
            case 2: return Around{seq};
            case 3: return AtTime{clock_.now() - std::chrono::seconds(below(4'000))};
            default: return Newest{};
        }
    }
    Operation history() {
        HistoryRequest wanted{thread(), user(), place(), limit()};
        if (one_in(4)) wanted.bytes_max = 200 + below(4'000);
        return [wanted, rule = rule()](Side& side) {
            return Show::of(side.run(side.stores.messages.history(wanted, rule)));
        };
    }
    Operation changes() {
        const std::size_t bytes = one_in(3) ? 500 + below(8'000) : 128 * 1024;
        return [id = thread(), by = user(), since = below(300), bytes, rule = rule()](Side& side) {
            auto& messages = side.stores.messages;
            return Show::of(side.run(messages.changes(id, by, since, bytes, rule)));
        };
    }
    Operation changed_between() {
        const model::Rev after = below(200);
        return [id = thread(), after, up_to = after + below(30)](Side& side) {
            return Show::of(side.run(side.stores.messages.changed_between(id, after, up_to)));
        };
    }
    Operation refresh_summaries() {
        return [now = clock_.now(), count = 1 + below(5)](Side& side) {
            return Show::of(side.run(side.stores.messages.refresh_reply_summaries(now, count)));
        };
    }

    Operation find_users() {
        return [this, some = some_users(5)](Side& side) {
            return Show::of(side.run(side.stores.users.find_all(workspace_, some)));
        };
    }
    Operation find_caller() {
        return [this, by = user(), now = clock_.now()](Side& side) {
            return Show::of(side.run(side.stores.users.find_caller(workspace_, by, {}, now)));
        };
    }
    Operation search_users() {
        UserSearch search{.workspace = workspace_, .viewer = user()};
        if (!one_in(4)) search.query = text(one_in(2) ? "USER" : "of ").substr(0, 5);
        search.only_acquainted = one_in(2);
        search.shows_deactivated = one_in(2);
        return [search, limit = limit()](Side& side) {
            return all_pages(limit, [&](const model::PageRequest& page) {
                return side.run(side.stores.people.search(search, page));
            });
        };
    }
    Operation change_profile() {
        model::ProfileChange change;
        if (one_in(2)) change.handle = text("user");
        if (one_in(2)) change.display_name = text("Other name ");
        if (one_in(3)) change.status = model::UserStatus{":x:", text("status "), {}};
        return [wanted = ProfileChange{workspace_, user(), change}](Side& side) {
            return Show::of(side.run(side.stores.people.change_profile(wanted)));
        };
    }
    Operation change_user() {
        UserChange wanted{workspace_, user(), {}, clock_.now(), {}};
        if (one_in(2)) wanted.change.role = static_cast<model::WorkspaceRole>(below(4));
        wanted.change.deactivated = one_in(4);
        return [wanted](Side& side) {
            return Show::of(side.run(side.stores.people.change_user(wanted, allow_user())));
        };
    }
    Operation delete_account() {
        AccountDeletion wanted{workspace_, user(), one_in(2), std::nullopt, clock_.now()};
        // Some are left, however long this goes on.
        const bool enough = users_.size() > 8;
        return [wanted, enough](Side& side) {
            if (!enough) return std::string("nobody");
            return Show::of(side.run(side.stores.people.delete_account(wanted, allow_user())));
        };
    }
    Operation go_on_with_departures() {
        return [now = clock_.now()](Side& side) {
            return Show::of(side.run(side.stores.departures.go_on({2, 5, now})));
        };
    }

    const std::vector<Kind> kinds_{
        {300, "send", &Own::send},
        {60, "edit", &Own::edit},
        {25, "remove", &Own::remove},
        {80, "react", &Own::react},
        {20, "find a message", &Own::find_message},
        {20, "list reactions", &Own::list_reactions},
        {90, "history", &Own::history},
        {50, "changes", &Own::changes},
        {20, "changed between", &Own::changed_between},
        {10, "refresh summaries", &Own::refresh_summaries},
        {6, "create", &Own::create_thread},
        {10, "direct", &Own::make_direct},
        {25, "reply thread", &Own::make_reply},
        {15, "change a thread", &Own::change_thread},
        {25, "set a member", &Own::set_member},
        {15, "remove a member", &Own::remove_member},
        {30, "join", &Own::join},
        {15, "preferences", &Own::set_preferences},
        {10, "hide", &Own::hide},
        {50, "mark read", &Own::mark_read},
        {25, "find a thread", &Own::find_thread},
        {15, "list threads", &Own::list_threads},
        {10, "discover", &Own::discover},
        {10, "list members", &Own::list_members},
        {5, "watched", &Own::watched},
        {15, "count mentions", &Own::count_mentions},
        {4, "register", &Own::register_user},
        {5, "find users", &Own::find_users},
        {5, "find a caller", &Own::find_caller},
        {15, "search users", &Own::search_users},
        {10, "change a profile", &Own::change_profile},
        {6, "change a user", &Own::change_user},
        {1, "delete an account", &Own::delete_account},
        {8, "departures", &Own::go_on_with_departures},
    };
    std::uint64_t total_ = [this] {
        std::uint64_t sum = 0;
        for (const Kind& kind : kinds_) sum += kind.weight;
        return sum;
    }();
};

}  // namespace banter::storage
