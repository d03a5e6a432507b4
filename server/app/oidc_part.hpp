// The issuers of OpenID Connect, made from the configuration. They live on the first loop, from
// where alone they are asked.
#pragma once

#include "app/config.hpp"
#include "base/clock.hpp"
#include "net/http/client.hpp"
#include "net/shards.hpp"
#include "service/oidc_sign_ins.hpp"

#include <optional>

namespace banter::app {

class OidcPart {
public:
    /// Throws std::runtime_error with a sentence for the operator. Asks nobody: an issuer that is
    /// away keeps no server from starting.
    OidcPart(const Config& config, net::Shards& shards, const Clock& clock);

    [[nodiscard]] const service::OidcIssuers& issuers() const { return issuers_; }

private:
    [[nodiscard]] Task<Result<service::OidcAnswer>> fetch(service::OidcCall call);

    std::optional<net::http::Client> client_;
    service::OidcIssuers issuers_;
};

}  // namespace banter::app
