#include "service/issuer_keys.hpp"

#include "base/log.hpp"
#include "base/run_on.hpp"

#include <boost/asio/redirect_error.hpp>

#include <utility>

namespace banter::service {

IssuerKeys::IssuerKeys(
    const Loops& loops,
    const Clock& clock,
    std::string issuer,
    Fetch fetch,
    KeySetRules rules
)
    : loops_(loops),
      clock_(clock),
      issuer_(std::move(issuer)),
      fetch_(std::move(fetch)),
      rules_(rules),
      known_(loops, [](std::size_t) { return std::make_unique<Known>(); }),
      answered_(loops_.front()) {
    answered_.expires_at(Timer::time_point::max());
}

IssuerKeys::~IssuerKeys() = default;

std::shared_ptr<const VerificationKey> IssuerKeys::find(std::size_t loop, std::string_view key_id) {
    return find_key(known_.local(loop).keys, key_id);
}

Task<> IssuerKeys::look_for_key(std::string key_id) {
    auto looking = look_on_first(std::move(key_id));
    co_await run_on(loops_.front(), std::move(looking));
}

Task<> IssuerKeys::look_on_first(std::string key_id) {
    // What was published is on its way to the other loops, and is there before this returns.
    if (find(0, key_id) != nullptr) co_return;
    // Until there is a first set it is not a key of this name that is missing.
    std::optional<SteadyTime>& last = answered_at_ ? looked_at_ : renewed_at_;
    co_await ask_if_due(last);
}

Task<> IssuerKeys::renew() {
    const bool is_fresh = answered_at_ && clock_.steady() - *answered_at_ < fresh_for;
    if (!is_fresh) co_await ask_if_due(renewed_at_);
    const bool is_kept = answered_at_ && clock_.steady() - *answered_at_ < kept_for;
    if (!answered_at_ || is_kept) co_return;
    log::warning("the keys of an issuer are too old to count", {{"issuer", issuer_}});
    answered_at_.reset();
    publish({});
}

Task<> IssuerKeys::ask_if_due(std::optional<SteadyTime>& last) {
    if (asking_) {
        boost::system::error_code woken;
        co_await answered_.async_wait(asio::redirect_error(use_task, woken));
        co_return;
    }
    if (last && clock_.steady() - *last < asked_at_most_every) co_return;
    asking_ = true;
    last = clock_.steady();
    co_await ask();
    asking_ = false;
    answered_.cancel();
}

Task<> IssuerKeys::ask() {
    std::string why;
    try {
        const auto text = co_await fetch_();
        auto keys = text ? parse_key_set(*text, rules_) : Result<KeySet>(text.error());
        if (keys) {
            answered_at_ = clock_.steady();
            publish(*keys);
        } else {
            why = keys.error().detail;
        }
    } catch (const std::exception& failure) {
        // Whatever it was: those who wait have to be answered.
        why = failure.what();
    }
    if (!why.empty() && !away_)
        log::warning("no keys come from an issuer", {{"issuer", issuer_}, {"why", why}});
    if (why.empty() && away_) log::info("keys of an issuer are there again", {{"issuer", issuer_}});
    away_ = !why.empty();
}

void IssuerKeys::publish(const KeySet& keys) {
    // Who has asked on this loop goes on at once.
    known_.local(0).keys = keys;
    for (std::size_t loop = 1; loop < known_.size(); ++loop) {
        known_.post(loop, [keys](Known& known) { known.keys = keys; });
    }
}

}  // namespace banter::service
