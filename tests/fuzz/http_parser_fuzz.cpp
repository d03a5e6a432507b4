// Any bytes as requests: whole or in pieces they are read alike, and what is read keeps its
// promises.
#include "base/check.hpp"
#include "net/http/parser.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace banter::net;
using namespace banter::net::http;

struct Reading {
    int status = 0;
    std::vector<std::string> requests;

    friend bool operator==(const Reading&, const Reading&) = default;
};

void check_promises(const Request& request) {
    CHECK(!request.method.empty());
    for (std::size_t i = 0; i < request.path.size(); ++i) {
        const std::string& segment = request.path[i];
        CHECK(segment != "." && segment != "..");
        CHECK(segment.find('/') == std::string::npos);
        CHECK(segment.find('\0') == std::string::npos);
        CHECK(!segment.empty() || i + 1 == request.path.size());
    }
    for (const auto& [name, value] : request.headers) {
        CHECK(name.find_first_of("\r\n: ") == std::string::npos);
        CHECK(value.find_first_of("\r\n") == std::string::npos);
    }
    CHECK(request.minor_version == 0 || request.headers.find_all("Host").size() == 1);
    CHECK(
        request.headers.find_all("Content-Length").size() +
            request.headers.find_all("Transfer-Encoding").size() <=
        1
    );
}

/// Appends the body of the last request, as far as it is there. False: its end is not.
bool read_streamed(Parser& parser, Reading& reading) {
    std::string body;
    const BodyReader::State state = parser.read_streamed(body);
    if (state == BodyReader::State::malformed || state == BodyReader::State::too_large) return true;
    reading.requests.back() += body;
    return state == BodyReader::State::done;
}

/// streamed: the bodies are taken as they come, but read the same.
Reading read(std::string_view bytes, std::size_t piece, bool streamed = false) {
    static const Limits limits;
    Parser parser(limits, [&](const Request&) {
        return BodyRule{limits.body_bytes_max, streamed};
    });
    Reading reading;
    while (!bytes.empty()) {
        parser.feed(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        for (;;) {
            if (parser.streaming() && !read_streamed(parser, reading)) break;
            auto outcome = parser.next();
            if (std::holds_alternative<NeedMore>(outcome)) break;
            if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
                reading.status = refusal->status;
                return reading;
            }
            const auto& request = std::get<Request>(outcome);
            check_promises(request);
            CHECK(request.body.size() <= limits.body_bytes_max);
            reading.requests.push_back(request.method + " " + request.target + "\n" + request.body);
        }
    }
    return reading;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    const Reading whole = read(text, size);
    CHECK(read(text, 1) == whole);
    CHECK(read(text, 13) == whole);
    // A body that is cut off or refused has begun, but the requests before it are the same.
    const Reading streamed = read(text, size, true);
    CHECK(read(text, 1, true).status == streamed.status);
    CHECK(streamed.status == whole.status);
    CHECK(streamed.requests.size() >= whole.requests.size());
    CHECK(std::equal(whole.requests.begin(), whole.requests.end(), streamed.requests.begin()));
    return 0;
}
