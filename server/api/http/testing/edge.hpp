// The HTTP edge over all real services and the real parser of requests, without sockets.
#pragma once

#include "api/http/router.hpp"
#include "net/http/parser.hpp"
#include "service/testing/world.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace banter::api::http::testing {

/// What the connection of an accepted upgrade would have been made from.
class SilentConnection final : public net::websocket::Application {
public:
    void on_open(net::websocket::Session& /*session*/) override {}
    void on_text(std::string_view /*payload*/) override {}
    void on_closed() override {}
};

class Edge {
public:
    explicit Edge(
        storage::Rate requests = {},
        std::string public_url = "http://chat.example",
        storage::Rate failed_tokens = {}
    )
        : oidc_(
              issuers_,
              world.issuer,
              service::Identities(world->storage, world.installation(), world.clock, world->ids),
              world->sign_ins,
              world->storage,
              world.clock,
              random_
          ),
          clerk_hooks_(clerk_rules, world->storage, world.installation(), world.clock, world->ids),
          requests_(requests, world->storage.rates),
          failed_tokens_(failed_tokens, world->storage.rates),
          services_{
              world->auth,
              world->sign_ins,
              world->access_tokens,
              world->registration,
              world->invites,
              world->accounts,
              oidc_,
              clerk_hooks_,
              world->users,
              world->bots,
              world->threads,
              world->messages,
              world->files,
              world->uploads,
              world->file_links,
              world->read_marks,
              world->typing,
              world->presences,
              requests_,
              failed_tokens_,
              world.issuer,
              world.installation()},
          site{
              .origins = Origins({.public_url = std::move(public_url)}, {"https://app.example"}),
              .proxies = Proxies({"10.0.0.0/8"}),
              .registry = registry,
              .address = "http://chat.example",
              .sends_per_second = 50,
              .requests_per_second = 100,
              .downloads = downloads,
              .metrics_token = std::nullopt,
              .ready = [this] { return answer_ready(); },
          },
          router(services_, site, world.clock, registry, [this](ws::Opening opening) {
              openings.push_back(std::move(opening));
              return std::make_unique<SilentConnection>();
          }) {}

    /// head: "GET /api/me" and further header lines, each begun by CRLF.
    static net::http::Request request(const std::string& head, const std::string& body = "") {
        static const net::Limits limits;
        net::http::Parser parser(limits);
        const std::size_t line = std::min(head.find("\r\n"), head.size());
        std::string text =
            head.substr(0, line) + " HTTP/1.1\r\nHost: chat.example" + head.substr(line);
        if (!body.empty()) text += "\r\nContent-Length: " + std::to_string(body.size());
        text += "\r\n\r\n" + body;
        parser.feed(text);
        auto parsed = parser.next();
        auto* whole = std::get_if<net::http::Request>(&parsed);
        if (whole == nullptr) throw std::runtime_error("no request: " + head);
        whole->peer_address = "127.0.0.1";
        return std::move(*whole);
    }

    net::http::Response respond(net::http::Request asked) {
        return world.run(router.respond(std::move(asked)));
    }
    net::http::Response ask(const std::string& head, const std::string& body = "") {
        return respond(request(head, body));
    }
    /// As `handle`, with a token of `banter token`; a body is JSON.
    net::http::Response ask_as(
        const std::string& handle,
        const std::string& head,
        const std::string& body = ""
    ) {
        std::string full = head + "\r\nAuthorization: Bearer " + world.token("handle:" + handle);
        if (!body.empty()) full += "\r\nContent-Type: application/json";
        return ask(full, body);
    }
    /// The same, which has to give `status`: its body as JSON.
    boost::json::value ok(
        const std::string& handle,
        const std::string& head,
        const std::string& body = "",
        int status = 200
    ) {
        const auto response = ask_as(handle, head, body);
        EXPECT_EQ(response.status, status) << head << ": " << response.body;
        return boost::json::parse(response.body);
    }

    net::http::UpgradeDecision upgrade(const std::string& head) {
        return world.run(router.upgrade(request(head)));
    }

    service::World world;
    metrics::Registry registry;
    Budget downloads{100};
    service::ClerkHookRules clerk_rules{"https://clerk.example", std::nullopt};
    std::vector<ws::Opening> openings;
    bool ready = true;
    std::exception_ptr not_ready;

private:
    Task<bool> answer_ready() {
        if (not_ready) std::rethrow_exception(not_ready);
        co_return ready;
    }

    SeededRandom random_{7};
    service::OidcIssuers issuers_{world.executor(), {}};
    service::OidcSignIns oidc_;
    service::ClerkHooks clerk_hooks_;
    service::Requests requests_;
    service::FailedTokens failed_tokens_;
    service::Services services_;

public:
    Site site;
    Router router;
};

/// The status and code of a problem, such as "404 not_found".
inline std::string trouble(const net::http::Response& response) {
    boost::json::error_code failure;
    const auto json = boost::json::parse(response.body, failure);
    const auto* object = json.if_object();
    std::string text = std::to_string(response.status);
    if (object != nullptr && object->contains("code"))
        text += " " + std::string(object->at("code").as_string());
    return text;
}

}  // namespace banter::api::http::testing
