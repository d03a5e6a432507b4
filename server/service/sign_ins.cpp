#include "service/sign_ins.hpp"

#include "base/encoding.hpp"
#include "model/limits.hpp"
#include "model/text.hpp"
#include "service/refusals.hpp"
#include "service/sha256.hpp"

namespace banter::service {

namespace {

namespace limits = model::limits;

constexpr std::size_t secret_bytes = 32;
/// Base64url of a secret.
constexpr std::size_t secret_text_size = 43;

storage::SecretHash hash_of(std::string_view secret) { return Sha256().bytes(secret).finish(); }

/// As much as is kept; nothing of what can't be kept as text.
std::string kept(std::string text, std::size_t bytes_max) {
    if (!model::is_storable_text(text)) return {};
    model::cut(text, bytes_max);
    return text;
}

}  // namespace

SignIns::SignIns(
    const LocalIssuer& issuer,
    storage::Storage& storage,
    const Clock& clock,
    Random& random,
    model::IdMaker& ids
)
    : issuer_(issuer),
      storage_(storage),
      clock_(clock),
      random_(random),
      ids_(ids),
      refresh_key_(issuer.derive_key("refresh secrets")) {}

Task<Result<Granted>> SignIns::begin(
    model::User user,
    Device device,
    std::optional<std::string> password_hash
) {
    const Timestamp now = clock_.now();
    std::string secret = base64url(random_.bytes<secret_bytes>());
    storage::NewSignIn sign_in{
        .id = ids_.make<model::SignInId>(),
        .user = user.id,
        .secret = hash_of(secret),
        .password_hash = std::move(password_hash),
        .user_agent = kept(std::move(device.user_agent), limits::user_agent_bytes_max),
        .address = kept(std::move(device.address), limits::address_bytes_max),
        .created_at = now,
        .expires_at = now + limits::sign_in_lifetime,
    };
    const model::SignInId id = sign_in.id;
    const bool created = co_await storage_.sign_ins.create(std::move(sign_in));
    if (!created) co_return bad_credentials();
    co_return granted(std::move(user), id, std::move(secret));
}

Granted SignIns::renewed(model::User user, model::SignInId sign_in) const {
    return granted(std::move(user), sign_in, {});
}

Granted SignIns::granted(model::User user, model::SignInId sign_in, std::string refresh_secret)
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

Task<Result<Granted>> SignIns::refresh(std::string refresh_secret) {
    const Error refused = unauthenticated("sign in again");
    if (refresh_secret.size() != secret_text_size) co_return refused;
    // What is no secret costs no write, and a holder's own not too many.
    const auto holder = co_await storage_.sign_ins.find_by_secret(hash_of(refresh_secret));
    if (!holder) co_return refused;
    const auto rate = storage::per_minute(limits::refreshes_per_minute);
    const auto wait = co_await storage_.rates.take("refresh:" + holder->id.text(), rate);
    if (wait) co_return rate_limited(*wait);
    const Timestamp now = clock_.now();
    std::string replacement = base64url(mac(refresh_key_, refresh_secret));
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
    if (!known || !known->signed_in || !model::may_sign_in(known->user)) co_return refused;
    if (!rotated->replaced) replacement.clear();
    co_return granted(std::move(known->user), sign_in.id, std::move(replacement));
}

Task<> SignIns::log_out(std::string refresh_secret) {
    if (refresh_secret.size() != secret_text_size) co_return;
    const storage::SecretHash secret = hash_of(refresh_secret);
    const auto holder = co_await storage_.sign_ins.find_by_secret(secret);
    if (!holder) co_return;
    co_await storage_.sign_ins.end_by_secret(secret, clock_.now());
}

Task<Result<model::Page<model::SignIn>>> SignIns::list(Caller caller, model::PageRequest page) {
    co_return co_await storage_.sign_ins.list(caller.user, clock_.now(), std::move(page));
}

Task<std::optional<Error>> SignIns::end(Caller caller, model::SignInId sign_in) {
    const bool ended = co_await storage_.sign_ins.end(caller.user, sign_in, clock_.now());
    if (ended) co_return std::nullopt;
    co_return Error{Errc::not_found, "there is no such session"};
}

}  // namespace banter::service
