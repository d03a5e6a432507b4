#include "service/webhook_secrets.hpp"

#include "base/ascii.hpp"
#include "base/check.hpp"
#include "base/encoding.hpp"
#include "base/openssl.hpp"
#include "base/same_secret.hpp"
#include "base/text.hpp"
#include "service/refusals.hpp"
#include "service/sha256.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <utility>

namespace banter::service {

namespace {

constexpr std::string_view secret_prefix = "whsec_";
constexpr std::string_view version_prefix = "v1,";
constexpr std::size_t key_bytes_min = 16;
constexpr std::size_t key_bytes_max = 64;

/// Seconds of a date that a clock shows: nothing overflows with them.
constexpr std::size_t timestamp_digits_max = 12;

/// Base64 (RFC 4648 4) in its one canonical form.
std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0 || text.find_first_of("-_") != std::string_view::npos)
        return std::nullopt;
    std::string in_url_form(text.substr(0, text.find('=')));
    if (text.size() - in_url_form.size() > 2) return std::nullopt;
    if (text.find_first_not_of('=', in_url_form.size()) != std::string_view::npos)
        return std::nullopt;
    std::ranges::replace(in_url_form, '+', '-');
    std::ranges::replace(in_url_form, '/', '_');
    return from_base64url(in_url_form);
}

/// A point would make two hooks of one signed text: it stands between the parts.
bool is_id(std::string_view id) {
    const auto fits = [](char letter) { return letter > ' ' && letter <= '~' && letter != '.'; };
    return !id.empty() && id.size() <= WebhookSecrets::id_bytes_max &&
           std::ranges::all_of(id, fits);
}

std::optional<std::chrono::seconds> read_timestamp(std::string_view text) {
    if (text.empty() || text.size() > timestamp_digits_max ||
        !std::ranges::all_of(text, is_digit)) {
        return std::nullopt;
    }
    std::int64_t seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return std::chrono::seconds(seconds);
}

/// Anybody can have a long body hashed on a shard: OpenSSL does that by the processor's own
/// instructions, in an eighth of the time that libsodium takes.
class Hmac {
public:
    explicit Hmac(std::string_view key) {
        static const Method method(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
        CHECK(method != nullptr);
        state_.reset(EVP_MAC_CTX_new(method.get()));
        std::string digest = "SHA256";
        const std::array parameters{
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
            OSSL_PARAM_construct_end()};
        CHECK(state_ != nullptr);
        CHECK(
            EVP_MAC_init(state_.get(), openssl::bytes_of(key), key.size(), parameters.data()) == 1
        );
    }
    Hmac& add(std::string_view text) {
        CHECK(EVP_MAC_update(state_.get(), openssl::bytes_of(text), text.size()) == 1);
        return *this;
    }
    [[nodiscard]] Digest finish() {
        Digest digest;
        std::size_t size = 0;
        CHECK(EVP_MAC_final(state_.get(), digest.data(), &size, digest.size()) == 1);
        CHECK(size == digest.size());
        return digest;
    }

private:
    using Method = std::unique_ptr<EVP_MAC, openssl::Release<EVP_MAC_free>>;

    std::unique_ptr<EVP_MAC_CTX, openssl::Release<EVP_MAC_CTX_free>> state_;
};

/// As text, so that every signature has but one form.
std::string signature_of(std::string_view key, const SignedHook& hook) {
    Hmac hmac(key);
    hmac.add(hook.id).add(".").add(hook.timestamp).add(".").add(hook.body);
    return base64(hmac.finish());
}

}  // namespace

Result<WebhookSecrets> WebhookSecrets::parse(std::string_view text) {
    WebhookSecrets secrets;
    std::size_t line_number = 0;
    while (!text.empty()) {
        std::string_view line = trimmed(take_until(text, '\n'));
        ++line_number;
        if (line.empty()) continue;
        const std::string where = "line " + std::to_string(line_number);
        if (!line.starts_with(secret_prefix))
            return bad_request(where + " is no secret: those begin with whsec_");
        line.remove_prefix(secret_prefix.size());
        auto key = from_base64(line);
        if (!key || key->size() < key_bytes_min || key->size() > key_bytes_max)
            return bad_request(
                where + " is no secret: after whsec_ comes base64 of 16 to 64 bytes"
            );
        secrets.keys_.push_back(*std::move(key));
        if (secrets.keys_.size() > secrets_max)
            return bad_request("it has more than " + std::to_string(secrets_max) + " secrets");
    }
    if (secrets.keys_.empty()) return bad_request("it has no secret");
    return secrets;
}

std::optional<Error> WebhookSecrets::refused(const SignedHook& hook, Timestamp now) const {
    if (!is_id(hook.id))
        return bad_request("svix-id: 1 to 256 characters of ASCII without a point");
    const auto made_at = read_timestamp(hook.timestamp);
    if (!made_at) return bad_request("svix-timestamp: seconds since 1970");
    // Before the signature: what is too old is not worth the hashing of its body.
    const auto now_seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
    const auto distance = now_seconds - *made_at;
    if (distance > tolerance || distance < -tolerance)
        return bad_request("svix-timestamp: too far from the time here");
    if (!signed_by_one(hook)) return bad_request("svix-signature: none of them counts");
    return std::nullopt;
}

bool WebhookSecrets::signed_by_one(const SignedHook& hook) const {
    std::vector<std::string> expected;
    for (const std::string& key : keys_) expected.push_back(signature_of(key, hook));
    std::string_view left = hook.signatures;
    bool found = false;
    for (std::size_t i = 0; i < signatures_max && !left.empty(); ++i) {
        std::string_view signature = take_until(left, ' ');
        if (!signature.starts_with(version_prefix)) continue;
        signature.remove_prefix(version_prefix.size());
        // All of them, so that the time doesn't say which one it was.
        for (const std::string& one : expected) found |= same_secret(signature, one);
    }
    return found;
}

}  // namespace banter::service
