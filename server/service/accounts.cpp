#include "service/accounts.hpp"

#include "base/encoding.hpp"
#include "model/limits.hpp"
#include "model/text.hpp"
#include "service/passwords.hpp"
#include "service/refusals.hpp"
#include "service/sha256.hpp"

namespace banter::service {

namespace {

namespace limits = model::limits;

constexpr std::size_t secret_bytes = 32;
/// Base64url of a secret.
constexpr std::size_t secret_text_size = 43;

storage::Rate per_minute(std::uint32_t count) {
    return {.per_second = count / 60.0, .burst = static_cast<double>(count)};
}

std::optional<Error> mistake_in(const Registration& registration) {
    if (!model::is_handle(registration.handle)) {
        return bad_request("handle: 2 to 32 of a to z, 0 to 9, dot, underscore and hyphen");
    }
    if (!model::is_storable_text(registration.display_name) ||
        !model::is_name(registration.display_name)) {
        return bad_request("displayName: 1 to 80 characters, no control characters");
    }
    const std::size_t size = registration.password.size();
    if (size < limits::password_bytes_min || size > limits::password_bytes_max ||
        !model::is_storable_text(registration.password)) {
        return bad_request("password: 8 to 1,024 bytes of text");
    }
    return std::nullopt;
}

storage::SecretHash hash_of(std::string_view secret) { return Sha256().bytes(secret).finish(); }

Error bad_credentials() { return {Errc::bad_credentials, "the handle or the password is wrong"}; }

}  // namespace

Accounts::Accounts(
    AccountRules rules,
    const LocalIssuer& issuer,
    storage::Storage& storage,
    const storage::Installation& installation,
    Offload& offload,
    const Clock& clock,
    Random& random,
    model::IdMaker& ids
)
    : rules_(rules),
      issuer_(issuer),
      storage_(storage),
      installation_(installation),
      offload_(offload),
      clock_(clock),
      random_(random),
      ids_(ids) {}

Task<Result<Granted>> Accounts::register_account(Registration registration, std::string address) {
    if (auto mistake = mistake_in(registration)) co_return *std::move(mistake);
    if (auto refused = co_await closed()) co_return *std::move(refused);
    const auto rate = per_minute(limits::registrations_per_minute);
    const auto wait = co_await storage_.rates.take("register:address:" + address, rate);
    if (wait) co_return rate_limited(*wait);

    auto hash = [password = std::move(registration.password)] { return hash_password(password); };
    storage::NewAccount account{
        .id = ids_.make<model::UserId>(),
        .workspace = installation_.workspace.id,
        .handle = std::move(registration.handle),
        .display_name = std::move(registration.display_name),
        .created_at = clock_.now(),
    };
    account.password_hash = co_await offload_.run(std::move(hash));
    auto user = co_await storage_.users.register_account(std::move(account));
    if (!user) co_return std::move(user).error();
    co_return co_await grant(*std::move(user));
}

Task<std::optional<Error>> Accounts::closed() {
    const bool owned = co_await storage_.users.has_owner(installation_.workspace.id);
    if (!owned && !rules_.loopback_only) {
        co_return Error{Errc::setup_needed, "the server has no owner yet"};
    }
    if (owned && rules_.sign_up != SignUp::open) {
        co_return Error{Errc::forbidden, "this server is not open for registration"};
    }
    co_return std::nullopt;
}

Task<bool> Accounts::needs_setup() {
    if (rules_.loopback_only) co_return false;
    co_return !co_await storage_.users.has_owner(installation_.workspace.id);
}

Task<Result<Granted>> Accounts::log_in(Login login) {
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

    auto known = co_await storage_.users.find_caller(
        found->workspace, found->user, std::nullopt, clock_.now()
    );
    if (!known || known->user.deleted_at) co_return bad_credentials();
    co_return co_await grant(std::move(known->user));
}

Task<std::optional<std::chrono::milliseconds>> Accounts::attempt(Login login) {
    const auto rate = per_minute(limits::logins_per_minute);
    const auto address = co_await storage_.rates.take("login:address:" + login.address, rate);
    if (address || !model::is_handle(login.handle)) co_return address;
    co_return co_await storage_.rates.take("login:handle:" + login.handle, rate);
}

Task<Result<Granted>> Accounts::grant(model::User user) {
    const Timestamp now = clock_.now();
    std::string secret = base64url(random_.bytes<secret_bytes>());
    storage::NewSignIn sign_in{
        .id = ids_.make<model::SignInId>(),
        .user = user.id,
        .secret = hash_of(secret),
        .created_at = now,
        .expires_at = now + limits::sign_in_lifetime,
    };
    co_await storage_.sign_ins.create(sign_in);
    co_return granted(std::move(user), sign_in.id, std::move(secret));
}

Granted Accounts::granted(model::User user, model::SignInId sign_in, std::string refresh_secret)
    const {
    const Timestamp now = clock_.now();
    const TokenRequest request{
        .subject = user.id.text(),
        .sign_in = sign_in,
        .issued_at = now,
        .expires_at = now + limits::token_lifetime,
    };
    return {
        .user = std::move(user),
        .token = issuer_.sign(request),
        // What the token says: it knows only seconds.
        .token_expires_at = std::chrono::floor<std::chrono::seconds>(request.expires_at),
        .refresh_secret = std::move(refresh_secret),
        .refresh_expires_at = now + limits::sign_in_lifetime,
    };
}

Task<Result<Granted>> Accounts::refresh(std::string refresh_secret) {
    const Error refused = unauthenticated("sign in again");
    if (refresh_secret.size() != secret_text_size) co_return refused;
    const Timestamp now = clock_.now();
    std::string replacement = base64url(random_.bytes<secret_bytes>());
    const storage::Rotation rotation{
        .presented = hash_of(refresh_secret),
        .replacement = hash_of(replacement),
        .now = now,
        .expires_at = now + limits::sign_in_lifetime,
    };
    const auto rotated = co_await storage_.sign_ins.rotate(rotation);
    if (!rotated) co_return refused;

    const storage::SignIn& sign_in = rotated->sign_in;
    auto known =
        co_await storage_.users.find_caller(sign_in.workspace, sign_in.user, sign_in.id, now);
    if (!known || !known->signed_in || known->user.deleted_at) co_return refused;
    if (!rotated->replaced) replacement.clear();
    co_return granted(std::move(known->user), sign_in.id, std::move(replacement));
}

Task<> Accounts::log_out(std::string refresh_secret) {
    if (refresh_secret.size() != secret_text_size) co_return;
    co_await storage_.sign_ins.end_by_secret(hash_of(refresh_secret), clock_.now());
}

}  // namespace banter::service
