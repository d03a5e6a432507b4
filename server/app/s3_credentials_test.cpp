// The key for S3 is found where Amazon's tools have it, and may be renewed.
#include "app/s3_credentials.hpp"

#include "storage/testing/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <string>

namespace banter::app {
namespace {

TEST(S3Credentials, are_those_of_the_default_profile) {
    const auto found = parse_credentials(
        "# ours\n[other]\naws_access_key_id = A\naws_secret_access_key = B\r\n\n"
        "[default]\n  aws_access_key_id=C \naws_secret_access_key = D=\n"
        "aws_session_token = E\n[third]\naws_access_key_id = F\naws_secret_access_key = G"
    );
    EXPECT_EQ(found.key_id, "C");
    EXPECT_EQ(found.secret, "D=");
    EXPECT_EQ(found.session_token, "E");
    const auto first =
        parse_credentials("[x]\naws_access_key_id=A\naws_secret_access_key=B\n[y]\n");
    EXPECT_EQ(first.key_id, "A");
    EXPECT_EQ(first.session_token, "");
}

TEST(S3Credentials, that_are_not_there_are_told) {
    for (const char* text : {"", "\n", "[default]\n", "aws_access_key_id=A", "=\n[", "nonsense"}) {
        EXPECT_THROW((void)parse_credentials(text), std::runtime_error) << text;
    }
}

TEST(S3Credentials, of_a_file_are_read_again_when_it_changes) {
    const storage::TemporaryDirectory directory;
    const auto file = directory.path() / "credentials";
    const auto write = [&](const std::string& text, int seconds) {
        std::ofstream(file) << text;
        std::filesystem::last_write_time(
            file, std::filesystem::file_time_type{} + std::chrono::seconds(seconds)
        );
    };
    write("aws_access_key_id=A\naws_secret_access_key=B", 1);
    const auto credentials = s3_credentials(file);
    EXPECT_EQ(credentials().key_id, "A");
    write("aws_access_key_id=C\naws_secret_access_key=D", 2);
    EXPECT_EQ(credentials().key_id, "C");
    write("half", 3);
    EXPECT_EQ(credentials().key_id, "C") << "until it can be read";
    std::filesystem::remove(file);
    EXPECT_EQ(credentials().key_id, "C");
    EXPECT_THROW((void)s3_credentials(file), std::exception);
}

}  // namespace
}  // namespace banter::app
