#include "storage/s3/trouble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace banter::s3 {

namespace {

using std::chrono::milliseconds;
using Kind = net::http::CallFailure::Kind;

/// Of what a service says of itself, in the log.
constexpr std::size_t message_bytes_max = 200;
/// Nobody here waits longer, whatever is asked.
constexpr std::uint64_t retry_after_seconds_max = 3'600;

bool is_one_of(std::string_view code, std::initializer_list<std::string_view> codes) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

/// Without what would break a line of a log or of a terminal.
std::string printable(std::string_view text) {
    std::string out(text.substr(0, message_bytes_max));
    for (char& letter : out) {
        if (letter < 0x20 || letter > 0x7e) letter = '?';
    }
    return out;
}

bool is_passing(int status, std::string_view code) {
    if (status == 429 || status == 500 || (status >= 502 && status <= 504)) return true;
    return is_one_of(
        code,
        {"InternalError",
         "SlowDown",
         "ServiceUnavailable",
         "RequestTimeout",
         "OperationAborted",
         "TooManyRequests"}
    );
}

bool is_full(int status, std::string_view code) {
    return status == 507 ||
           is_one_of(code, {"QuotaExceeded", "XMinioStorageFull", "InsufficientStorage"});
}

/// What an operator has to change; empty where nobody knows.
std::string advice(const S3Options& options, const ErrorAnswer& error) {
    const std::string& bucket = options.bucket.name;
    if (error.code == "NoSuchBucket") {
        return fmt::format("there is no bucket {}: make it, or name another", bucket);
    }
    if (error.code == "InvalidAccessKeyId") {
        return "the service doesn't know the access key: see AWS_ACCESS_KEY_ID";
    }
    if (error.code == "SignatureDoesNotMatch") {
        return "the secret isn't the access key's: see AWS_SECRET_ACCESS_KEY";
    }
    if (is_one_of(error.code, {"ExpiredToken", "InvalidToken", "TokenRefreshRequired"})) {
        return "the temporary credentials have ended or are none: see AWS_SESSION_TOKEN";
    }
    if (error.code == "RequestTimeTooSkewed") {
        return "this machine's clock is more than 15 minutes off: set it";
    }
    if (error.code == "AccessDenied") {
        return fmt::format("the access key may not do that in the bucket {}: allow it", bucket);
    }
    if (is_one_of(
            error.code,
            {"AuthorizationHeaderMalformed",
             "PermanentRedirect",
             "IllegalLocationConstraintException"}
        )) {
        return error.region.empty()
                   ? fmt::format("the bucket {} is in another region: see region=", bucket)
                   : fmt::format("it is in another region: set region={}", printable(error.region));
    }
    return {};
}

milliseconds advised_by(std::string_view retry_after) {
    const auto seconds = parse_number(retry_after);  // a date is left aside
    if (!seconds) return milliseconds(0);
    return std::chrono::seconds(std::min(*seconds, retry_after_seconds_max));
}

}  // namespace

Trouble trouble_of(
    const S3Options& options,
    const std::string& doing,
    const net::http::CallFailure& failure
) {
    Trouble trouble;
    trouble.text =
        fmt::format("{} at {}: {}", doing, options.bucket.host(), printable(failure.text));
    if (failure.kind == Kind::busy) trouble.code = Errc::busy;
    trouble.passing = failure.kind == Kind::unreachable || failure.kind == Kind::lost ||
                      failure.kind == Kind::too_slow;
    trouble.perhaps_done = failure.perhaps_done();
    return trouble;
}

Trouble trouble_of(const S3Options& options, const std::string& doing, const Refusal& refusal) {
    const ErrorAnswer& error = refusal.error;
    Trouble trouble;
    trouble.text = fmt::format(
        "{} at {}: {} {} {}",
        doing,
        options.bucket.host(),
        refusal.status,
        printable(error.code),
        printable(error.message)
    );
    const std::string change = advice(options, error);
    if (!change.empty()) trouble.text += fmt::format("; {}", change);
    if (is_full(refusal.status, error.code)) {
        trouble.code = Errc::storage_full;
    } else {
        trouble.passing = is_passing(refusal.status, error.code);
    }
    // A server that fails, or a proxy that lost it, may have done it all the same.
    trouble.perhaps_done = refusal.status >= 500 && trouble.passing;
    trouble.advised = advised_by(refusal.retry_after);
    trouble.s3_code = error.code;
    return trouble;
}

Trouble nonsense(const S3Options& options, const std::string& doing, const std::string& what) {
    Trouble trouble;
    trouble.text = fmt::format("{} at {}: {}; is that an S3?", doing, options.bucket.host(), what);
    trouble.perhaps_done = true;
    return trouble;
}

}  // namespace banter::s3
