#include "base/result.hpp"

#include "base/check.hpp"

namespace banter {

std::string_view wire_name(Errc code) {
    switch (code) {
        case Errc::bad_request: return "bad_request";
        case Errc::unknown_field: return "unknown_field";
        case Errc::unauthenticated: return "unauthenticated";
        case Errc::bad_credentials: return "bad_credentials";
        case Errc::forbidden: return "forbidden";
        case Errc::not_found: return "not_found";
        case Errc::conflict: return "conflict";
        case Errc::nonce_reused: return "nonce_reused";
        case Errc::setup_needed: return "setup_needed";
        case Errc::too_large: return "too_large";
        case Errc::unsupported_media: return "unsupported_media";
        case Errc::bad_image: return "bad_image";
        case Errc::malware: return "malware";
        case Errc::rate_limited: return "rate_limited";
        case Errc::internal: return "internal";
        case Errc::busy: return "busy";
        case Errc::outcome_unknown: return "outcome_unknown";
        case Errc::storage_unavailable: return "storage_unavailable";
        case Errc::storage_full: return "storage_full";
    }
    check_failed("a known code", __FILE__, __LINE__);
}

void throw_exception_from_error(const Error& error, const boost::source_location& location) {
    check_failed(
        "result has a value", location.file_name(), static_cast<int>(location.line()), error.detail
    );
}

}  // namespace banter
