// The body of a request as the services take it.
#pragma once

#include "net/http/multipart.hpp"
#include "net/http/request_body.hpp"
#include "service/byte_source.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace banter::api::http {

/// The body as it is.
class StreamedBytes final : public service::ByteSource {
public:
    explicit StreamedBytes(net::http::RequestBody& body) : body_(body) {}

    [[nodiscard]] Task<Result<std::string_view>> next() override;
    [[nodiscard]] std::optional<std::uint64_t> left() const override { return body_.left(); }

private:
    net::http::RequestBody& body_;
};

/// The one file of a form. Anything else in the form is refused.
class FormFile final : public service::ByteSource {
public:
    FormFile(net::http::RequestBody& body, std::string_view boundary);

    /// Goes up to the first byte of the file. Returns bad_request, unknown_field
    [[nodiscard]] Task<Result<net::http::PartHead>> find();

    /// At the file's end it has read the form's, too.
    [[nodiscard]] Task<Result<std::string_view>> next() override;

private:
    /// The next event that isn't a want of bytes.
    [[nodiscard]] Task<Result<net::http::MultipartParser::Event>> event();

    StreamedBytes body_;
    net::http::MultipartParser parser_;
    std::string_view input_;
    bool ended_ = false;
};

}  // namespace banter::api::http
