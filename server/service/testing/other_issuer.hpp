// Another issuer than our own, for tests of whoever comes by way of one.
#pragma once

#include "base/encoding.hpp"
#include "service/testing/world.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace banter::service {

/// It says what the test wants.
class OtherIssuer {
public:
    struct Key final : VerificationKey {
        [[nodiscard]] std::string_view algorithm() const override { return "none of ours"; }
        [[nodiscard]] bool verifies(std::string_view, std::string_view signature) const override {
            return signature == "by the other";
        }
        [[nodiscard]] const Digest& fingerprint() const override { return none; }

        Digest none{};
    };

    static Issuer issuer() {
        auto find_key = [](std::string_view) { return std::make_shared<const Key>(); };
        return {.name = "https://other.example", .find_key = find_key};
    }

    /// `claims` are members of the object beside `iss` and `exp`.
    static std::string token(const World& world, const std::string& claims) {
        const auto now = std::chrono::floor<std::chrono::seconds>(world.clock.now());
        const auto expiry = now + std::chrono::seconds(60);
        return base64url(std::string_view(R"({"alg":"none of ours"})")) + "." +
               base64url(
                   R"({"iss":"https://other.example","exp":)" +
                   std::to_string(expiry.time_since_epoch().count()) + "," + claims + "}"
               ) +
               "." + base64url(std::string_view("by the other"));
    }
};

}  // namespace banter::service
