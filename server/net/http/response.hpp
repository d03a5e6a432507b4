// An HTTP response as values. Content-Length, Transfer-Encoding, Date and Connection are the
// serializer's.
#pragma once

#include "base/budget.hpp"
#include "base/descriptor.hpp"
#include "net/http/headers.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace banter::net::http {

class BodySource;

/// Lets a response own a source whose type is known to few (body_source.hpp).
struct BodySourceDeleter {
    void operator()(BodySource* source) const;
};

/// A body that is sent as it is read.
struct SourcedBody {
    std::unique_ptr<BodySource, BodySourceDeleter> source;
    /// Nothing: it is sent in chunks, which peers of HTTP/1.0 don't know.
    std::optional<std::uint64_t> length = 0;
};

/// A body that lies in a file and goes from there to the socket (sendfile(2)).
struct FileBody {
    /// Of a regular file or what can be mapped like one, open for reading. Its own place in the
    /// file is not moved.
    Descriptor file;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    /// Of the files that may be on their way at once; given back when it has left.
    Share place = {};
};

/// Neither `body` nor a stream is sent, but both are counted, in answer to HEAD.
struct Response {
    int status = 200;
    Headers headers;
    std::string body;
    /// Takes the place of `body`, if there is one. Where it fails in the middle or is not as long
    /// as it says, the connection is cut: the length in the head tells the peer that something is
    /// missing.
    std::variant<std::monostate, SourcedBody, FileBody> stream;
    /// Closes the connection after this response.
    bool close = false;

    [[nodiscard]] static Response of(int status, std::string_view media_type, std::string body);
    /// No body and no Content-Type.
    [[nodiscard]] static Response empty(int status);

    [[nodiscard]] bool streamed() const { return stream.index() != 0; }
    /// Whether nobody knows how long the body is.
    [[nodiscard]] bool chunked() const;
    /// Bytes of the body, wherever it comes from; 0 if it is chunked.
    [[nodiscard]] std::uint64_t body_bytes() const;
};

/// "Not Found" for 404; "Unknown" for a number without a name.
[[nodiscard]] std::string_view reason_phrase(int status);

}  // namespace banter::net::http
