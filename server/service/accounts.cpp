#include "service/accounts.hpp"

#include "model/limits.hpp"
#include "model/text.hpp"
#include "service/account_permissions.hpp"
#include "service/passwords.hpp"
#include "service/refusals.hpp"

namespace banter::service {

namespace limits = model::limits;

Accounts::Accounts(
    SignIns& sign_ins,
    storage::Storage& storage,
    Offload& offload,
    const Clock& clock
)
    : sign_ins_(sign_ins), storage_(storage), offload_(offload), clock_(clock) {}

Task<Result<Granted>> Accounts::log_in(Login login) {
    auto proven = co_await prove(login);
    if (!proven) co_return std::move(proven).error();
    auto known = co_await storage_.users.find_caller(
        proven->workspace, proven->user, std::nullopt, clock_.now()
    );
    if (!known || !model::may_sign_in(known->user)) co_return bad_credentials();
    co_return co_await sign_ins_.begin(
        std::move(known->user), std::move(login.device), std::move(proven->password_hash)
    );
}

Task<Result<storage::Credentials>> Accounts::prove(Login login) {
    if (const auto wait = co_await attempt(login)) co_return rate_limited(*wait);

    // Whatever is wrong, one password is verified: who measures the time learns nothing.
    std::optional<storage::Credentials> found;
    if (model::is_handle(login.handle))
        found = co_await storage_.users.find_credentials(login.handle);
    if (login.password.size() > limits::password_bytes_max) login.password.clear();
    std::string hash = nobodys_hash();
    if (found && !found->password_hash.empty()) hash = found->password_hash;
    auto verify = [hash, password = std::move(login.password)] {
        return password_matches(hash, password);
    };
    const bool matches = co_await offload_.run(std::move(verify));
    if (!matches || !found || found->password_hash.empty()) co_return bad_credentials();
    co_return *std::move(found);
}

Task<std::optional<std::chrono::milliseconds>> Accounts::attempt(Login login) {
    const auto rate = storage::per_minute(limits::logins_per_minute);
    std::string by_address = "login:address:" + login.device.address;
    const auto address = co_await storage_.rates.take(std::move(by_address), rate);
    if (address || !model::is_handle(login.handle)) co_return address;
    const auto of_handle = storage::per_minute(limits::handle_logins_per_minute);
    co_return co_await storage_.rates.take("login:handle:" + login.handle, of_handle);
}

Task<Result<Granted>> Accounts::change_password(
    Caller caller,
    PasswordChange change,
    Device device
) {
    if (auto refused = permissions::may_manage_credentials(caller)) co_return *std::move(refused);
    if (!is_password(change.new_password)) co_return no_password("new");
    auto known = co_await storage_.users.find_caller(
        caller.workspace, caller.user, caller.sign_in, clock_.now()
    );
    if (!known) co_return bad_credentials();
    const Login login{known->user.handle, std::move(change.old_password), device};
    auto proven = co_await prove(login);
    if (!proven) co_return std::move(proven).error();
    if (proven->user != caller.user) co_return bad_credentials();  // took the handle meanwhile

    auto hash = [password = std::move(change.new_password)] { return hash_password(password); };
    storage::PasswordChange replacement{
        .user = caller.user,
        .old_hash = std::move(proven->password_hash),
        .keep = caller.sign_in,
        .now = clock_.now(),
    };
    replacement.new_hash = co_await offload_.run(std::move(hash));
    std::string new_hash = replacement.new_hash;
    const bool changed = co_await storage_.users.change_password(std::move(replacement));
    if (!changed) {
        co_return bad_credentials();  // another change came first
    }
    if (caller.sign_in) co_return sign_ins_.renewed(std::move(known->user), *caller.sign_in);
    co_return co_await sign_ins_.begin(
        std::move(known->user), std::move(device), std::move(new_hash)
    );
}

Task<Result<std::optional<std::string>>> Accounts::prove_owner(
    Caller caller,
    std::optional<std::string> password,
    Device device
) {
    auto known = co_await storage_.users.find_caller(
        caller.workspace, caller.user, caller.sign_in, clock_.now()
    );
    if (!known) co_return no_such_user();
    const auto found = co_await storage_.users.find_credentials(known->user.handle);
    if (!found) co_return std::optional<std::string>();
    if (!password) co_return bad_request("password: it is missing");
    Login login{known->user.handle, std::move(*password), std::move(device)};
    auto proven = co_await prove(std::move(login));
    if (!proven) co_return std::move(proven).error();
    if (proven->user != caller.user) co_return bad_credentials();  // took the handle meanwhile
    co_return std::optional(std::move(proven->password_hash));
}

Task<std::optional<Error>> Accounts::delete_account(
    Caller caller,
    DeleteAccount request,
    Device device
) {
    if (auto refused = permissions::may_manage_credentials(caller)) co_return refused;
    auto proven = co_await prove_owner(caller, std::move(request.password), std::move(device));
    if (!proven) co_return std::move(proven).error();
    storage::AccountDeletion deletion{
        .workspace = caller.workspace,
        .user = caller.user,
        .erase = request.erase,
        .password_hash = *std::move(proven),
        .now = clock_.now(),
    };
    storage::UserRule rule = permissions::may_delete_account;
    auto gone = co_await storage_.people.delete_account(std::move(deletion), std::move(rule));
    if (!gone) co_return std::move(gone).error();
    co_return std::nullopt;
}

}  // namespace banter::service
