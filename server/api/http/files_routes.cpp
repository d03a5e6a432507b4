// /api/upload, /api/files and /files: a file comes in, is asked for, and is given out by its link.
#include "api/http/handlers.hpp"
#include "api/http/origins.hpp"
#include "api/http/streamed_bytes.hpp"
#include "api/wire/answers.hpp"
#include "net/http/body_source.hpp"
#include "net/http/gzip.hpp"
#include "net/http/range.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace banter::api::http {

namespace {

using net::http::Response;
using net::http::Selection;

/// Less is not worth the work; more takes too much of it.
constexpr std::uint64_t compressed_bytes_min = 1024;
constexpr std::uint64_t compressed_bytes_max = 8 * 1024 * 1024;

/// When one who was turned away may ask again.
constexpr std::chrono::milliseconds downloads_retry{2000};

/// What a form holds beside its file is hardly more than this.
constexpr std::uint64_t form_bytes = 1024;

Answer answer_with(const Exchange& exchange, int status, const Result<model::File>& file) {
    if (!file) return file.error();
    return json(status, wire::attachment(*file, exchange.services.file_links));
}

/// An object on its way from the store to the socket.
class ObjectBody final : public net::http::BodySource {
public:
    explicit ObjectBody(service::Files::Reader reader) : reader_(std::move(reader)) {}

    Task<std::string_view> next() override {
        piece_ = co_await reader_->next();
        co_return std::string_view(piece_);
    }

private:
    service::Files::Reader reader_;
    std::string piece_;
};

/// Nothing that the file holds may run, wherever it is opened; and whoever has the link may show
/// it.
void add_file_headers(Response& response, const service::LinkedBytes& bytes, Timestamp now) {
    const auto left = std::chrono::floor<std::chrono::seconds>(bytes.file.expires_at - now).count();
    auto& headers = response.headers;
    headers.set("Content-Type", bytes.file.media_type);
    headers.set("Content-Disposition", bytes.file.disposition);
    headers.set("Content-Security-Policy", "sandbox; default-src 'none'");
    headers.set("Cross-Origin-Resource-Policy", "cross-origin");
    headers.set("Access-Control-Allow-Origin", "*");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Accept-Ranges", "bytes");
    if (bytes.file.textual) headers.set("Vary", "Accept-Encoding");
    headers.set(
        "Cache-Control",
        "public, max-age=" + std::to_string(std::max<std::int64_t>(left, 0)) + ", immutable"
    );
}

/// Whether the answer leaves in gzip: a whole text of a usual size, for who takes it.
bool is_compressed(const Exchange& exchange, const service::LinkedBytes& bytes) {
    const bool is_usual = bytes.size >= compressed_bytes_min && bytes.size <= compressed_bytes_max;
    return bytes.file.textual && is_usual && !exchange.request.headers.has("Range") &&
           net::http::accepts_gzip(exchange.request);
}

Error too_many_downloads() {
    return {Errc::busy, "too many files are on their way: ask again soon", downloads_retry};
}

}  // namespace

Task<Answer> upload_file(Exchange exchange) {
    CHECK(exchange.request.stream != nullptr);
    net::http::RequestBody& body = *exchange.request.stream;
    const std::string* type = exchange.request.headers.find("Content-Type");
    const auto boundary = net::http::multipart_boundary(type == nullptr ? "" : *type);
    if (!boundary) {
        co_return Error{
            Errc::unsupported_media,
            "send the file as multipart/form-data, in a field \"file\"",
            {}};
    }
    const std::optional<std::uint64_t> left = body.left();
    FormFile form(body, *boundary);
    auto head = co_await form.find();
    if (!head) co_return std::move(head).error();
    service::IncomingFile incoming{
        .name = *std::move(head->filename),
        .claimed_type = std::move(head->media_type),
        .bytes_expected = left ? std::max(*left, form_bytes + 1) - form_bytes : 0,
    };
    const auto file =
        co_await exchange.services.files.upload(exchange.caller(), std::move(incoming), form);
    co_return answer_with(exchange, 201, file);
}

Task<Answer> find_file(Exchange exchange) {
    const auto id = exchange.file();
    if (!id) co_return id.error();
    const auto file = co_await exchange.services.files.find(exchange.caller(), *id);
    co_return answer_with(exchange, 200, file);
}

Task<Answer> linked_file(Exchange exchange) {
    service::Files& files = exchange.services.files;
    const Site& site = exchange.site;
    if (!site.files_host.empty() && !site.is_to_files_host(exchange.request)) {
        co_return Error{Errc::forbidden, "files are not given out under this name", {}};
    }
    auto bytes = co_await files.open(exchange.request.target);
    if (!bytes) co_return std::move(bytes).error();
    const bool compressed = is_compressed(exchange, *bytes);
    const std::string etag = "\"" + bytes->file.key.text() + (compressed ? "-gzip\"" : "\"");
    const Selection selection =
        net::http::select_range(exchange.request, {.size = bytes->size, .etag = etag});
    Response response = Response::empty(selection.status);
    add_file_headers(response, *bytes, exchange.clock.now());
    response.headers.set("ETag", etag);
    if (!selection.content_range.empty()) {
        response.headers.set("Content-Range", selection.content_range);
    }
    if (selection.status != 200 && selection.status != 206) co_return response;
    if (bytes->local && !compressed) {
        Share place(exchange.site.downloads);
        if (!place) co_return too_many_downloads();
        response.stream = net::http::FileBody{
            *std::move(bytes->local), selection.offset, selection.length, std::move(place)};
        co_return response;
    }
    const service::Files::Range range{selection.offset, selection.length};
    auto reader = co_await files.read(bytes->file.key, range);
    if (reader == nullptr) co_return Error{Errc::not_found, "there is no such file", {}};
    std::unique_ptr<net::http::BodySource> body = std::make_unique<ObjectBody>(std::move(reader));
    if (compressed) {
        response.headers.set("Content-Encoding", "gzip");
        body = net::http::gzipped(std::move(body), selection.length, *exchange.site.compressing);
        response.stream = net::http::sourced_body(std::move(body), std::nullopt);
    } else {
        response.stream = net::http::sourced_body(std::move(body), selection.length);
    }
    co_return response;
}

}  // namespace banter::api::http
