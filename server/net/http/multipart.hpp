// A body of multipart/form-data (RFC 7578, RFC 2046 5.1) in parts: bytes in, heads and pieces of
// bodies out. Pure; it holds nothing of a part's body.
//
// Stricter than the RFC, as no client in use needs more: nothing before the first boundary, nothing
// but a CRLF behind the last, no white space behind a boundary, CRLF alone ends a line.
#pragma once

#include "net/limits.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace banter::net::http {

/// The boundary that a Content-Type names; nothing if that is no multipart/form-data, or the
/// boundary is missing, repeated, longer than 70 bytes or no boundary (RFC 2046 5.1.1).
[[nodiscard]] std::optional<std::string> multipart_boundary(std::string_view content_type);

/// All of it as the peer claims, in UTF-8 without control characters, and nothing else: a name may
/// be a path, a media type may be anything.
struct PartHead {
    std::string name;
    /// Of filename*, else of filename; nothing: a plain field. `%22` in the latter, as browsers
    /// write it, is a quote again.
    std::optional<std::string> filename;
    /// "text/plain" if none is claimed.
    std::string media_type;
};

/// At least one byte of the present part's body; points into the input or the parser.
struct PartBytes {
    std::string_view bytes;
};

struct PartEnd {};

/// The final boundary.
struct MultipartEnd {};

struct MultipartFault {
    /// A constant sentence.
    std::string_view why;
    /// A limit was passed; else the body is malformed.
    bool too_large = false;
};

/// Gives, for each part, its PartHead, any PartBytes and its PartEnd, then MultipartEnd.
class MultipartParser {
public:
    struct NeedMore {};

    using Event =
        std::variant<NeedMore, PartHead, PartBytes, PartEnd, MultipartEnd, MultipartFault>;

    /// boundary: from `multipart_boundary`. Of the limits, those on multipart hold.
    MultipartParser(std::string_view boundary, const Limits& limits);

    /// The next event in `input`, of which it removes what it has read. NeedMore: all was read;
    /// call again with what follows. After a fault it always returns that.
    [[nodiscard]] Event next(std::string_view& input);

    /// Whether the body may end here. If it does not, what came is not the whole.
    [[nodiscard]] bool complete() const;

private:
    enum class Stage { opening, body, separator, head, finish, epilogue, failed };

    Event fail(MultipartFault fault);
    Event read_opening(std::string_view& input);
    Event read_body(std::string_view& input);
    Event read_separator(std::string_view& input);
    Event read_head(std::string_view& input);
    Event read_epilogue(std::string_view& input);
    bool match_delimiter(std::string_view& input);

    std::size_t parts_left_;
    std::size_t head_bytes_max_;
    std::string delimiter_;  // CRLF, "--", boundary
    Stage stage_ = Stage::opening;
    std::size_t matched_ = 2;  // bytes of the delimiter, the separator or the epilogue
    char separator_ = 0;       // its first byte
    bool in_part_ = false;
    std::string head_;
    MultipartFault fault_;
};

}  // namespace banter::net::http
