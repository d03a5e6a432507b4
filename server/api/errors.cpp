#include "api/errors.hpp"

#include "api/wire/text.hpp"
#include "base/check.hpp"
#include "base/log.hpp"
#include "base/news.hpp"
#include "net/http/response.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace banter::api {

namespace {

const char* detail_of(Errc code) {
    switch (code) {
        case Errc::busy: return "too much waits to be written; nothing was stored";
        case Errc::outcome_unknown:
            return "it may have been stored: repeat it; a message with the same nonce counts once";
        case Errc::storage_full: return "there is no room to store this";
        case Errc::storage_unavailable: return "the storage cannot be reached";
        default: return "something went wrong here";
    }
}

constexpr std::chrono::milliseconds retry_busy_after{1000};

}  // namespace

int http_status(Errc code) {
    switch (code) {
        case Errc::bad_request:
        case Errc::unknown_field: return 400;
        case Errc::unauthenticated:
        case Errc::bad_credentials: return 401;
        case Errc::forbidden: return 403;
        case Errc::not_found: return 404;
        case Errc::conflict:
        case Errc::nonce_reused:
        case Errc::setup_needed: return 409;
        case Errc::too_large: return 413;
        case Errc::unsupported_media: return 415;
        case Errc::bad_image:
        case Errc::malware: return 422;
        case Errc::rate_limited: return 429;
        case Errc::internal: return 500;
        case Errc::busy:
        case Errc::outcome_unknown:
        case Errc::storage_unavailable: return 503;
        case Errc::storage_full: return 507;
    }
    check_failed("a known code", __FILE__, __LINE__);
}

Error error_of(const std::exception_ptr& failure, const char* where) {
    try {
        std::rethrow_exception(failure);
    } catch (const boost::system::system_error& failed) {
        // What a server that stops cuts off is no trouble of anybody's.
        if (failed.code() == boost::asio::error::operation_aborted) {
            return {Errc::outcome_unknown, detail_of(Errc::outcome_unknown), {}};
        }
        log::failure(where, failure);
    } catch (const StorageFailure& storage) {
        if (is_news(where, storage.code())) {
            const log::Field code{"code", wire_name(storage.code())};
            log::warning("storage failure", {{"where", where}, code, {"why", storage.what()}});
        }
        const bool busy = storage.code() == Errc::busy;
        return {
            storage.code(),
            detail_of(storage.code()),
            busy ? retry_busy_after : std::chrono::milliseconds(0)};
    } catch (const std::exception&) {
        log::failure(where, failure);
    } catch (...) {
        log::error("an exception of no known type", {{"where", where}});
    }
    return {Errc::internal, detail_of(Errc::internal), {}};
}

std::string problem_json(int status, const Error& error) {
    std::string out = R"({"type":"about:blank","title":)";
    wire::append_quoted(out, net::http::reason_phrase(status));
    out += R"(,"status":)";
    wire::append_number(out, static_cast<std::uint64_t>(status));
    out += R"(,"detail":)";
    wire::append_quoted(out, error.detail);
    out += R"(,"code":")";
    out += wire_name(error.code);
    out += "\"}";
    return out;
}

}  // namespace banter::api
