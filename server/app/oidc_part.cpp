#include "app/oidc_part.hpp"

#include "app/read_file.hpp"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace banter::app {

namespace {

/// Somebody looks at an empty page meanwhile.
constexpr std::chrono::seconds answered_within{5};

/// The first line: editors end a file with one more.
std::string secret_in(const std::filesystem::path& file) {
    if (file.empty()) return {};
    const std::string text = read_file(file);
    std::string secret = text.substr(0, text.find_first_of("\r\n"));
    if (secret.empty())
        throw std::runtime_error(fmt::format("{} has no secret in its first line", file.string()));
    return secret;
}

service::OidcClient client_of(const OidcConfig& config) {
    return {
        .name = config.name,
        .issuer = config.issuer,
        .client_id = config.client_id,
        .client_secret = secret_in(config.client_secret_file),
        .scopes = config.scopes,
    };
}

}  // namespace

OidcPart::OidcPart(const Config& config, net::Shards& shards, const Clock& clock)
    : issuers_{shards[0].executor(), {}} {
    if (config.oidc.empty()) return;
    client_.emplace(shards[0].executor(), shards[0].limits());
    for (const OidcConfig& issuer : config.oidc) {
        auto fetch_answer = [this](service::OidcCall call) { return fetch(std::move(call)); };
        issuers_.all.push_back(std::make_unique<service::OidcIssuer>(
            issuers_.loop, clock, client_of(issuer), std::move(fetch_answer)
        ));
    }
}

Task<Result<service::OidcAnswer>> OidcPart::fetch(service::OidcCall call) {
    net::http::ClientRequest request;
    request.url = call.url;
    request.within = answered_within;
    request.headers.set("Accept", "application/json");
    if (!call.authorization.empty()) request.headers.set("Authorization", call.authorization);
    if (!call.form.empty()) {
        request.method = "POST";
        request.headers.set("Content-Type", "application/x-www-form-urlencoded");
        request.body = call.form;
    }
    auto answer = co_await client_->fetch(std::move(request), service::oidc_answer_bytes_max);
    if (!answer) co_return Error{Errc::internal, answer.error().text};
    co_return service::OidcAnswer{answer->status, std::move(answer->body)};
}

}  // namespace banter::app
