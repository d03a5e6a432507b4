// JSON Web Tokens (RFC 7519) as far as Banter makes and reads them. Pure: no I/O, no clock but the
// argument.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "model/user.hpp"
#include "service/sha256.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::service {

/// What a verified token says. Nothing here was believed before its signature was checked.
struct Claims {
    std::string issuer;
    std::string subject;
    std::optional<std::string> sign_in;    // sid
    std::optional<std::string> workspace;  // o.id or org_id
    Timestamp expires_at;
    Timestamp issued_at;
    std::optional<std::string> name, username;
    /// An address by https.
    std::optional<std::string> picture{};
    /// azp: the origin of the page that the token was made for.
    std::optional<std::string> authorized_party;
    /// act.sub: who acts in the subject's name.
    std::optional<std::string> actor;
    /// o.slg or org_slug.
    std::optional<std::string> organization_slug{};
    /// o.rol or org_role, as it is here.
    model::WorkspaceRole role = model::WorkspaceRole::member;
};

/// A key that proves tokens of one issuer, with the one algorithm that it is for: a token's own
/// header never chooses.
class VerificationKey {
public:
    virtual ~VerificationKey() = default;
    [[nodiscard]] virtual std::string_view algorithm() const = 0;
    /// Which key this is: the same for the same key only.
    [[nodiscard]] virtual const Digest& fingerprint() const = 0;
    [[nodiscard]] virtual bool verifies(std::string_view signed_text, std::string_view signature)
        const = 0;
};

/// What an issuer's tokens have to say beyond RFC 7519.
struct SessionRules {
    /// A token that was not made for a session is for something else.
    bool needs_sign_in = false;
    /// Origins, one of which has to be the azp; none: whatever it is.
    std::vector<std::string> authorized_parties;
    /// A token that acts in no organization is refused.
    bool needs_organization = false;
};

/// Who may issue tokens, and by which keys. Clerk and OpenID Connect add issuers, nothing else.
struct Issuer {
    std::string name;  // the `iss` claim, exactly
    /// Finds the key by the `kid` header; nothing if it is unknown.
    std::function<std::shared_ptr<const VerificationKey>(std::string_view key_id)> find_key;
    std::chrono::seconds clock_skew{5};
    SessionRules rules{};
    /// Asks where the keys are published, as a token names one that is not known. Empty: they never
    /// change.
    std::function<Task<>(std::string key_id)> look_for_key{};
    /// Told of each user whose token counted, whoever they are here. Empty: nobody wants to know.
    std::function<void(std::string_view subject)> note_user{};
};

class CheckedSignatures;

class Issuers {
public:
    /// Checks the signature of a token as often as the token comes.
    Issuers() = default;
    /// For the loop of this index: a signature that was checked on any loop is not checked again.
    Issuers(CheckedSignatures& checked, std::size_t loop) : checked_(&checked), loop_(loop) {}

    void add(Issuer issuer);

    /// Checks form, algorithm, signature, issuer, times. Returns unauthenticated with a detail that
    /// helps an operator and tells an attacker nothing ("the token is expired").
    [[nodiscard]] Result<Claims> verify(std::string_view token, Timestamp now) const;
    /// Of a token that was refused: what asks its issuer for the key that it names, if that is not
    /// known and may have come since. Nothing: there is nothing to ask.
    [[nodiscard]] std::optional<Task<>> look_for_key_of(std::string_view token) const;
    /// Of a token that counted, and whose user has been looked up here.
    void note_user(const Claims& claims) const;

private:
    struct Unverified;

    [[nodiscard]] Result<Unverified> read(std::string_view token) const;
    [[nodiscard]] bool is_signed(const Unverified& token, const VerificationKey& key) const;

    std::vector<Issuer> issuers_;
    CheckedSignatures* checked_ = nullptr;
    std::size_t loop_ = 0;
};

}  // namespace banter::service
