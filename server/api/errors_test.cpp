// Errors as clients read them.
#include "api/errors.hpp"

#include <boost/asio/error.hpp>
#include <boost/json/parse.hpp>
#include <boost/system/system_error.hpp>

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>

namespace banter::api {
namespace {

struct Row {
    Errc code;
    const char* name;
    int status;
};

// The table of the protocol, by hand.
constexpr std::array<Row, 19> table = {{
    {Errc::bad_request, "bad_request", 400},
    {Errc::unknown_field, "unknown_field", 400},
    {Errc::unauthenticated, "unauthenticated", 401},
    {Errc::bad_credentials, "bad_credentials", 401},
    {Errc::forbidden, "forbidden", 403},
    {Errc::not_found, "not_found", 404},
    {Errc::conflict, "conflict", 409},
    {Errc::nonce_reused, "nonce_reused", 409},
    {Errc::setup_needed, "setup_needed", 409},
    {Errc::too_large, "too_large", 413},
    {Errc::unsupported_media, "unsupported_media", 415},
    {Errc::bad_image, "bad_image", 422},
    {Errc::malware, "malware", 422},
    {Errc::rate_limited, "rate_limited", 429},
    {Errc::internal, "internal", 500},
    {Errc::busy, "busy", 503},
    {Errc::outcome_unknown, "outcome_unknown", 503},
    {Errc::storage_unavailable, "storage_unavailable", 503},
    {Errc::storage_full, "storage_full", 507},
}};

TEST(Errors, every_code_has_the_status_of_the_protocol_and_a_title) {
    for (const Row& row : table) {
        EXPECT_EQ(wire_name(row.code), row.name);
        EXPECT_EQ(http_status(row.code), row.status) << row.name;
        EXPECT_EQ(problem_json(row.status, {row.code, ""}).find("Unknown"), std::string::npos);
    }
}

TEST(Errors, what_a_server_that_stops_cuts_off_is_no_error_of_its_own) {
    const auto cut =
        std::make_exception_ptr(boost::system::system_error(boost::asio::error::operation_aborted));
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(error_of(cut, "here").code, Errc::outcome_unknown);
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
    const auto broken =
        std::make_exception_ptr(boost::system::system_error(boost::asio::error::eof));
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(error_of(broken, "here").code, Errc::internal);
    EXPECT_NE(::testing::internal::GetCapturedStderr().find("here"), std::string::npos);
}

TEST(Errors, a_problem_has_the_members_of_rfc_9457_and_the_code) {
    const Error error{Errc::nonce_reused, "a \"nonce\"\n", {}};
    const auto problem = boost::json::parse(problem_json(409, error));
    const boost::json::value expected = {
        {"type", "about:blank"},
        {"title", "Conflict"},
        {"status", 409},
        {"detail", "a \"nonce\"\n"},
        {"code", "nonce_reused"},
    };
    EXPECT_EQ(problem, expected);
}

TEST(Errors, every_status_that_the_engine_refuses_with_has_its_own_title) {
    for (const int status : {400, 404, 405, 408, 413, 414, 417, 426, 431, 500, 501, 503, 505}) {
        const auto problem = boost::json::parse(problem_json(status, {Errc::bad_request, ""}));
        EXPECT_NE(problem.at("title"), "Unknown") << status;
        EXPECT_NE(problem.at("title"), "Error") << status;
    }
}

TEST(Errors, a_storage_failure_keeps_its_code_and_not_its_text) {
    for (const Errc code :
         {Errc::busy, Errc::outcome_unknown, Errc::storage_unavailable, Errc::storage_full}) {
        const auto failure =
            std::make_exception_ptr(StorageFailure(code, "secret.db: disk I/O error"));
        const Error error = error_of(failure, "test");
        EXPECT_EQ(error.code, code);
        EXPECT_EQ(error.detail.find("secret"), std::string::npos);
    }
    const auto busy = std::make_exception_ptr(StorageFailure(Errc::busy, "full"));
    EXPECT_GT(error_of(busy, "test").retry_after.count(), 0);
}

TEST(Errors, any_other_exception_is_internal_and_says_nothing) {
    const Error error = error_of(std::make_exception_ptr(std::runtime_error("secret")), "test");
    EXPECT_EQ(error.code, Errc::internal);
    EXPECT_EQ(error.detail.find("secret"), std::string::npos);
    const Error odd = error_of(std::make_exception_ptr(7), "test");
    EXPECT_EQ(odd.code, Errc::internal);
}

}  // namespace
}  // namespace banter::api
