// The web app that was built into this program (cmake/web_assets.cmake); nothing if there was none.
#pragma once

#include "api/http/web_app.hpp"

#include <span>
#include <string_view>

namespace banter::app {

[[nodiscard]] std::span<const api::http::WebAsset> web_assets();

/// "'sha256-…'" of each script within its page, with spaces between.
[[nodiscard]] std::string_view web_script_hashes();

}  // namespace banter::app
