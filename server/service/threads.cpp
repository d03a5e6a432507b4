#include "service/threads.hpp"

#include "model/limits.hpp"
#include "model/text.hpp"
#include "service/permissions.hpp"
#include "service/refusals.hpp"

namespace banter::service {

namespace {

/// Longer than any name is a query that finds nothing.
constexpr std::size_t query_bytes_max = 4 * model::limits::name_code_points_max;

std::optional<Error> mistake_in(const CreateThread& request) {
    if (request.kind != model::ThreadKind::channel)
        return bad_request("kind: only channels are made this way");
    if (!model::is_storable_text(request.name) || !model::is_name(request.name)) {
        return bad_request("name: 1 to 80 characters, no control characters");
    }
    return std::nullopt;
}

}  // namespace

Threads::Threads(
    storage::Storage& storage,
    ReadMarks& read_marks,
    const Clock& clock,
    model::IdMaker& ids
)
    : storage_(storage), read_marks_(read_marks), clock_(clock), ids_(ids) {}

Task<Result<model::ThreadView>> Threads::create(Caller caller, CreateThread request) {
    if (auto refused = permissions::may_create_thread(caller)) co_return *std::move(refused);
    if (auto mistake = mistake_in(request)) co_return *std::move(mistake);
    storage::NewThread thread{
        .id = ids_.make<model::ThreadId>(),
        .workspace = caller.workspace,
        .kind = request.kind,
        .visibility = request.visibility,
        .name = std::move(request.name),
        .created_by = caller.user,
        .created_at = clock_.now(),
    };
    co_return co_await storage_.threads.create(std::move(thread));
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

Task<Result<model::ThreadView>> Threads::join(Caller caller, model::ThreadId thread) {
    auto known = co_await find(caller, thread);
    if (!known || known->membership) co_return known;
    storage::ThreadRule rule = [caller](const model::ThreadView& view) {
        return permissions::may_join(caller, view);
    };
    co_return co_await storage_.threads.join(thread, caller.user, clock_.now(), std::move(rule));
}

}  // namespace banter::service
