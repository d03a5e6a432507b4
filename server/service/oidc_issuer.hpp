// One issuer of OpenID Connect: what it says of itself and its keys, asked for when somebody wants
// to sign in there and remembered, and the trade of codes for people. Lives on one loop.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "service/id_token.hpp"
#include "service/issuer_keys.hpp"
#include "service/oidc_exchange.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace banter::service {

/// Why somebody is not signed in, as the page says it.
enum class OidcTrouble {
    /// They, or the issuer, chose not to.
    cancelled,
    /// It took too long, or was begun in another browser.
    stale,
    /// The issuer's answer proves nobody.
    refused,
    /// The issuer does not answer, or not as one.
    unavailable,
    /// The account is deactivated.
    closed,
    rate_limited,
};

/// As it stands in the query of the sign-in page, such as "issuer_unavailable".
[[nodiscard]] std::string_view wire_name(OidcTrouble trouble);

template <typename T>
using OidcOutcome = boost::system::result<T, OidcTrouble>;

struct OidcProof {
    IdToken token;
    /// For UserInfo; empty: it can't be asked.
    std::string access_token;
};

class OidcIssuer {
public:
    /// An answer of any status, or why there is none, for the operator's log. Called on the loop;
    /// ends by itself.
    using Fetch = std::function<Task<Result<OidcAnswer>>(OidcCall)>;

    /// Metadata is asked for again after this; what was said last counts for IssuerKeys::kept_for.
    static constexpr std::chrono::hours fresh_for{1};
    /// Codes and tokens that are with the issuer at once.
    static constexpr int under_way_max = 64;

    OidcIssuer(Executor loop, const Clock& clock, OidcClient client, Fetch fetch);
    ~OidcIssuer();

    [[nodiscard]] const OidcClient& client() const { return client_; }

    /// Null: it is not known, and was asked for within IssuerKeys::asked_at_most_every.
    [[nodiscard]] Task<std::shared_ptr<const OidcMetadata>> metadata();

    /// Trades a code for the ID token and checks that. Returns refused, unavailable.
    [[nodiscard]] Task<OidcOutcome<OidcProof>> redeem(OidcRedemption redemption);

    /// Asks for what the ID token leaves out (OpenID Connect Core 5.4); without a place to ask what
    /// it says is all. Returns refused, unavailable.
    [[nodiscard]] Task<OidcOutcome<OidcProfile>> profile(OidcProof proof);

private:
    [[nodiscard]] Task<> ask();
    [[nodiscard]] Task<Result<std::string>> fetch_keys();
    [[nodiscard]] Task<Result<std::string>> fetch_text(std::string url);
    [[nodiscard]] Task<OidcOutcome<OidcAnswer>> call(OidcCall call);
    /// Whether the key that the token names can't be known now; asks for it first.
    [[nodiscard]] Task<bool> withholds_key(std::string id_token);
    [[nodiscard]] OidcTrouble refused(const Error& why) const;

    const Clock& clock_;
    OidcClient client_;
    Fetch fetch_;
    std::shared_ptr<const OidcMetadata> known_;
    std::optional<SteadyTime> asked_at_;
    std::optional<SteadyTime> answered_at_;
    bool asking_ = false;
    int under_way_ = 0;
    /// When it was asked for its keys last.
    bool gave_keys_ = false;
    /// Ends for those who wait when the answer is there.
    Timer answered_;
    IssuerKeys keys_;
};

}  // namespace banter::service
