// Links to files, for the tests of what is encoded.
#pragma once

#include "api/wire/testing/samples.hpp"
#include "service/file_links.hpp"
#include "storage/cdn/local.hpp"

namespace banter::api::wire::testing {

/// Made at a_time.
inline const service::FileLinks& some_links() {
    static const cdn::LocalCdn cdn({}, "https://files.example");
    static const ManualClock clock{a_time};
    static const service::FileLinks links(cdn, clock);
    return links;
}

}  // namespace banter::api::wire::testing
