#include "api/http/streamed_bytes.hpp"

#include "net/limits.hpp"

#include <string>
#include <utility>
#include <variant>

namespace banter::api::http {

namespace {

using net::http::BodyPiece;
using net::http::MultipartEnd;
using net::http::MultipartFault;
using net::http::MultipartParser;
using net::http::PartBytes;
using net::http::PartHead;

constexpr std::string_view file_field = "file";

Error no_form(std::string_view why) { return {Errc::bad_request, std::string(why), {}}; }

Error of_fault(const MultipartFault& fault) {
    return {fault.too_large ? Errc::too_large : Errc::bad_request, std::string(fault.why), {}};
}

}  // namespace

Task<Result<std::string_view>> StreamedBytes::next() {
    const BodyPiece piece = co_await body_.next();
    // The engine tells the peer more, if it is there.
    if (piece.failed()) co_return Error{Errc::bad_request, "the body ended early", {}};
    co_return piece.bytes;
}

FormFile::FormFile(net::http::RequestBody& body, std::string_view boundary)
    : body_(body), parser_(boundary, net::Limits()) {}

Task<Result<PartHead>> FormFile::find() {
    auto first = co_await event();
    if (!first) co_return std::move(first).error();
    if (const auto* fault = std::get_if<MultipartFault>(&*first)) co_return of_fault(*fault);
    auto* head = std::get_if<PartHead>(&*first);
    if (head == nullptr) co_return no_form("the form has no field \"file\"");
    if (head->name != file_field) {
        co_return Error{
            Errc::unknown_field, "the form has one field, and its name is \"file\"", {}};
    }
    if (!head->filename) co_return no_form("the field \"file\" has to be a file, with a filename");
    co_return std::move(*head);
}

Task<Result<std::string_view>> FormFile::next() {
    while (!ended_) {
        const auto found = co_await event();
        if (!found) co_return found.error();
        if (const auto* bytes = std::get_if<PartBytes>(&*found)) co_return bytes->bytes;
        if (const auto* fault = std::get_if<MultipartFault>(&*found)) co_return of_fault(*fault);
        if (std::holds_alternative<PartHead>(*found)) {
            co_return Error{Errc::unknown_field, "the form has nothing but one file", {}};
        }
        if (!std::holds_alternative<MultipartEnd>(*found)) continue;
        auto rest = co_await event();
        if (!rest) co_return rest.error();
        if (const auto* fault = std::get_if<MultipartFault>(&*rest)) co_return of_fault(*fault);
    }
    co_return std::string_view();
}

Task<Result<MultipartParser::Event>> FormFile::event() {
    for (;;) {
        auto found = parser_.next(input_);
        if (!std::holds_alternative<MultipartParser::NeedMore>(found)) co_return found;
        auto piece = co_await body_.next();
        if (!piece) co_return std::move(piece).error();
        if (piece->empty()) {
            ended_ = true;
            if (!parser_.complete()) co_return no_form("the form ended early");
            co_return found;
        }
        input_ = *piece;
    }
}

}  // namespace banter::api::http
