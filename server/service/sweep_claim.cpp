#include "service/sweep_claim.hpp"

#include <cstdint>
#include <utility>

namespace banter::service {

namespace {

std::chrono::milliseconds by_chance_within(Random& random, std::chrono::milliseconds most) {
    return std::chrono::milliseconds(random.below(static_cast<std::uint64_t>(most.count())));
}

}  // namespace

SweepClaim::SweepClaim(
    std::string name,
    storage::IdentityCheckStore& checks,
    const Clock& clock,
    Random& random,
    std::chrono::seconds after
)
    : name_(std::move(name)),
      checks_(checks),
      clock_(clock),
      random_(random),
      look_at_(clock_.steady() + after + by_chance_within(random_, first_look_within)) {}

Task<bool> SweepClaim::take() {
    if (!is_due()) co_return false;
    // By chance, so that nodes don't come all at once.
    look_at_ = clock_.steady() + look_every + by_chance_within(random_, look_every / 3);
    const auto holder = static_cast<std::int64_t>(random_.below(std::uint64_t{1} << 62U));
    const Timestamp now = clock_.now();
    had_ = co_await checks_.claim_sweep(name_, holder, now, now + claimed_for);
    co_return had_.has_value();
}

Task<bool> SweepClaim::keep(std::string after) {
    had_->after = std::move(after);
    const bool kept = co_await checks_.keep_sweep(*had_, clock_.now() + claimed_for);
    if (!kept) had_.reset();
    co_return kept;
}

Task<> SweepClaim::end() {
    const auto later = by_chance_within(random_, spread);
    storage::IdentitySweep sweep = *std::exchange(had_, std::nullopt);
    co_await checks_.end_sweep(std::move(sweep), clock_.now() + every + later);
}

Task<> SweepClaim::leave() {
    storage::IdentitySweep sweep = *std::exchange(had_, std::nullopt);
    (void)co_await checks_.keep_sweep(std::move(sweep), clock_.now());
}

}  // namespace banter::service
