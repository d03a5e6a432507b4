// docs/configuration.md, from the table of options. Pure.
#pragma once

#include <string>

namespace banter::app {

[[nodiscard]] std::string config_doc();

}  // namespace banter::app
