// /api/uploads: uploads that survive a cut connection (tus 1.0, tus.io/protocols/resumable-upload),
// with the extensions creation, creation-with-upload, expiration and termination.
#include "api/errors.hpp"
#include "api/http/cors.hpp"
#include "api/http/handlers.hpp"
#include "api/http/streamed_bytes.hpp"
#include "api/http/tus.hpp"
#include "net/http/serializer.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace banter::api::http {

namespace {

using net::http::Response;

constexpr std::string_view uploads_path = "/api/uploads/";

/// What every answer says of an upload. Clients take an offset at the end for a file, so they are
/// told none before that is made.
void add_upload(Response& response, const service::UploadProgress& progress) {
    const model::Upload& upload = progress.upload;
    auto& headers = response.headers;
    if (!progress.pending) headers.set("Upload-Offset", std::to_string(upload.offset));
    headers.set("Upload-Expires", net::http::http_date(upload.expires_at));
    if (upload.file) headers.set("Banter-File", upload.file->text());
}

Response with_tus(Response response) {
    response.headers.set("Tus-Resumable", std::string(tus::version));
    return response;
}

/// A mistake that the protocol has a status of its own for, or needs a header with.
Answer refused(const Error& error) { return with_tus(problem(error)); }

Response wrong_version() {
    Response response = problem(412, {Errc::bad_request, "Tus-Resumable has to be 1.0.0", {}});
    response.headers.set("Tus-Version", std::string(tus::version));
    return response;
}

bool speaks_tus(const Exchange& exchange) {
    const std::string* version = exchange.request.headers.find("Tus-Resumable");
    return version != nullptr && *version == tus::version;
}

bool has_bytes(const Exchange& exchange) {
    const std::string* type = exchange.request.headers.find("Content-Type");
    return type != nullptr && net::http::equals_ignoring_case(*type, tus::bytes_type);
}

/// Of most errors clients begin anew; after this one they ask again.
Answer locked() {
    constexpr std::chrono::seconds ask_again_after{5};
    const Error error{
        Errc::conflict, "all bytes are there, but the file is not made yet", ask_again_after};
    return with_tus(problem(423, error));
}

Task<Answer> patch(Exchange exchange, model::UploadId id) {
    if (!has_bytes(exchange)) {
        const std::string wanted = "the body has to be " + std::string(tus::bytes_type);
        co_return refused({Errc::unsupported_media, wanted, {}});
    }
    const auto offset = tus::number_of(exchange.request.headers.find("Upload-Offset"));
    if (!offset) co_return refused({Errc::bad_request, "Upload-Offset has to be a number", {}});
    CHECK(exchange.request.stream != nullptr);
    StreamedBytes bytes(*exchange.request.stream);
    const auto progress =
        co_await exchange.services.uploads.extend(exchange.caller(), id, *offset, bytes);
    if (!progress) co_return refused(progress.error());
    if (progress->pending) co_return locked();
    Response response = Response::empty(204);
    add_upload(response, *progress);
    co_return with_tus(std::move(response));
}

Response begun(const service::UploadProgress& progress) {
    Response response = Response::empty(201);
    add_upload(response, progress);
    response.headers.set("Location", std::string(uploads_path) + progress.upload.id.text());
    return with_tus(std::move(response));
}

Task<Answer> remove(Exchange exchange, model::UploadId id) {
    const auto trouble = co_await exchange.services.uploads.end(exchange.caller(), id);
    if (trouble) co_return refused(*trouble);
    co_return with_tus(Response::empty(204));
}

}  // namespace

Task<Answer> describe_uploads(Exchange exchange) {
    Response response =
        with_tus(preflight(exchange.request, exchange.site.origins, "GET, HEAD, POST, OPTIONS"));
    response.headers.set("Tus-Version", std::string(tus::version));
    response.headers.set("Tus-Extension", std::string(tus::extensions));
    response.headers.set("Tus-Max-Size", std::to_string(exchange.site.file_bytes_max));
    co_return response;
}

Task<Answer> begin_upload(Exchange exchange) {
    if (!speaks_tus(exchange)) co_return wrong_version();
    const auto& headers = exchange.request.headers;
    const auto length = tus::number_of(headers.find("Upload-Length"));
    if (!length) co_return refused({Errc::bad_request, "Upload-Length has to be a number", {}});
    const std::string* said = headers.find("Upload-Metadata");
    auto metadata = tus::metadata_of(said);
    if (!metadata) co_return refused(metadata.error());
    service::UploadRequest request{
        .name = std::move(metadata->name),
        .claimed_type = std::move(metadata->media_type),
        .metadata = said == nullptr ? std::string() : *said,
        .bytes = *length,
    };
    CHECK(exchange.request.stream != nullptr);
    StreamedBytes bytes(*exchange.request.stream);
    service::ByteSource* first = has_bytes(exchange) || *length == 0 ? &bytes : nullptr;
    const auto progress =
        co_await exchange.services.uploads.begin(exchange.caller(), std::move(request), first);
    if (!progress) co_return refused(progress.error());
    // Of nothing clients ask for no offset: that it was begun says that there is a file.
    if (progress->pending && *length == 0) co_return locked();
    co_return begun(*progress);
}

Task<Answer> find_upload(Exchange exchange) {
    if (!speaks_tus(exchange)) co_return wrong_version();
    const auto id = exchange.upload();
    if (!id) co_return refused(id.error());
    const auto progress = co_await exchange.services.uploads.find(exchange.caller(), *id);
    if (!progress) co_return refused(progress.error());
    if (progress->pending) co_return locked();
    const model::Upload& upload = progress->upload;
    Response response = Response::empty(200);
    add_upload(response, *progress);
    response.headers.set("Upload-Length", std::to_string(upload.bytes));
    if (!upload.metadata.empty()) response.headers.set("Upload-Metadata", upload.metadata);
    response.headers.set("Cache-Control", "no-store");
    co_return with_tus(std::move(response));
}

Task<Answer> extend_upload(Exchange exchange) {
    if (!speaks_tus(exchange)) co_return wrong_version();
    const auto id = exchange.upload();
    if (!id) co_return refused(id.error());
    co_return co_await patch(std::move(exchange), *id);
}

Task<Answer> end_upload(Exchange exchange) {
    if (!speaks_tus(exchange)) co_return wrong_version();
    const auto id = exchange.upload();
    if (!id) co_return refused(id.error());
    co_return co_await remove(std::move(exchange), *id);
}

}  // namespace banter::api::http
