// Why a request is refused before anyone is asked.
#pragma once

#include <string_view>

namespace banter::net::http {

/// After one, nothing more can be read from the connection: where the next request begins is not
/// certain.
struct Refusal {
    int status = 400;
    /// A constant sentence.
    std::string_view why;
};

}  // namespace banter::net::http
