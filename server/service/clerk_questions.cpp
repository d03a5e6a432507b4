#include "service/clerk_questions.hpp"

#include "base/ascii.hpp"
#include "base/log.hpp"
#include "service/clerk_news.hpp"
#include "service/organizations.hpp"

#include <algorithm>
#include <utility>

namespace banter::service {

namespace {

using Kind = ClerkAnswer::Kind;

constexpr std::array<std::string_view, clerk_answer_kinds> labels{
    "answer=\"users\"",
    "answer=\"members\"",
    "answer=\"gone\"",
    "answer=\"useless\"",
    "answer=\"limited\"",
    "answer=\"away\"",
};

std::array<metrics::Counter*, clerk_answer_kinds> counters(metrics::Registry& registry) {
    std::array<metrics::Counter*, clerk_answer_kinds> counters{};
    for (std::size_t kind = 0; kind < counters.size(); ++kind) {
        counters[kind] = &registry.counter(
            "banter_clerk_questions_total",
            "questions to the Backend API of Clerk, by the answer",
            labels[kind]
        );
    }
    return counters;
}

}  // namespace

const ClerkUser* find_user(const ClerkAnswer& answer, std::string_view subject) {
    const auto found = std::ranges::find(answer.users, subject, &ClerkUser::subject);
    return found == answer.users.end() ? nullptr : &*found;
}

const ClerkMember* find_member(const ClerkAnswer& answer, std::string_view subject) {
    const auto found = std::ranges::find(answer.members, subject, &ClerkMember::subject);
    return found == answer.members.end() ? nullptr : &*found;
}

bool is_clerk_id(std::string_view subject) {
    const auto is_plain = [](char letter) { return is_letter_or_digit(letter) || letter == '_'; };
    return !subject.empty() && std::ranges::all_of(subject, is_plain);
}

ClerkQuestions::ClerkQuestions(ClerkDirectoryRules rules, const ClerkDirectoryParts& parts, Ask ask)
    : rules_(std::move(rules)),
      hooks_(parts.hooks),
      rates_(parts.rates),
      clock_(parts.clock),
      ids_(parts.ids),
      ask_(std::move(ask)),
      asked_(counters(parts.registry)),
      taken_(parts.registry.counter(
          "banter_clerk_taken_total",
          "users and members of whom Clerk had something new when it was asked"
      )) {}

bool ClerkQuestions::is_open() const {
    const SteadyTime now = clock_.steady();
    return now >= open_at_ && backoff_.is_due(now);
}

Task<bool> ClerkQuestions::permit() {
    std::string key = "clerk";
    const auto wait = co_await rates_.take(std::move(key), rules_.rate);
    if (wait) open_at_ = std::max(open_at_, clock_.steady() + *wait);
    co_return !wait;
}

Task<ClerkAnswer> ClerkQuestions::ask(ClerkQuestion question) {
    const SteadyTime asked_at = clock_.steady();
    ClerkAnswer answer = co_await ask_(question);
    asked_[static_cast<std::size_t>(answer.kind)]->add();
    note(answer, asked_at);
    note_proof(answer, question);
    co_return answer;
}

void ClerkQuestions::note(const ClerkAnswer& answer, SteadyTime asked_at) {
    constexpr std::chrono::milliseconds least = std::chrono::seconds(1);
    constexpr std::chrono::milliseconds most = limited_max;
    if (answer.kind == Kind::limited) {
        const auto pause = std::clamp(answer.retry_after, least, most);
        open_at_ = std::max(open_at_, clock_.steady() + pause);
        return;
    }
    if (answer.kind == Kind::useless)
        log::warning("an answer of Clerk is of no use", {{"why", answer.why}});
    if (is_final(answer)) {
        if (away_) log::info("Clerk answers again", {{"issuer", rules_.issuer}});
        away_ = false;
        backoff_.succeeded();
        return;
    }
    if (!away_)
        log::warning("Clerk does not answer", {{"issuer", rules_.issuer}, {"why", answer.why}});
    away_ = true;
    // Those that were under way together fail together, and that is one failure. (After one nothing
    // is asked for a while, so what was asked at the same time was so before it.)
    if (asked_at <= failed_at_) return;
    failed_at_ = clock_.steady();
    backoff_.failed(failed_at_);
}

void ClerkQuestions::note_proof(const ClerkAnswer& answer, const ClerkQuestion& question) {
    const auto is_named = [&](const std::string& one) {
        return find_user(answer, one) != nullptr || find_member(answer, one) != nullptr;
    };
    if (std::ranges::any_of(question.subjects, is_named)) proven_ = true;
    const bool none = answer.kind == Kind::gone || answer.kind == Kind::users;
    if (!none || proven_) return;
    log::warning(
        "Clerk has named nobody yet who has been here: is the secret key that of another instance?",
        {{"issuer", rules_.issuer}}
    );
}

storage::Hook ClerkQuestions::about(model::WorkspaceId workspace, std::string subject) const {
    storage::Hook hook;
    hook.workspace = workspace;
    hook.identity.issuer = rules_.issuer;
    hook.identity.subject = std::move(subject);
    hook.now = clock_.now();
    return hook;
}

Task<> ClerkQuestions::take(
    storage::KnownIdentity known,
    const ClerkAnswer& answer,
    bool asked_before
) {
    storage::Hook hook = about(rules_.workspace, known.subject);
    const ClerkUser* const user = find_user(answer, known.subject);
    if (user != nullptr) {
        // The same once more would undo what people have changed here since.
        if (user->updated_at <= known.updated_at) co_return;
        auto news = news_of(rules_.issuer, *user, ids_);
        // Whoever is asked for has been in some workspace, perhaps not in this one.
        news.makes = false;
        hook.says = std::move(news);
    } else if (answer.kind == Kind::gone && proven_ && asked_before) {
        hook.says = storage::IdentityEnd{};
    } else {
        co_return;
    }
    taken_.add();
    (void)co_await hooks_.take(std::move(hook));
}

Task<> ClerkQuestions::take_member(
    storage::KnownOrganization there,
    storage::KnownMember known,
    const ClerkAnswer& answer,
    Timestamp asked_at
) {
    const bool answers = answer.kind == Kind::members || answer.kind == Kind::gone;
    storage::Hook hook = about(there.workspace, known.subject);
    const ClerkMember* const member = find_member(answer, known.subject);
    if (member != nullptr) {
        const auto role = workspace_role(member->role);
        if (role == known.role || member->updated_at <= known.role_at) co_return;
        hook.says = storage::MemberNews{role, member->updated_at};
    } else if (answers && proven_ && known.role_at + settled_within <= asked_at) {
        hook.says = storage::MemberEnd{asked_at};
    } else {
        co_return;
    }
    taken_.add();
    (void)co_await hooks_.take(std::move(hook));
}

}  // namespace banter::service
