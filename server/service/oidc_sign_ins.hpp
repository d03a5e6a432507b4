// Signing in at an issuer of OpenID Connect by the authorization code flow with PKCE. Whoever has
// proven there who they are gets a sign-in of this installation's own.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/task.hpp"
#include "model/id.hpp"
#include "service/identities.hpp"
#include "service/oidc_issuer.hpp"
#include "service/sign_ins.hpp"
#include "storage/storage.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::service {

/// Those that the operator named, all on one loop.
struct OidcIssuers {
    Executor loop;
    std::vector<std::unique_ptr<OidcIssuer>> all;
};

struct OidcBeginning {
    /// Of an issuer that there is.
    std::string name;
    /// An is_own_path.
    std::string return_to;
    std::string redirect_uri;
    /// Of the client.
    std::string address;
};

/// Where the browser goes, and what it keeps meanwhile.
struct OidcBegun {
    std::string url;
    std::string cookie;
    Timestamp expires_at;
};

/// What the browser brings back.
struct OidcReturn {
    /// Of an issuer that there is.
    std::string name;
    std::optional<std::string> cookie;
    std::optional<std::string> state, code, error, issuer;
    /// The same as at the beginning.
    std::string redirect_uri;
    Device device;
};

struct OidcSignedIn {
    Granted grant;
    std::string return_to;
};

class OidcSignIns {
public:
    /// Begun at one address: a firm behind one address still signs in.
    static constexpr std::uint32_t attempts_per_minute = 120;

    OidcSignIns(
        const OidcIssuers& issuers,
        const LocalIssuer& local_issuer,
        Identities identities,
        SignIns& sign_ins,
        storage::Storage& storage,
        const Clock& clock,
        Random& random
    );

    /// As the operator called them, in that order.
    [[nodiscard]] std::vector<std::string_view> names() const;
    [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }

    /// Returns unavailable, rate_limited.
    [[nodiscard]] Task<OidcOutcome<OidcBegun>> begin(OidcBeginning beginning);

    /// Signs in whoever the issuer says it is, and makes a user at the first time: whoever the
    /// operator's issuer knows may come, whatever the rules for registering are.
    [[nodiscard]] Task<OidcOutcome<OidcSignedIn>> finish(OidcReturn back);

private:
    [[nodiscard]] OidcIssuer* find(std::string_view name) const;
    [[nodiscard]] Task<bool> is_too_often(std::string address);
    /// True: it has ended before.
    [[nodiscard]] Task<bool> end(const OidcAttempt& attempt);
    /// The attempt of this browser, at this issuer, to which it is the answer. Returns stale.
    [[nodiscard]] OidcOutcome<OidcAttempt> attempt_of(const OidcReturn& back) const;
    [[nodiscard]] Task<OidcOutcome<model::User>> user_of(OidcIssuer& issuer, OidcProof proof);

    const OidcIssuers& issuers_;
    Identities identities_;
    SignIns& sign_ins_;
    storage::Storage& storage_;
    const Clock& clock_;
    Random& random_;
    /// Seals attempts; the same on every node.
    MacKey key_;
};

}  // namespace banter::service
