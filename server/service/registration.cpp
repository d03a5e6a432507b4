#include "service/registration.hpp"

#include "model/limits.hpp"
#include "model/text.hpp"
#include "service/passwords.hpp"
#include "service/refusals.hpp"
#include "service/sha256.hpp"

#include <sodium/utils.h>

namespace banter::service {

namespace {

namespace limits = model::limits;

bool is_name(const std::string& text) {
    return model::is_storable_text(text) && model::is_name(text);
}

std::optional<Error> mistake_in(const RegisterAccount& account) {
    if (!model::is_handle(account.handle)) {
        return bad_request("handle: 2 to 32 of a to z, 0 to 9, dot, underscore and hyphen");
    }
    if (!is_name(account.display_name)) {
        return bad_request("displayName: 1 to 80 characters, no control characters");
    }
    if (!is_password(account.password)) return no_password("password");
    return std::nullopt;
}

storage::SecretHash hash_of(std::string_view code) { return Sha256().bytes(code).finish(); }

}  // namespace

Registration::Registration(
    RegistrationRules rules,
    SignIns& sign_ins,
    storage::Storage& storage,
    const storage::Installation& installation,
    Offload& offload,
    const Clock& clock,
    model::IdMaker& ids
)
    : rules_(std::move(rules)),
      sign_ins_(sign_ins),
      storage_(storage),
      installation_(installation),
      offload_(offload),
      clock_(clock),
      ids_(ids) {}

permissions::RegistrationPolicy Registration::policy() const {
    return {
        .sign_up_default = rules_.loopback_only ? model::SignUp::open : model::SignUp::invite,
        .sign_up = rules_.sign_up,
        .first_is_owner = rules_.loopback_only,
    };
}

Task<Result<Granted>> Registration::register_account(RegisterAccount account, Device device) {
    if (auto mistake = mistake_in(account)) co_return *std::move(mistake);
    const auto rate = storage::per_minute(limits::registrations_per_minute);
    std::string by_address = "register:address:" + device.address;
    const auto wait = co_await storage_.rates.take(std::move(by_address), rate);
    if (wait) co_return rate_limited(*wait);
    auto policy = this->policy();
    policy.brings_invite = account.invite.has_value();
    if (auto refused = co_await closed(policy)) co_return *std::move(refused);
    co_return co_await make(std::move(account), std::nullopt, policy, std::move(device));
}

/// Asked before the password is hashed, which is work; the transaction asks again.
Task<std::optional<Error>> Registration::closed(permissions::RegistrationPolicy policy) {
    const auto workspace = co_await storage_.users.find_workspace(installation_.workspace.id);
    model::RegistrationState state;
    state.has_owner = co_await storage_.users.has_owner(installation_.workspace.id);
    if (workspace) state.sign_up = workspace->sign_up;
    state.invited = policy.brings_invite;
    co_return permissions::may_register(policy, state);
}

Task<Result<Granted>> Registration::set_up(SetUpServer request, Device device) {
    if (auto mistake = mistake_in(request.owner)) co_return *std::move(mistake);
    if (!is_name(request.name)) {
        co_return bad_request("name: 1 to 80 characters, no control characters");
    }
    auto policy = this->policy();
    policy.sets_up = true;
    // Everybody may know whether there is an owner; only guesses at the code are counted.
    if (auto refused = co_await closed(policy)) co_return *std::move(refused);
    if (auto refused = co_await attempt_set_up(device)) co_return *std::move(refused);
    if (!is_setup_code(request.code)) {
        co_return Error{Errc::forbidden, "code: it is not the one that the server has printed"};
    }
    storage::SetUpChoices chosen{std::move(request.name), request.sign_up};
    co_return co_await make(std::move(request.owner), std::move(chosen), policy, std::move(device));
}

Task<std::optional<Error>> Registration::attempt_set_up(Device device) {
    const auto rate = storage::per_minute(limits::set_ups_per_minute);
    std::string by_address = "setup:address:" + device.address;
    const auto wait = co_await storage_.rates.take(std::move(by_address), rate);
    if (wait) co_return rate_limited(*wait);
    co_return std::nullopt;
}

bool Registration::is_setup_code(const std::string& code) const {
    if (rules_.setup_code.empty()) return rules_.loopback_only;
    // Of hashes, so that not even the length shows in the time that it takes.
    const auto given = hash_of(code);
    const auto right = hash_of(rules_.setup_code);
    return sodium_memcmp(given.data(), right.data(), given.size()) == 0;
}

Task<Result<Granted>> Registration::make(
    RegisterAccount account,
    std::optional<storage::SetUpChoices> set_up,
    permissions::RegistrationPolicy policy,
    Device device
) {
    auto hash = [password = std::move(account.password)] { return hash_password(password); };
    storage::NewAccount made{
        .id = ids_.make<model::UserId>(),
        .workspace = installation_.workspace.id,
        .handle = std::move(account.handle),
        .display_name = std::move(account.display_name),
        .set_up = std::move(set_up),
        .created_at = clock_.now(),
    };
    if (account.invite) made.invite = hash_of(*account.invite);
    made.password_hash = co_await offload_.run(std::move(hash));
    storage::RegistrationRule rule = [policy](const model::RegistrationState& state) {
        return permissions::may_register(policy, state);
    };
    auto user = co_await storage_.users.register_account(std::move(made), std::move(rule));
    if (!user) co_return std::move(user).error();
    co_return co_await sign_ins_.begin(*std::move(user), std::move(device));
}

Task<WayIn> Registration::way_in() {
    const auto workspace = co_await storage_.users.find_workspace(installation_.workspace.id);
    const bool owned = co_await storage_.users.has_owner(installation_.workspace.id);
    WayIn way;
    if (workspace) way.workspace_name = workspace->name;
    const auto chosen = workspace ? workspace->sign_up : std::nullopt;
    way.sign_up = permissions::effective_sign_up(policy(), chosen);
    way.setup = !owned;
    co_return way;
}

}  // namespace banter::service
