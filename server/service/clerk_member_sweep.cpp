#include "service/clerk_member_sweep.hpp"

#include "base/log.hpp"

#include <utility>

namespace banter::service {

ClerkMemberSweep::ClerkMemberSweep(ClerkQuestions& questions, const ClerkDirectoryParts& parts)
    : questions_(questions),
      checks_(parts.checks),
      clock_(parts.clock),
      ended_(parts.registry.counter(
          "banter_clerk_member_sweeps_total",
          "times that Clerk was asked who is a member of which organization"
      )),
      claim_(
          questions.rules().issuer + " members",
          parts.checks,
          parts.clock,
          parts.random,
          SweepClaim::first_look_within
      ) {}

Task<bool> ClerkMemberSweep::go_on() {
    if (!claim_.is_had()) {
        place_.reset();
        co_return co_await claim_.take();
    }
    if (!place_) co_return co_await begin_organization();
    if (!place_->alone.empty()) co_return co_await ask_alone();
    co_return co_await ask_page();
}

Task<bool> ClerkMemberSweep::begin_organization() {
    const auto last = model::WorkspaceId::parse(claim_.after()).value_or(model::WorkspaceId{});
    const std::string& issuer = questions_.rules().issuer;
    auto next = co_await checks_.next_organization(issuer, last);
    if (!next) {
        log::info("the members of all organizations were asked for at Clerk", {{"issuer", issuer}});
        ended_.add();
        co_await claim_.end();
        co_return false;
    }
    place_.emplace();
    place_->there = *std::move(next);
    co_return true;
}

Task<bool> ClerkMemberSweep::ask_page() {
    const auto page =
        co_await checks_.members(place_->there.workspace, place_->after, ClerkQuestions::page_max);
    if (page.empty() || !is_clerk_id(place_->there.organization)) {
        co_return co_await end_organization();
    }
    const bool may = co_await questions_.permit();
    if (!may) co_return false;
    ClerkQuestion question;
    question.organization = place_->there.organization;
    for (const auto& known : page) {
        if (is_clerk_id(known.subject)) question.subjects.push_back(known.subject);
    }
    ClerkAnswer answer;
    const Timestamp asked_at = clock_.now();
    if (!question.subjects.empty()) {
        answer = co_await questions_.ask(std::move(question));
        if (!is_final(answer)) co_return co_await leave();
    }
    for (const storage::KnownMember& known : page) {
        if (!is_clerk_id(known.subject)) continue;
        const bool named = find_member(answer, known.subject) != nullptr;
        const bool is_list = answer.kind != ClerkAnswer::Kind::gone && page.size() > 1;
        if (named || !is_list) {
            co_await questions_.take_member(place_->there, known, answer, asked_at);
        } else if (questions_.proven()) {
            place_->alone.push_back(known);
        }
    }
    place_->after = page.back().subject;
    std::string so_far = claim_.after();
    co_return co_await claim_.keep(std::move(so_far));
}

Task<bool> ClerkMemberSweep::ask_alone() {
    const bool may = co_await questions_.permit();
    if (!may) co_return false;
    const storage::KnownMember known = place_->alone.back();
    ClerkQuestion question;
    question.organization = place_->there.organization;
    question.subjects.push_back(known.subject);
    const Timestamp asked_at = clock_.now();
    const ClerkAnswer answer = co_await questions_.ask(std::move(question));
    if (!is_final(answer)) co_return co_await leave();
    place_->alone.pop_back();
    co_await questions_.take_member(place_->there, known, answer, asked_at);
    co_return true;
}

Task<bool> ClerkMemberSweep::end_organization() {
    std::string done = place_->there.workspace.text();
    place_.reset();
    co_return co_await claim_.keep(std::move(done));
}

Task<bool> ClerkMemberSweep::leave() {
    co_await claim_.leave();
    co_return false;
}

}  // namespace banter::service
