#include "service/clerk_sweep.hpp"

#include "base/log.hpp"

#include <utility>

namespace banter::service {

ClerkSweep::ClerkSweep(ClerkQuestions& questions, const ClerkDirectoryParts& parts)
    : questions_(questions),
      checks_(parts.checks),
      clock_(parts.clock),
      random_(parts.random),
      ended_(parts.registry.counter(
          "banter_clerk_sweeps_total",
          "times that all users who have been here were asked for at Clerk"
      )),
      look_at_(clock_.steady() + std::chrono::milliseconds(random_.below(2'000))) {}

Task<bool> ClerkSweep::go_on() {
    if (!had_) co_return co_await begin();
    if (!had_->alone.empty()) co_return co_await ask_alone();
    if (!had_->page.empty()) co_return co_await end_page();
    co_return co_await begin_page();
}

Task<bool> ClerkSweep::begin() {
    if (!is_due()) co_return false;
    // By chance, so that nodes don't come all at once.
    look_at_ = clock_.steady() + look_every + std::chrono::milliseconds(random_.below(10'000));
    const auto holder = static_cast<std::int64_t>(random_.below(std::uint64_t{1} << 62U));
    const Timestamp now = clock_.now();
    auto claim =
        co_await checks_.claim_sweep(questions_.rules().issuer, holder, now, now + claimed_for);
    if (!claim) co_return false;
    Had had;
    had.claim = *std::move(claim);
    had_ = std::move(had);
    co_return true;
}

Task<bool> ClerkSweep::begin_page() {
    const bool may = co_await questions_.permit();
    if (!may) co_return false;
    had_->page =
        co_await checks_.list(had_->claim.issuer, had_->claim.after, ClerkQuestions::page_max);
    if (had_->page.empty()) co_return co_await end();
    std::vector<std::string> subjects;
    for (const auto& known : had_->page) {
        if (is_clerk_id(known.subject)) subjects.push_back(known.subject);
    }
    if (subjects.empty()) co_return true;
    const ClerkAnswer answer = co_await questions_.ask(std::move(subjects));
    if (!is_final(answer)) co_return co_await leave();
    const bool is_list = answer.kind == ClerkAnswer::Kind::users;
    for (const storage::KnownIdentity& known : had_->page) {
        const bool missing = find_user(answer, known.subject) == nullptr;
        const bool asks = missing && (!is_list || questions_.proven());
        // A question for one has been answered already.
        if (asks && had_->page.size() > 1 && is_clerk_id(known.subject))
            had_->alone.push_back(known);
        else
            co_await take(known, answer);
    }
    co_return true;
}

Task<bool> ClerkSweep::ask_alone() {
    const bool may = co_await questions_.permit();
    if (!may) co_return false;
    const storage::KnownIdentity known = had_->alone.back();
    std::vector<std::string> subjects{known.subject};
    const ClerkAnswer answer = co_await questions_.ask(std::move(subjects));
    if (!is_final(answer)) co_return co_await leave();
    had_->alone.pop_back();
    co_await take(known, answer);
    co_return true;
}

Task<> ClerkSweep::take(storage::KnownIdentity known, const ClerkAnswer& answer) {
    bool asked_before = true;
    if (answer.kind == ClerkAnswer::Kind::gone) {
        const auto check = co_await checks_.find(had_->claim.issuer, known.subject);
        // Who is not due yet may have been asked for a moment ago.
        asked_before = check.due_at != Timestamp() && check.due_at <= clock_.now();
    }
    co_await questions_.take(std::move(known), answer, asked_before);
}

Task<bool> ClerkSweep::end_page() {
    std::vector<std::string> subjects;
    for (const auto& known : had_->page) subjects.push_back(known.subject);
    had_->looked_at += subjects.size();
    had_->claim.after = subjects.back();
    had_->page.clear();
    const Timestamp now = clock_.now();
    const std::string issuer = had_->claim.issuer;
    co_await checks_.note(issuer, std::move(subjects), now + ClerkQuestions::fresh_for);
    const bool kept = co_await checks_.keep_sweep(had_->claim, now + claimed_for);
    // It took too long, and another node has it.
    if (!kept) had_.reset();
    co_return kept;
}

Task<bool> ClerkSweep::end() {
    const auto later = std::chrono::milliseconds(
        random_.below(static_cast<std::uint64_t>(std::chrono::milliseconds(spread).count()))
    );
    const auto looked_at = static_cast<std::int64_t>(had_->looked_at);
    log::info(
        "all users were asked for at Clerk", {{"issuer", had_->claim.issuer}, {"count", looked_at}}
    );
    storage::IdentitySweep claim = std::move(had_->claim);
    had_.reset();
    ended_.add();
    co_await checks_.end_sweep(std::move(claim), clock_.now() + every + later);
    co_return false;
}

Task<bool> ClerkSweep::leave() {
    storage::IdentitySweep claim = std::move(had_->claim);
    had_.reset();
    (void)co_await checks_.keep_sweep(std::move(claim), clock_.now());
    co_return false;
}

}  // namespace banter::service
