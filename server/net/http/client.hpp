// Requests to other servers over HTTP/1.1, on a shard's own loop. Each is made once, as it is
// given: no redirect is followed, nothing is tried again, and no proxy and no password comes from
// the environment. Only where the peer has closed a connection that was kept, and answered nothing,
// the request goes over a new one, if it may be made twice and its body can be. TLS is verified.
#pragma once

#include "base/task.hpp"
#include "net/http/headers.hpp"
#include "net/limits.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace banter::net::http {

class CurlLoop;
class Transfer;

struct ClientRequest {
    std::string method = "GET";
    /// Absolute, with http or https; encoded, as it is sent.
    std::string url;
    /// Sent as they are; Host and Content-Length are added.
    Headers headers;
    /// Stays as it is until the call has ended.
    std::string_view body;
    /// In bytes, of a body that is given with Call::send instead.
    std::optional<std::uint64_t> streamed_bytes;
    /// From the start to the end of the answer. None: the peer only has to keep the least rate.
    std::optional<std::chrono::milliseconds> within;
    /// In place of limits.outgoing_grace.
    std::optional<std::chrono::milliseconds> grace;
};

/// Why there is no answer, or not all of it.
struct CallFailure {
    enum class Kind {
        busy,         // limits.outgoing_calls_max are under way
        unreachable,  // no connection in time
        untrusted,    // the peer isn't who it should be, by its certificate
        lost,         // the connection broke
        too_slow,     // slower than limits.body_rate_min, or longer than ClientRequest::within
        too_large,    // more was answered than is taken
        malformed     // the URL or the answer isn't one
    };

    Kind kind = Kind::lost;
    /// For the operator's log: names the host, but no header and no body.
    std::string text;

    /// Whether the peer may have acted on the request.
    [[nodiscard]] bool perhaps_done() const {
        return kind != Kind::busy && kind != Kind::unreachable && kind != Kind::untrusted;
    }
};

template <typename T>
using Outcome = boost::system::result<T, CallFailure>;

struct ResponseHead {
    int status = 0;
    Headers headers;
};

struct WholeResponse {
    int status = 0;
    Headers headers;
    std::string body;
};

/// A request under way; one call at a time. Dropping it ends it, and its connection unless all of
/// the answer was read.
class Call {
public:
    explicit Call(std::unique_ptr<Transfer> transfer);
    Call(Call&& other) noexcept;
    Call& operator=(Call&&) = delete;
    ~Call();

    /// Gives the next bytes of a streamed body. Returns when they are on their way: who reads them
    /// elsewhere only after that becomes as slow as the peer. Returns too when the peer has
    /// answered without waiting for them. Nothing, or why it failed.
    ///
    /// piece  together not more than streamed_bytes
    [[nodiscard]] Task<std::optional<CallFailure>> send(std::string_view piece);

    /// Waits for the head of the answer; those of status 1xx are passed over.
    [[nodiscard]] Task<Outcome<ResponseHead>> head();

    /// The next bytes of the answer's body, some limits.outgoing_ready_bytes_max at most; none at
    /// its end. While nobody asks, the peer has to wait. A body that is cut off ends in a failure.
    [[nodiscard]] Task<Outcome<std::string>> next();

private:
    std::unique_ptr<Transfer> transfer_;
};

struct ClientOptions {
    /// Certificates of who is trusted, as PEM; empty: those that the system trusts.
    std::string ca_file;
};

/// One per shard. Keeps connections for the next request to the same host; one that may not be made
/// twice (RFC 9110, 9.2.2) takes none of those.
class Client {
public:
    /// Loads libcurl. Throws std::runtime_error if that isn't installed.
    Client(Executor executor, const Limits& limits, ClientOptions options = {});
    /// CHECKs that no call is left.
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Starts a request.
    [[nodiscard]] Outcome<Call> start(const ClientRequest& request);

    /// Makes a request and takes its answer whole: too_large beyond `body_bytes_max`.
    [[nodiscard]] Task<Outcome<WholeResponse>> fetch(
        ClientRequest request,
        std::size_t body_bytes_max
    );

    /// How many calls are under way.
    [[nodiscard]] std::size_t calls() const;

private:
    Limits limits_;
    ClientOptions options_;
    std::unique_ptr<CurlLoop> loop_;
};

}  // namespace banter::net::http
