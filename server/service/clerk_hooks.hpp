// What an instance of Clerk tells by its web hooks, and what follows from it here.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "model/id.hpp"
#include "service/clerk_event.hpp"
#include "service/webhook_secrets.hpp"
#include "storage/storage.hpp"

#include <optional>
#include <string>

namespace banter::service {

struct ClerkHookRules {
    /// Of the instance's tokens.
    std::string issuer;
    /// Nothing: no hooks are taken.
    std::optional<WebhookSecrets> secrets;
    /// Whether users of the instance are users of the default workspace: without it they come in by
    /// their organizations alone.
    bool personal = true;
};

class ClerkHooks {
public:
    ClerkHooks(
        const ClerkHookRules& rules,
        storage::Storage& storage,
        const storage::Installation& installation,
        const Clock& clock,
        model::IdMaker& ids
    )
        : rules_(rules), storage_(storage), installation_(installation), clock_(clock), ids_(ids) {}

    [[nodiscard]] bool taken_here() const { return rules_.secrets.has_value(); }

    /// WebhookSecrets::refused, where hooks are taken.
    [[nodiscard]] std::optional<Error> refused(const SignedHook& hook) const;

    /// Of a hook that was not refused. What was taken before changes nothing.
    [[nodiscard]] Task<> take(std::string id, ClerkEvent event);

private:
    const ClerkHookRules& rules_;
    storage::Storage& storage_;
    const storage::Installation& installation_;
    const Clock& clock_;
    model::IdMaker& ids_;
};

}  // namespace banter::service
