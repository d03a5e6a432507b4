// Any text as a command: read or refused, and what is refused says why.
#include "api/wire/bodies.hpp"
#include "api/wire/commands.hpp"
#include "api/wire/replies.hpp"
#include "base/check.hpp"

#include <boost/json/parse.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace banter;
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    const api::wire::Request request = api::wire::parse_request(text);
    if (request.command.has_error()) {
        CHECK(!request.command.error().detail.empty());
        boost::json::error_code failure;
        const std::string answer = api::wire::error(request.id, request.command.error());
        static_cast<void>(boost::json::parse(answer, failure));
        CHECK(!failure);
    } else {
        CHECK(!request.malformed);
    }
    static_cast<void>(api::wire::read_create_thread(text));
    static_cast<void>(api::wire::read_send_body(text, {}));
    return 0;
}
