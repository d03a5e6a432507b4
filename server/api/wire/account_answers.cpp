#include "api/wire/account_answers.hpp"

#include "api/wire/entities.hpp"
#include "api/wire/pages.hpp"

namespace banter::api::wire {

namespace {

void append_sign_in(
    std::string& out,
    const model::SignIn& sign_in,
    std::optional<model::SignInId> current
) {
    out += R"({"id":)";
    append_id(out, sign_in.id);
    out += R"(,"createdAt":)";
    append_time(out, sign_in.created_at);
    out += R"(,"lastUsedAt":)";
    append_time(out, sign_in.last_used_at);
    out += R"(,"expiresAt":)";
    append_time(out, sign_in.expires_at);
    out += R"(,"userAgent":)";
    append_quoted(out, sign_in.user_agent);
    out += R"(,"address":)";
    append_quoted(out, sign_in.address);
    out += current == sign_in.id ? R"(,"current":true})" : R"(,"current":false})";
}

void append_about(std::string& out, const model::AccessToken& token) {
    out += R"({"id":)";
    append_id(out, token.id);
    out += R"(,"name":)";
    append_quoted(out, token.name);
    out += R"(,"createdAt":)";
    append_time(out, token.created_at);
    out += R"(,"lastUsedAt":)";
    append_time(out, token.last_used_at);
    out += R"(,"expiresAt":)";
    append_time(out, token.expires_at);
    if (!token.scopes) return;
    out += R"(,"scopes":[)";
    const char* separator = "";
    for (const auto scope : model::all_scopes) {
        if (!token.scopes->has(scope)) continue;
        out += separator;
        append_quoted(out, wire_name(scope));
        separator = ",";
    }
    out += ']';
}

void append_about(std::string& out, const model::Invite& invite) {
    out += R"({"id":)";
    append_id(out, invite.id);
    out += R"(,"role":)";
    append_quoted(out, wire_name(invite.role));
    out += R"(,"maxUses":)";
    if (invite.uses_max) {
        append_number(out, *invite.uses_max);
    } else {
        out += "null";
    }
    out += R"(,"uses":)";
    append_number(out, invite.uses);
    out += R"(,"threadIds":)";
    append_ids(out, invite.threads);
    out += R"(,"createdBy":)";
    append_id(out, invite.created_by);
    out += R"(,"createdAt":)";
    append_time(out, invite.created_at);
    out += R"(,"expiresAt":)";
    append_time(out, invite.expires_at);
}

}  // namespace

std::string invites(const model::Page<model::Invite>& page) {
    std::string out;
    append_page(out, page, [&](const model::Invite& invite) {
        append_about(out, invite);
        out += '}';
    });
    return out;
}

std::string made_invite(const model::Invite& about, std::string_view code, std::string_view url) {
    std::string out;
    append_about(out, about);
    out += R"(,"code":)";
    append_quoted(out, code);
    out += R"(,"url":)";
    append_quoted(out, url);
    out += '}';
    return out;
}

std::string access_tokens(const model::Page<model::AccessToken>& page) {
    std::string out;
    append_page(out, page, [&](const model::AccessToken& token) {
        append_about(out, token);
        out += '}';
    });
    return out;
}

std::string made_access_token(const model::AccessToken& about, std::string_view token) {
    std::string out;
    append_about(out, about);
    out += R"(,"token":)";
    append_quoted(out, token);
    out += '}';
    return out;
}

std::string sign_ins(
    const model::Page<model::SignIn>& page,
    std::optional<model::SignInId> current
) {
    std::string out;
    append_page(out, page, [&](const model::SignIn& sign_in) {
        append_sign_in(out, sign_in, current);
    });
    return out;
}

}  // namespace banter::api::wire
