#include "app/clerk_backend.hpp"

#include "api/wire/clerk_users.hpp"
#include "app/read_file.hpp"
#include "base/ascii.hpp"

#include <boost/asio/redirect_error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace banter::app {

namespace {

using service::ClerkAnswer;
using service::ClerkQuestion;
using Kind = ClerkAnswer::Kind;

/// Half of what Clerk allows in 10 seconds, burst and all: the rest is for others with the key.
/// clerk.com/docs/guides/how-clerk-works/system-limits: 1,000, and 100 for development.
constexpr storage::Rate live_rate{.per_second = 25, .burst = 250};
constexpr storage::Rate development_rate{.per_second = 2.5, .burst = 25};

constexpr std::chrono::seconds answered_within{10};
constexpr std::chrono::milliseconds go_on_every{250};
/// A hundred users with all that they may have at Clerk.
constexpr std::size_t answer_bytes_max = 4 * 1024 * 1024;
/// In which its answers are as they are read here, whatever comes later.
constexpr std::string_view api_version = "2025-11-10";

/// Whether a user is asked for alone, not in a list.
bool is_alone(const ClerkQuestion& question) {
    return !question.organization && question.subjects.size() == 1;
}

std::string url_of(const std::string& api, const ClerkQuestion& question) {
    if (is_alone(question)) return fmt::format("{}/v1/users/{}", api, question.subjects.front());
    std::string url = api + "/v1/users";
    if (question.organization)
        url = fmt::format("{}/v1/organizations/{}/memberships", api, *question.organization);
    url += fmt::format("?limit={}", service::ClerkQuestions::page_max);
    for (const std::string& subject : question.subjects) url += "&user_id=" + subject;
    return url;
}

std::chrono::milliseconds advice_in(const net::http::Headers& headers) {
    constexpr std::uint32_t seconds_max = 3'600;
    const std::string* const text = headers.find("Retry-After");
    std::uint32_t seconds = 0;  // also of a date, which Clerk doesn't give
    if (text != nullptr) std::from_chars(text->data(), text->data() + text->size(), seconds);
    return std::chrono::seconds(std::min(seconds, seconds_max));
}

/// Whether the same question would be answered so again.
bool is_about_the_question(int status) {
    return status == 400 || status == 410 || status == 413 || status == 414 || status == 422 ||
           status == 431;
}

ClerkAnswer read_users(const std::string& body, bool alone) {
    ClerkAnswer answer;
    auto users = api::wire::read_clerk_users(body);
    if (!users) {
        answer.why = "its answer is no list and no user";
    } else if (alone && users->empty()) {
        answer.kind = Kind::useless;
        answer.why = "the user in it can't be read";
    } else {
        answer.kind = Kind::users;
        answer.users = *std::move(users);
    }
    return answer;
}

/// Who is left out of it is taken to be no member, so it has to be about those who were asked for.
ClerkAnswer read_members(const std::string& body, const ClerkQuestion& question) {
    ClerkAnswer answer;
    auto read = api::wire::read_clerk_members(body);
    if (!read) {
        answer.why = "its answer is no list";
        return answer;
    }
    const auto was_asked_for = [&](const service::ClerkMember& member) {
        return member.organization == *question.organization &&
               std::ranges::count(question.subjects, member.subject) > 0;
    };
    answer.kind = Kind::useless;
    if (!read->whole) {
        answer.why = "a member in it can't be read";
    } else if (!std::ranges::all_of(read->members, was_asked_for)) {
        answer.why = "it names members who were not asked for";
    } else {
        answer.kind = Kind::members;
        answer.members = std::move(read->members);
    }
    return answer;
}

ClerkAnswer read_answer(const net::http::WholeResponse& response, const ClerkQuestion& question) {
    const bool alone = is_alone(question);
    if (response.status == 200) {
        return question.organization ? read_members(response.body, question)
                                     : read_users(response.body, alone);
    }
    ClerkAnswer answer;
    answer.why = fmt::format("its answer has the status {}", response.status);
    if (response.status == 401 || response.status == 403)
        answer.why += ": the secret key does not count there";
    // Where nothing is told of members, as there are no organizations or a proxy passes on users
    // alone, users are told of all the same.
    if (question.organization && (response.status == 403 || response.status == 404))
        answer.kind = Kind::useless;
    const bool is_of_one = alone || question.organization;
    if (response.status == 404 && is_of_one && api::wire::says_not_found(response.body))
        answer.kind = Kind::gone;
    if (response.status == 429) {
        answer.kind = Kind::limited;
        answer.retry_after = advice_in(response.headers);
    }
    if (is_about_the_question(response.status)) answer.kind = Kind::useless;
    return answer;
}

ClerkKey read_key(const Config& config) {
    try {
        return parse_clerk_key(read_file(config.clerk_secret_key_file));
    } catch (const std::invalid_argument& mistake) {
        throw std::runtime_error(
            fmt::format("{} {}", config.clerk_secret_key_file.string(), mistake.what())
        );
    }
}

service::ClerkDirectoryRules rules_of(
    const Config& config,
    const storage::Installation& installation,
    const ClerkKey& key
) {
    return {
        .issuer = config.clerk_issuer,
        .workspace = installation.workspace.id,
        .rate = key.live ? live_rate : development_rate,
    };
}

}  // namespace

ClerkKey parse_clerk_key(std::string_view text) {
    constexpr std::size_t rest_min = 16;
    constexpr std::size_t rest_max = 256;
    std::string_view key = text.substr(0, text.find_first_of("\r\n"));
    if (key.empty()) throw std::invalid_argument("has no secret key in its first line");
    const bool live = key.starts_with("sk_live_");
    const bool known = live || key.starts_with("sk_test_");
    const std::string_view rest = known ? key.substr(std::string_view("sk_live_").size()) : key;
    const auto is_plain = [](char letter) {
        return is_letter_or_digit(letter) || letter == '_' || letter == '-';
    };
    const bool fits = rest.size() >= rest_min && rest.size() <= rest_max;
    if (!known || !fits || !std::ranges::all_of(rest, is_plain)) {
        throw std::invalid_argument(
            "has no secret key of Clerk in its first line: those begin with sk_live_ or sk_test_"
        );
    }
    return {std::string(key), live};
}

ClerkBackend::ClerkBackend(const Config& config, const Parts& parts)
    : key_(read_key(config)),
      api_(config.clerk_api),
      ids_(parts.clock, random_),
      hooks_(parts.database),
      checks_(parts.database),
      client_(parts.shards[0].executor(), parts.shards[0].limits()),
      offload_(parts.offload),
      directory_(
          rules_of(config, parts.installation, key_),
          {parts.shards.loops(),
           hooks_,
           checks_,
           parts.rates,
           parts.clock,
           random_,
           ids_,
           parts.registry},
          [this](ClerkQuestion question) { return ask(std::move(question)); }
      ),
      timer_(parts.shards[0].executor()),
      tasks_(parts.shards[0].executor()) {}

void ClerkBackend::start() { tasks_.spawn("the users of Clerk", keep_going()); }

Task<> ClerkBackend::stop() {
    stopping_ = true;
    timer_.cancel();
    co_await directory_.stop();
    co_await tasks_.wait();
}

Task<> ClerkBackend::keep_going() {
    while (!stopping_) {
        directory_.go_on();
        timer_.expires_after(go_on_every);
        boost::system::error_code cancelled;
        co_await timer_.async_wait(asio::redirect_error(use_task, cancelled));
    }
}

Task<ClerkAnswer> ClerkBackend::ask(ClerkQuestion question) {
    net::http::ClientRequest request;
    request.url = url_of(api_, question);
    request.within = answered_within;
    request.headers.set("Accept", "application/json");
    request.headers.set("Authorization", "Bearer " + key_.text);
    request.headers.set("Clerk-API-Version", std::string(api_version));
    auto response = co_await client_.fetch(std::move(request), answer_bytes_max);
    if (response) {
        auto read = [response = *std::move(response), question = std::move(question)] {
            return read_answer(response, question);
        };
        co_return co_await offload_.run(std::move(read));
    }
    ClerkAnswer answer;
    answer.why = response.error().text;
    // By themselves users may be small enough.
    if (response.error().kind == net::http::CallFailure::Kind::too_large)
        answer.kind = Kind::useless;
    co_return answer;
}

}  // namespace banter::app
