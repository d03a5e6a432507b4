#include "app/clerk_part.hpp"

#include "app/option_values.hpp"
#include "app/read_file.hpp"
#include "service/rs256.hpp"

#include <boost/asio/redirect_error.hpp>

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace banter::app {

namespace {

/// clerk.com/docs/backend-requests/manual-jwt: below the issuer.
constexpr std::string_view key_set_path = "/.well-known/jwks.json";
constexpr std::chrono::seconds look_every{30};
constexpr std::chrono::seconds answered_within{5};

/// PEM says no name, and a token's `kid` no more than which of the keys it may be.
class AnyOf final : public service::VerificationKey {
public:
    explicit AnyOf(std::vector<std::shared_ptr<const service::Rs256PublicKey>> keys)
        : keys_(std::move(keys)) {
        service::Sha256 of_all;
        for (const auto& key : keys_) of_all.bytes(key->fingerprint());
        fingerprint_ = of_all.finish();
    }

    [[nodiscard]] std::string_view algorithm() const override { return "RS256"; }
    [[nodiscard]] const service::Digest& fingerprint() const override { return fingerprint_; }
    [[nodiscard]] bool verifies(std::string_view signed_text, std::string_view signature)
        const override {
        for (const auto& key : keys_) {
            if (key->verifies(signed_text, signature)) return true;
        }
        return false;
    }

private:
    std::vector<std::shared_ptr<const service::Rs256PublicKey>> keys_;
    service::Digest fingerprint_;
};

}  // namespace

ClerkPart::ClerkPart(const Config& config, net::Shards& shards, const Clock& clock)
    : name_(config.clerk_issuer),
      rules_{
          .needs_sign_in = true,
          .authorized_parties = config.clerk_authorized_parties,
          .needs_organization = config.clerk_personal == "refuse",
      },
      url_(config.clerk_issuer + std::string(key_set_path)),
      timer_(shards[0].executor()),
      tasks_(shards[0].executor()) {
    if (name_.empty()) {
        if (!config.clerk_jwt_key_file.empty() || !config.clerk_authorized_parties.empty() ||
            !config.clerk_webhook_secret_file.empty() || !config.clerk_publishable_key.empty() ||
            !config.clerk_secret_key_file.empty() || rules_.needs_organization) {
            throw std::runtime_error("the flags for Clerk need --clerk-issuer beside them");
        }
        return;
    }
    const std::string& key = config.clerk_publishable_key;
    if (!key.empty() && frontend_api_of(key) != name_) {
        throw std::runtime_error(fmt::format(
            "clerk-publishable-key is of {}, and clerk-issuer is another instance",
            frontend_api_of(key)
        ));
    }
    hook_rules_.issuer = name_;
    hook_rules_.personal = !rules_.needs_organization;
    if (!config.clerk_webhook_secret_file.empty()) read_hook_secrets(config);
    if (!config.clerk_jwt_key_file.empty()) {
        read_keys(config);
    } else {
        ask_for_keys(shards, clock);
    }
}

void ClerkPart::ask_for_keys(net::Shards& shards, const Clock& clock) {
    client_ = std::make_unique<net::http::Client>(shards[0].executor(), shards[0].limits());
    auto fetch_keys = [this] { return fetch(); };
    keys_ = std::make_unique<service::IssuerKeys>(shards.loops(), clock, name_, fetch_keys);
}

ClerkPart::~ClerkPart() = default;

void ClerkPart::read_keys(const Config& config) {
    const std::string text = read_file(config.clerk_jwt_key_file);
    try {
        fixed_ = std::make_shared<const AnyOf>(service::Rs256PublicKey::from_pem(text));
    } catch (const std::runtime_error& error) {
        throw std::runtime_error(
            fmt::format("{} {}", config.clerk_jwt_key_file.string(), error.what())
        );
    }
}

void ClerkPart::read_hook_secrets(const Config& config) {
    auto secrets = service::WebhookSecrets::parse(read_file(config.clerk_webhook_secret_file));
    if (!secrets) {
        throw std::runtime_error(
            fmt::format("{}: {}", config.clerk_webhook_secret_file.string(), secrets.error().detail)
        );
    }
    hook_rules_.secrets = *std::move(secrets);
}

std::optional<service::Issuer> ClerkPart::issuer(std::size_t shard) {
    if (name_.empty()) return std::nullopt;
    service::Issuer issuer{.name = name_, .find_key = {}, .rules = rules_};
    if (fixed_) {
        issuer.find_key = [key = fixed_](std::string_view) { return key; };
        return issuer;
    }
    issuer.find_key = [this, shard](std::string_view id) { return keys_->find(shard, id); };
    issuer.look_for_key = [this](std::string id) { return keys_->look_for_key(std::move(id)); };
    return issuer;
}

void ClerkPart::start() {
    if (keys_) tasks_.spawn("the keys of Clerk", keep_fresh());
}

Task<> ClerkPart::stop() {
    stopping_ = true;
    timer_.cancel();
    co_await tasks_.wait();
}

Task<> ClerkPart::keep_fresh() {
    while (!stopping_) {
        co_await keys_->renew();
        if (stopping_) co_return;
        timer_.expires_after(look_every);
        boost::system::error_code cancelled;
        co_await timer_.async_wait(asio::redirect_error(use_task, cancelled));
    }
}

Task<Result<std::string>> ClerkPart::fetch() {
    net::http::ClientRequest request;
    request.url = url_;
    request.within = answered_within;
    auto answer = co_await client_->fetch(std::move(request), service::key_set_bytes_max);
    if (!answer) co_return Error{Errc::internal, answer.error().text};
    if (answer->status != 200) {
        co_return Error{Errc::internal, fmt::format("{} answered {}", url_, answer->status)};
    }
    co_return std::move(answer->body);
}

}  // namespace banter::app
