// A user's mistake is a value. The codes are those of the wire protocol, one closed list for the
// product.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

namespace banter {

enum class Errc {
    bad_request,
    unknown_field,
    unauthenticated,
    bad_credentials,
    forbidden,
    not_found,
    conflict,
    nonce_reused,
    setup_needed,
    too_large,
    unsupported_media,
    bad_image,
    malware,
    rate_limited,
    internal,
    busy,
    outcome_unknown,
    storage_unavailable,
    storage_full,
};

/// The code as it stands on the wire, such as "nonce_reused".
[[nodiscard]] std::string_view wire_name(Errc code);

struct Error {
    Errc code = Errc::internal;
    /// Names the field or the thing and what to do; never user content, never SQL.
    std::string detail;
    /// Zero: no advice.
    std::chrono::milliseconds retry_after{0};

    friend bool operator==(const Error&, const Error&) = default;
};

template <typename T>
using Result = boost::system::result<T, Error>;

/// What `Result::value()` throws on an error; code that asks for the value has to have checked it.
[[noreturn]] void throw_exception_from_error(
    const Error& error,
    const boost::source_location& location
);

/// An operator's problem: a part that the server depends on is away, full or broken. It travels as
/// an exception to the edge, where it becomes `error` on the wire.
class StorageFailure : public std::runtime_error {
public:
    StorageFailure(Errc code, const std::string& what) : std::runtime_error(what), code_(code) {}

    /// busy, outcome_unknown, storage_unavailable or storage_full.
    [[nodiscard]] Errc code() const { return code_; }

private:
    Errc code_;
};

}  // namespace banter
