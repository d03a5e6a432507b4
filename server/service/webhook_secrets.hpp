// The secrets by which a sender of web hooks proves that they are its own, in the scheme of Svix
// (Standard Webhooks): what Clerk sends is signed so. Pure: no I/O, no clock but the argument.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::service {

/// A hook as it came: nothing of it is believed before its signature is.
struct SignedHook {
    /// Of the event, not of the attempt: the same whenever the hook is sent again.
    std::string_view id;
    /// When this attempt was made: seconds since 1970, in decimal.
    std::string_view timestamp;
    /// "v1," and base64, one or more, between spaces; those of other versions are passed over.
    std::string_view signatures;
    /// Byte for byte.
    std::string_view body;
};

class WebhookSecrets {
public:
    static constexpr std::size_t secrets_max = 8;
    static constexpr std::size_t id_bytes_max = 256;
    /// As many as a sender makes that is changing its secrets, and room: more are not looked at.
    static constexpr std::size_t signatures_max = 16;
    /// How far an attempt's time may be from ours, both ways, in whole seconds.
    static constexpr std::chrono::seconds tolerance{300};

    /// text: a secret a line, "whsec_" and base64 of 16 to 64 bytes; empty lines are passed over.
    /// Several count beside each other while one replaces the other. Returns bad_request with a
    /// detail for the operator, which never has a secret in it.
    [[nodiscard]] static Result<WebhookSecrets> parse(std::string_view text);

    /// Nothing: one of the secrets has signed exactly this, and not too long ago. Else bad_request
    /// with a detail that helps an operator and tells an attacker nothing.
    [[nodiscard]] std::optional<Error> refused(const SignedHook& hook, Timestamp now) const;

private:
    [[nodiscard]] bool signed_by_one(const SignedHook& hook) const;

    std::vector<std::string> keys_;
};

}  // namespace banter::service
