// How the issuers of OpenID Connect are written: parts such as name=corp with commas between them,
// issuers with semicolons between them.
#pragma once

#include "app/config.hpp"

#include <string>
#include <vector>

namespace banter::app {

/// Returns a sentence that goes on from the option's name; empty: the value is taken.
[[nodiscard]] std::string parse_oidc(std::vector<OidcConfig>& field, const std::string& value);

/// The same issuers as text.
[[nodiscard]] std::string oidc_text(const std::vector<OidcConfig>& issuers);

}  // namespace banter::app
