#include "service/oidc_issuer.hpp"

#include "base/log.hpp"
#include "service/refusals.hpp"

#include <boost/asio/redirect_error.hpp>

#include <utility>

namespace banter::service {

std::string_view wire_name(OidcTrouble trouble) {
    switch (trouble) {
        case OidcTrouble::cancelled: return "sign_in_cancelled";
        case OidcTrouble::stale: return "sign_in_stale";
        case OidcTrouble::refused: return "sign_in_refused";
        case OidcTrouble::unavailable: return "issuer_unavailable";
        case OidcTrouble::closed: return "account_closed";
        case OidcTrouble::rate_limited: break;
    }
    return "rate_limited";
}

namespace {

class UnderWay {
public:
    explicit UnderWay(int& count) : count_(count) { ++count_; }
    ~UnderWay() { --count_; }
    UnderWay(const UnderWay&) = delete;
    UnderWay& operator=(const UnderWay&) = delete;

private:
    int& count_;
};

}  // namespace

OidcIssuer::OidcIssuer(Executor loop, const Clock& clock, OidcClient client, Fetch fetch)
    : clock_(clock),
      client_(std::move(client)),
      fetch_(std::move(fetch)),
      answered_(loop),
      keys_(
          {loop},
          clock,
          client_.issuer,
          [this] { return fetch_keys(); },
          {.elliptic = true, .nameless = true}
      ) {
    answered_.expires_at(Timer::time_point::max());
}

OidcIssuer::~OidcIssuer() = default;

Task<std::shared_ptr<const OidcMetadata>> OidcIssuer::metadata() {
    const SteadyTime now = clock_.steady();
    const bool is_fresh = answered_at_ && now - *answered_at_ < fresh_for;
    const bool is_due = !asked_at_ || now - *asked_at_ >= IssuerKeys::asked_at_most_every;
    if (!is_fresh && asking_) {
        boost::system::error_code woken;
        co_await answered_.async_wait(asio::redirect_error(use_task, woken));
    } else if (!is_fresh && is_due) {
        asking_ = true;
        asked_at_ = now;
        co_await ask();
        asking_ = false;
        answered_.cancel();
    }
    const bool is_kept = answered_at_ && clock_.steady() - *answered_at_ < IssuerKeys::kept_for;
    if (!is_kept) known_.reset();
    co_return known_;
}

Task<> OidcIssuer::ask() {
    std::string why;
    try {
        std::string url = metadata_url(client_.issuer);
        const auto text = co_await fetch_text(std::move(url));
        auto metadata =
            text ? parse_oidc_metadata(*text, client_.issuer) : Result<OidcMetadata>(text.error());
        if (metadata) {
            known_ = std::make_shared<const OidcMetadata>(*std::move(metadata));
            answered_at_ = clock_.steady();
        } else {
            why = metadata.error().detail;
        }
    } catch (const boost::system::system_error& failure) {
        // A server that stops waits for no answer.
        if (failure.code() != asio::error::operation_aborted) why = failure.what();
    } catch (const std::exception& failure) {
        // Whatever it was: those who wait have to be answered.
        why = failure.what();
    }
    if (!why.empty())
        log::warning("an issuer can't be used", {{"issuer", client_.issuer}, {"why", why}});
}

Task<Result<std::string>> OidcIssuer::fetch_keys() {
    const auto known = co_await metadata();
    gave_keys_ = false;
    if (known == nullptr) co_return Error{Errc::internal, "its metadata is not known"};
    std::string url = known->jwks_uri;
    auto text = co_await fetch_text(std::move(url));
    gave_keys_ = text.has_value();
    co_return text;
}

Task<Result<std::string>> OidcIssuer::fetch_text(std::string url) {
    OidcCall call{.url = std::move(url)};
    auto answer = co_await fetch_(std::move(call));
    if (!answer) co_return answer.error();
    if (answer->status != 200) {
        co_return Error{Errc::internal, "it answered " + std::to_string(answer->status)};
    }
    co_return std::move(answer->body);
}

Task<OidcOutcome<OidcAnswer>> OidcIssuer::call(OidcCall call) {
    constexpr int too_many = 429;
    // One that is slow takes no others' turns.
    if (under_way_ == under_way_max) co_return OidcTrouble::unavailable;
    const UnderWay turn(under_way_);
    auto answer = co_await fetch_(std::move(call));
    std::string why;
    if (!answer) {
        why = answer.error().detail;
    } else if (answer->status >= 500 || answer->status == too_many) {
        why = "it answered " + std::to_string(answer->status);
    }
    if (why.empty()) co_return *std::move(answer);
    log::warning("an issuer does not answer", {{"issuer", client_.issuer}, {"why", why}});
    co_return OidcTrouble::unavailable;
}

OidcTrouble OidcIssuer::refused(const Error& why) const {
    log::warning(
        "a sign-in at an issuer is refused", {{"issuer", client_.issuer}, {"why", why.detail}}
    );
    return OidcTrouble::refused;
}

Task<bool> OidcIssuer::withholds_key(std::string id_token) {
    co_await keys_.renew();
    const auto id = key_named_by(id_token);
    if (!id || keys_.find(0, *id) != nullptr) co_return false;
    std::string missing = *id;
    co_await keys_.look_for_key(std::move(missing));
    co_return !gave_keys_ && keys_.find(0, *id) == nullptr;
}

Task<OidcOutcome<OidcProof>> OidcIssuer::redeem(OidcRedemption redemption) {
    const auto known = co_await metadata();
    if (known == nullptr) co_return OidcTrouble::unavailable;
    OidcCall trade = token_call(*known, client_, redemption);
    const auto answer = co_await call(std::move(trade));
    if (!answer) co_return answer.error();
    auto tokens = parse_token_answer(*answer);
    if (!tokens) co_return refused(tokens.error());

    const bool withheld = co_await withholds_key(tokens->id_token);
    if (withheld) co_return OidcTrouble::unavailable;
    const IdTokenRules rules{
        .issuer = client_.issuer,
        .client_id = client_.client_id,
        .nonce = redemption.nonce,
        .algorithms = known->algorithms,
        .find_key = [this](std::string_view id) { return keys_.find(0, id); },
    };
    auto token = verify_id_token(tokens->id_token, rules, clock_.now());
    if (!token) co_return refused(token.error());
    co_return OidcProof{*std::move(token), std::move(tokens->access_token)};
}

Task<OidcOutcome<OidcProfile>> OidcIssuer::profile(OidcProof proof) {
    OidcProfile& said = proof.token.profile;
    const auto known = co_await metadata();
    const bool askable =
        known != nullptr && !known->userinfo_endpoint.empty() && !proof.access_token.empty();
    if (!askable || (said.name && said.username)) co_return std::move(said);
    OidcCall question = user_info_call(*known, proof.access_token);
    const auto answer = co_await call(std::move(question));
    if (!answer) co_return answer.error();
    if (answer->status != 200) co_return refused(unauthenticated("UserInfo refuses its token"));
    auto found = parse_user_info(answer->body, said.subject);
    if (!found) co_return refused(found.error());
    if (found->name) said.name = std::move(found->name);
    if (found->username) said.username = std::move(found->username);
    if (found->picture) said.picture = std::move(found->picture);
    co_return std::move(said);
}

}  // namespace banter::service
