#include "service/threads.hpp"

#include "model/limits.hpp"
#include "model/text.hpp"
#include "service/permissions.hpp"
#include "service/refusals.hpp"

#include <algorithm>
#include <chrono>

namespace banter::service {

namespace {

namespace limits = model::limits;

/// Longer than any name is a query that finds nothing.
constexpr std::size_t query_bytes_max = 4 * limits::name_code_points_max;

/// Whoever is in more than limits::watched_threads_max is told of activity in those used so lately,
/// and of at most so many.
constexpr std::chrono::days watched_when_used_within{30};
constexpr std::size_t watched_used_max = 10'000;

bool is_thread_name(const std::string& name) {
    return model::is_storable_text(name) && model::is_name(name);
}

Error bad_name() { return bad_request("name: 1 to 80 characters, no control characters"); }

Error too_many_members(std::size_t most) {
    return {Errc::too_large, "memberIds: at most " + std::to_string(most)};
}

std::optional<Error> mistake_in(const CreateThread& request, model::UserId caller) {
    const auto& members = request.members;
    if (std::find(members.begin(), members.end(), caller) != members.end())
        return bad_request("memberIds: without yourself");
    if (request.parent) return bad_request("parent: only replies have one");
    switch (request.kind) {
        case model::ThreadKind::channel:
            if (!is_thread_name(request.name)) return bad_name();
            break;
        case model::ThreadKind::direct:
            if (!request.name.empty()) return bad_request("name: a direct thread has none");
            if (members.size() > limits::direct_others_max)
                return too_many_members(limits::direct_others_max);
            break;
        case model::ThreadKind::group:
            if (!request.name.empty() && !is_thread_name(request.name)) return bad_name();
            if (members.empty()) return bad_request("memberIds: a group has at least one other");
            break;
        case model::ThreadKind::reply: return bad_request("parent: replies need one");
    }
    if (members.size() > limits::member_ids_max) return too_many_members(limits::member_ids_max);
    return std::nullopt;
}

std::optional<Error> mistake_in(const model::ChangeThread& request) {
    if (request.name && !is_thread_name(*request.name)) return bad_name();
    if (request.topic && !model::is_topic(*request.topic))
        return bad_request("topic: at most 500 characters, no control characters");
    return std::nullopt;
}

storage::ThreadRule rule_of(
    std::optional<Error> (*permission)(const Caller&, const model::ThreadView&),
    const Caller& caller
) {
    return [permission, caller](const model::ThreadView& view) { return permission(caller, view); };
}

}  // namespace

Threads::Threads(
    storage::Storage& storage,
    ReadMarks& read_marks,
    const Clock& clock,
    model::IdMaker& ids
)
    : storage_(storage), read_marks_(read_marks), clock_(clock), ids_(ids) {}

Task<Result<storage::FoundOrMade>> Threads::create(Caller caller, CreateThread request) {
    if (request.kind == model::ThreadKind::reply && request.parent) {
        if (!request.name.empty() || !request.members.empty())
            co_return bad_request("parent: replies have neither name nor memberIds");
        co_return co_await create_reply(caller, *request.parent);
    }
    if (auto refused = permissions::may_create_thread(caller)) co_return *std::move(refused);
    if (auto mistake = mistake_in(request, caller.user)) co_return *std::move(mistake);
    storage::NewThread thread{
        .id = ids_.make<model::ThreadId>(),
        .workspace = caller.workspace,
        .kind = request.kind,
        .visibility = request.visibility,
        .name = std::move(request.name),
        .created_by = caller.user,
        .members = std::move(request.members),
        .created_at = clock_.now(),
    };
    if (request.kind != model::ThreadKind::channel) thread.visibility = model::Visibility::private_;
    if (request.kind == model::ThreadKind::direct)
        co_return co_await storage_.threads.find_or_make_direct(std::move(thread));
    auto made = co_await storage_.threads.create(std::move(thread));
    if (!made) co_return std::move(made).error();
    co_return storage::FoundOrMade{*std::move(made), true};
}

Task<Result<storage::FoundOrMade>> Threads::create_reply(
    Caller caller,
    model::ParentMessage parent
) {
    storage::NewReplyThread thread{
        .id = ids_.make<model::ThreadId>(),
        .parent = parent,
        .created_by = caller.user,
        .created_at = clock_.now(),
    };
    auto rule = rule_of(permissions::may_write, caller);
    co_return co_await storage_.threads.find_or_make_reply(thread, std::move(rule));
}

Task<Result<model::ThreadView>> Threads::find(Caller caller, model::ThreadId thread) {
    co_await read_marks_.settle(caller.user);
    auto view = co_await storage_.threads.find(thread, caller.user);
    if (!view) co_return no_such_thread();
    if (auto refused = permissions::may_read(caller, *view)) co_return *std::move(refused);
    co_return *std::move(view);
}

Task<Result<model::Page<model::ThreadView>>> Threads::list(Caller caller, model::PageRequest page) {
    co_await read_marks_.settle(caller.user);
    co_return co_await storage_.threads.list(caller.user, std::move(page));
}

Task<Result<model::Page<model::ThreadView>>> Threads::discover(
    Caller caller,
    std::string query,
    model::PageRequest page
) {
    if (!model::is_storable_text(query)) co_return bad_request("q: no valid text");
    // Guests see only threads that list them, and those they have already.
    const bool finds_nothing =
        caller.role == model::WorkspaceRole::guest || query.size() > query_bytes_max;
    if (finds_nothing) co_return model::Page<model::ThreadView>{};
    co_await read_marks_.settle(caller.user);
    co_return co_await storage_.threads.discover(
        caller.workspace, caller.user, std::move(query), std::move(page)
    );
}

Task<Result<model::ThreadView>> Threads::change(Caller caller, model::ChangeThread request) {
    if (auto mistake = mistake_in(request)) co_return *std::move(mistake);
    storage::ThreadRule rule = [caller, request](const model::ThreadView& view) {
        return permissions::may_change(caller, view, request);
    };
    co_return co_await storage_.threads.change(
        std::move(request), caller.user, clock_.now(), std::move(rule)
    );
}

Task<Result<model::ThreadView>> Threads::join(Caller caller, model::ThreadId thread) {
    auto known = co_await find(caller, thread);
    if (!known || known->membership) co_return known;
    auto rule = rule_of(permissions::may_join, caller);
    co_return co_await storage_.threads.join(thread, caller.user, clock_.now(), std::move(rule));
}

Task<std::optional<Error>> Threads::leave(Caller caller, model::ThreadId thread) {
    const auto known = co_await find(caller, thread);
    if (!known) co_return known.error();
    if (known->thread.kind != model::ThreadKind::direct)
        co_return co_await remove_member(caller, thread, caller.user);
    auto rule = rule_of(permissions::may_set_preferences, caller);
    const auto hidden = co_await storage_.threads.hide(thread, caller.user, std::move(rule));
    if (!hidden) co_return hidden.error();
    co_return std::nullopt;
}

Task<Result<model::Page<model::Member>>> Threads::members(
    Caller caller,
    model::ThreadId thread,
    model::PageRequest page
) {
    auto rule = rule_of(permissions::may_read, caller);
    co_return co_await storage_.threads.members(
        thread, caller.user, std::move(page), std::move(rule)
    );
}

Task<Result<model::Member>> Threads::set_member(
    Caller caller,
    model::ThreadId thread,
    model::UserId member,
    model::ThreadRole role
) {
    const storage::MemberChange change{thread, caller.user, member, role, clock_.now()};
    storage::MemberRule rule =
        [caller, role](const model::ThreadView& view, std::optional<model::ThreadRole> current) {
            return permissions::may_set_member(caller, view, current, role);
        };
    co_return co_await storage_.threads.set_member(change, std::move(rule));
}

Task<std::optional<Error>> Threads::remove_member(
    Caller caller,
    model::ThreadId thread,
    model::UserId member
) {
    const storage::MemberChange change{thread, caller.user, member, {}, clock_.now()};
    storage::MemberRule rule =
        [caller, member](const model::ThreadView& view, std::optional<model::ThreadRole>) {
            return permissions::may_remove_member(caller, view, member);
        };
    const auto left = co_await storage_.threads.remove_member(change, std::move(rule));
    if (!left) co_return left.error();
    co_return std::nullopt;
}

Task<Result<model::ThreadView>> Threads::set_preferences(Caller caller, SetPreferences request) {
    co_await read_marks_.settle(caller.user);
    const storage::Preferences preferences{
        request.thread, caller.user, request.level, request.muted_until};
    auto rule = rule_of(permissions::may_set_preferences, caller);
    co_return co_await storage_.threads.set_preferences(preferences, std::move(rule));
}

Task<std::vector<model::ThreadId>> Threads::watched(Caller caller) {
    const storage::Watch watch{
        .all_max = limits::watched_threads_max,
        .used_since = clock_.now() - watched_when_used_within,
        .used_max = watched_used_max,
    };
    return storage_.threads.watched(caller.user, watch);
}

}  // namespace banter::service
