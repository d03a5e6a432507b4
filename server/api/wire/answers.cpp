#include "api/wire/answers.hpp"

#include "api/wire/pages.hpp"
#include "api/wire/replies.hpp"
#include "model/limits.hpp"

#include <utility>

namespace banter::api::wire {

namespace {

namespace limits = model::limits;

void append_threads(std::string& out, const model::Page<model::ThreadView>& page) {
    append_page(out, page, [&](const model::ThreadView& view) {
        append_thread(out, view, Audience::asker);
    });
}

void append_limits(std::string& out, const ConfigFacts& facts) {
    const std::pair<std::string_view, std::uint64_t> numbers[] = {
        {"contentBytes", limits::content_bytes_max},
        {"attachments", limits::attachments_max},
        {"mentions", limits::mentions_max},
        {"handleBytesMin", limits::handle_bytes_min},
        {"handleBytes", limits::handle_bytes_max},
        {"nameCodePoints", limits::name_code_points_max},
        {"topicCodePoints", limits::topic_code_points_max},
        {"passwordBytesMin", limits::password_bytes_min},
        {"passwordBytes", limits::password_bytes_max},
        {"reactions", limits::reactions_max},
        {"joinedThreads", limits::joined_threads_max},
        {"page", limits::page_max},
        {"fileBytes", facts.file_bytes_max},
        {"pictureBytes", limits::picture_bytes_max},
        {"fileNameBytes", limits::file_name_bytes_max},
        {"sendsPerSecond", static_cast<std::uint64_t>(facts.sends_per_second)},
        {"requestsPerSecond", static_cast<std::uint64_t>(facts.requests_per_second)},
    };
    out += R"("limits":{)";
    const char* separator = "\"";
    for (const auto& [name, number] : numbers) {
        out += separator;
        out += name;
        out += "\":";
        append_number(out, number);
        separator = ",\"";
    }
    out += '}';
}

/// A way to sign in that is off is absent.
void append_clerk(std::string& out, std::string_view publishable_key) {
    if (publishable_key.empty()) return;
    out += R"(,"clerk":{"publishableKey":)";
    append_quoted(out, publishable_key);
    out += '}';
}

/// The same.
void append_issuers(std::string& out, const std::vector<IssuerFacts>& issuers) {
    if (issuers.empty()) return;
    out += R"(,"oidc":[)";
    for (const IssuerFacts& issuer : issuers) {
        if (!out.ends_with('[')) out += ',';
        out += R"({"name":)";
        append_quoted(out, issuer.name);
        out += R"(,"url":)";
        append_quoted(out, issuer.url);
        out += '}';
    }
    out += ']';
}

}  // namespace

std::string config(const ConfigFacts& facts) {
    std::string out = R"({"name":)";
    append_quoted(out, facts.name);
    out += R"(,"version":)";
    append_quoted(out, BANTER_VERSION);
    out += R"(,"auth":{"local":{"signUp":)";
    append_quoted(out, facts.sign_up);
    out += "}";
    append_clerk(out, facts.clerk_publishable_key);
    append_issuers(out, facts.issuers);
    out += "},";
    append_limits(out, facts);
    out += facts.setup ? R"(,"setup":true})" : R"(,"setup":false})";
    return out;
}

std::string boot(const BootFacts& facts) {
    std::string out = R"({"user":)";
    append_user(out, facts.user);
    out += R"(,"workspace":)";
    append_workspace(out, facts.workspace, facts.role);
    out += R"(,"threads":)";
    append_threads(out, facts.threads);
    out += R"(,"users":)";
    append_users(out, facts.users);
    out += R"(,"epoch":)";
    append_quoted(out, facts.epoch);
    out += R"(,"serverTime":)";
    append_time(out, facts.server_time);
    out += '}';
    return out;
}

std::string granted(const model::User& user, std::string_view token, Timestamp expires_at) {
    std::string out = R"({"user":)";
    append_user(out, user);
    out += R"(,"token":)";
    append_quoted(out, token);
    out += R"(,"tokenExpiresAt":)";
    append_time(out, expires_at);
    out += '}';
    return out;
}

std::string user(const model::User& user) {
    std::string out;
    append_user(out, user);
    return out;
}

std::string account(const model::User& user) {
    std::string out;
    append_account(out, user);
    return out;
}

std::string accounts(const model::Page<model::User>& page) {
    std::string out;
    append_page(out, page, [&](const model::User& user) { append_account(out, user); });
    return out;
}

std::string thread(const model::ThreadView& view) {
    std::string out;
    append_thread(out, view, Audience::asker);
    return out;
}

std::string threads(const model::Page<model::ThreadView>& page) {
    std::string out;
    append_threads(out, page);
    return out;
}

std::string member(const model::Member& member) {
    std::string out;
    append_member(out, member);
    return out;
}

std::string members(const model::Page<model::Member>& page, const std::vector<model::User>& users) {
    std::string out = R"({"items":[)";
    const char* separator = "";
    for (const model::Member& one : page.items) {
        out += separator;
        append_member(out, one);
        separator = ",";
    }
    out += ']';
    append_next(out, page.next);
    out += R"(,"users":)";
    append_users(out, users);
    out += '}';
    return out;
}

std::string message(const model::Message& message, const service::FileLinks& links) {
    std::string out;
    append_message(out, message, Audience::asker, links);
    return out;
}

std::string attachment(const model::File& file, const service::FileLinks& links) {
    std::string out;
    append_attachment(out, file, links);
    return out;
}

std::string messages(
    const service::MessagesPage& page,
    const std::optional<std::string>& next,
    const service::FileLinks& links
) {
    std::string out = R"({"items":)";
    append_messages(out, page.messages, Audience::asker, links);
    append_next(out, next);
    out += R"(,"users":)";
    append_users(out, page.users);
    out += '}';
    return out;
}

std::string reacted(const service::Reacted& reacted) {
    std::string out = R"({"items":)";
    append_users(out, reacted.users);
    out += R"(,"count":)";
    append_number(out, reacted.count);
    append_next(out, reacted.next);
    out += '}';
    return out;
}

std::string read_state(const service::ReadState& state) {
    std::string out = "{";
    append_read_state(out, state);
    out += '}';
    return out;
}

}  // namespace banter::api::wire
