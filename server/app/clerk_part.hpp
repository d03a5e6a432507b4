// Clerk as an issuer of tokens, made from the configuration.
#pragma once

#include "app/config.hpp"
#include "base/clock.hpp"
#include "base/task_group.hpp"
#include "net/http/client.hpp"
#include "net/shards.hpp"
#include "service/clerk_hooks.hpp"
#include "service/issuer_keys.hpp"
#include "service/tokens.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace banter::app {

class ClerkPart {
public:
    /// Throws std::runtime_error with a sentence for the operator, also if a flag is given without
    /// those that it needs.
    ClerkPart(const Config& config, net::Shards& shards, const Clock& clock);
    ~ClerkPart();

    /// For the shard of this index. Nothing: Clerk is not configured.
    [[nodiscard]] std::optional<service::Issuer> issuer(std::size_t shard);

    [[nodiscard]] const service::ClerkHookRules& hook_rules() const { return hook_rules_; }

    /// On the first loop: from now on its keys are kept fresh.
    void start();
    /// On the first loop, when nobody is signed in any more.
    [[nodiscard]] Task<> stop();

private:
    void read_keys(const Config& config);
    void read_hook_secrets(const Config& config);
    void ask_for_keys(net::Shards& shards, const Clock& clock);
    [[nodiscard]] Task<Result<std::string>> fetch();
    [[nodiscard]] Task<> keep_fresh();

    std::string name_;
    service::SessionRules rules_;
    service::ClerkHookRules hook_rules_;
    /// From a file; null: the keys are asked for.
    std::shared_ptr<const service::VerificationKey> fixed_;
    std::string url_;
    std::unique_ptr<net::http::Client> client_;
    std::unique_ptr<service::IssuerKeys> keys_;
    bool stopping_ = false;
    Timer timer_;
    TaskGroup tasks_;
};

}  // namespace banter::app
