#include "service/invites.hpp"

#include "base/encoding.hpp"
#include "model/limits.hpp"
#include "service/account_permissions.hpp"
#include "service/permissions.hpp"
#include "service/refusals.hpp"
#include "service/sha256.hpp"

namespace banter::service {

namespace {

namespace limits = model::limits;

/// Nobody guesses 128 bits, and the link stays short.
constexpr std::size_t code_bytes = 16;

std::optional<Error> mistake_in(const CreateInvite& request, Timestamp now) {
    if (request.uses_max == 0) return bad_request("maxUses: at least 1");
    if (request.expires_at && *request.expires_at <= now) {
        return bad_request("expiresAt: it is over");
    }
    if (request.threads.size() > limits::invite_threads_max) {
        const auto most = std::to_string(limits::invite_threads_max);
        return Error{Errc::too_large, "threadIds: at most " + most};
    }
    return std::nullopt;
}

}  // namespace

Task<Result<MadeInvite>> Invites::create(Caller caller, CreateInvite request) {
    if (auto refused = permissions::may_invite(caller, request.role)) co_return *std::move(refused);
    const Timestamp now = clock_.now();
    if (auto mistake = mistake_in(request, now)) co_return *std::move(mistake);
    std::string code = base64url(random_.bytes<code_bytes>());
    storage::NewInvite made{.workspace = caller.workspace};
    made.code = Sha256().bytes(std::string_view(code)).finish();
    made.by = storage::ActingUser{caller.user, caller.role};
    made.invite.id = ids_.make<model::InviteId>();
    made.invite.role = request.role;
    made.invite.uses_max = request.uses_max;
    made.invite.threads = std::move(request.threads);
    made.invite.created_by = caller.user;
    made.invite.created_at = now;
    made.invite.expires_at = request.expires_at;
    storage::ThreadRule rule = [caller](const model::ThreadView& view) {
        return permissions::may_invite_to(caller, view);
    };
    auto stored = co_await storage_.invites.create(std::move(made), std::move(rule));
    if (!stored) co_return std::move(stored).error();
    co_return MadeInvite{*std::move(stored), std::move(code)};
}

Task<Result<model::Page<model::Invite>>> Invites::list(Caller caller, model::PageRequest page) {
    if (auto refused = permissions::may_manage_invites(caller)) co_return *std::move(refused);
    const storage::InviteViewer viewer{caller.workspace, caller.user, clock_.now()};
    storage::ThreadRule rule = [caller](const model::ThreadView& view) {
        return permissions::may_read(caller, view);
    };
    co_return co_await storage_.invites.list(viewer, std::move(rule), std::move(page));
}

Task<std::optional<Error>> Invites::end(Caller caller, model::InviteId invite) {
    if (auto refused = permissions::may_manage_invites(caller)) co_return refused;
    const bool ended = co_await storage_.invites.end(caller.workspace, invite);
    if (ended) co_return std::nullopt;
    co_return Error{Errc::not_found, "there is no such invitation"};
}

}  // namespace banter::service
