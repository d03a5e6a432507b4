#include "service/clerk_sweep.hpp"

#include "base/log.hpp"

#include <cstdint>
#include <utility>

namespace banter::service {

ClerkSweep::ClerkSweep(ClerkQuestions& questions, const ClerkDirectoryParts& parts)
    : questions_(questions),
      checks_(parts.checks),
      clock_(parts.clock),
      ended_(parts.registry.counter(
          "banter_clerk_sweeps_total",
          "times that all users who have been here were asked for at Clerk"
      )),
      claim_(questions.rules().issuer, parts.checks, parts.clock, parts.random) {}

Task<bool> ClerkSweep::go_on() {
    if (!claim_.is_had()) {
        state_ = {};
        co_return co_await claim_.take();
    }
    if (!state_.alone.empty()) co_return co_await ask_alone();
    if (!state_.page.empty()) co_return co_await end_page();
    co_return co_await begin_page();
}

Task<bool> ClerkSweep::begin_page() {
    const bool may = co_await questions_.permit();
    if (!may) co_return false;
    const std::string& issuer = questions_.rules().issuer;
    state_.page = co_await checks_.list(issuer, claim_.after(), ClerkQuestions::page_max);
    if (state_.page.empty()) {
        co_await end();
        co_return false;
    }
    ClerkQuestion question;
    for (const auto& known : state_.page) {
        if (is_clerk_id(known.subject)) question.subjects.push_back(known.subject);
    }
    if (question.subjects.empty()) co_return true;
    const ClerkAnswer answer = co_await questions_.ask(std::move(question));
    if (!is_final(answer)) {
        co_await claim_.leave();
        co_return false;
    }
    const bool is_list = answer.kind == ClerkAnswer::Kind::users;
    for (const storage::KnownIdentity& known : state_.page) {
        const bool missing = find_user(answer, known.subject) == nullptr;
        const bool asks = missing && (!is_list || questions_.proven());
        // A question for one has been answered already.
        if (asks && state_.page.size() > 1 && is_clerk_id(known.subject))
            state_.alone.push_back(known);
        else
            co_await take(known, answer);
    }
    co_return true;
}

Task<bool> ClerkSweep::ask_alone() {
    const bool may = co_await questions_.permit();
    if (!may) co_return false;
    const storage::KnownIdentity known = state_.alone.back();
    ClerkQuestion question;
    question.subjects.push_back(known.subject);
    const ClerkAnswer answer = co_await questions_.ask(std::move(question));
    if (!is_final(answer)) {
        co_await claim_.leave();
        co_return false;
    }
    state_.alone.pop_back();
    co_await take(known, answer);
    co_return true;
}

Task<> ClerkSweep::take(storage::KnownIdentity known, const ClerkAnswer& answer) {
    bool asked_before = true;
    if (answer.kind == ClerkAnswer::Kind::gone) {
        const auto check = co_await checks_.find(questions_.rules().issuer, known.subject);
        // Who is not due yet may have been asked for a moment ago.
        asked_before = check.due_at != Timestamp() && check.due_at <= clock_.now();
    }
    co_await questions_.take(std::move(known), answer, asked_before);
}

Task<bool> ClerkSweep::end_page() {
    std::vector<std::string> subjects;
    for (const auto& known : state_.page) subjects.push_back(known.subject);
    state_.looked_at += subjects.size();
    state_.page.clear();
    std::string last = subjects.back();
    const std::string& issuer = questions_.rules().issuer;
    co_await checks_.note(issuer, std::move(subjects), clock_.now() + ClerkQuestions::fresh_for);
    co_return co_await claim_.keep(std::move(last));
}

Task<> ClerkSweep::end() {
    const auto looked_at = static_cast<std::int64_t>(state_.looked_at);
    log::info(
        "all users were asked for at Clerk",
        {{"issuer", questions_.rules().issuer}, {"count", looked_at}}
    );
    ended_.add();
    co_await claim_.end();
}

}  // namespace banter::service
