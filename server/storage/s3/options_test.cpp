// Where an operator says that files are kept: what is understood, and what is said of the rest.
#include "storage/s3/options.hpp"

#include <gtest/gtest.h>

#include <string>

namespace banter::s3 {
namespace {

S3Options parsed(std::string_view url) {
    const auto options = parse_options(url);
    EXPECT_TRUE(options) << url << ": " << options.error().detail;
    return options ? *options : S3Options{};
}

TEST(S3Options, a_bucket_and_a_region_are_amazon) {
    const auto options = parsed("s3://my-bucket?region=eu-central-1");
    EXPECT_EQ(options.bucket.name, "my-bucket");
    EXPECT_EQ(options.origin(), "https://my-bucket.s3.eu-central-1.amazonaws.com");
    EXPECT_EQ(options.region, "eu-central-1");
    EXPECT_EQ(options.prefix, "");
    EXPECT_EQ(
        parsed("s3://my.bucket/?region=eu-central-1").origin(),
        "https://s3.eu-central-1.amazonaws.com"
    ) << "no certificate covers a dot";
}

TEST(S3Options, another_service_has_an_endpoint) {
    const auto options = parsed("s3://files/chat?endpoint=http://127.0.0.1:9000");
    EXPECT_EQ(options.origin(), "http://127.0.0.1:9000");
    EXPECT_FALSE(options.tls);
    EXPECT_EQ(options.region, "us-east-1");
    EXPECT_EQ(options.bucket.path("x"), "/files/x");
    const auto hosted = parsed("s3://files?endpoint=https%3A%2F%2Fs3.example:443/&style=virtual");
    EXPECT_EQ(hosted.origin(), "https://files.s3.example");
    EXPECT_EQ(hosted.bucket.path("x"), "/x");
    EXPECT_EQ(parsed("s3://b-1?endpoint=http://[::1]:80&region=x").origin(), "http://[::1]");
}

TEST(S3Options, a_prefix_ends_with_a_slash) {
    EXPECT_EQ(parsed("s3://files/a/b?region=x").prefix, "a/b/");
    EXPECT_EQ(parsed("s3://files/a/b/?region=x").prefix, "a/b/");
    EXPECT_EQ(parsed("s3://files/?region=x").prefix, "");
}

TEST(S3Options, what_is_wrong_is_said) {
    struct Case {
        const char* url;
        const char* said;
    };
    const std::string long_prefix = "s3://bucket/" + std::string(600, 'a') + "?region=x";
    for (const Case& one : std::initializer_list<Case>{
             {"", "s3://BUCKET"},
             {"https://bucket", "s3://BUCKET"},
             {"s3:/bucket", "s3://BUCKET"},
             {"s3://", "bucket"},
             {"s3://ab?region=x", "bucket"},
             {"s3://Bucket?region=x", "bucket"},
             {"s3://-bucket?region=x", "bucket"},
             {"s3://bucket", "region="},
             {"s3://bucket?region=", "region no value"},
             {"s3://bucket?region=eu/west", "region"},
             {"s3://bucket?region=x&region=y", "twice"},
             {"s3://bucket?region=x&regoin=y", "regoin"},
             {"s3://bucket?region=x&endpoint=%zz", "endpoint no value"},
             {"s3://bucket?endpoint=host", "https://"},
             {"s3://bucket?endpoint=ftp://host", "https://"},
             {"s3://bucket?endpoint=https://", "HOST:PORT"},
             {"s3://bucket?endpoint=https://host:0", "HOST:PORT"},
             {"s3://bucket?endpoint=https://host:99999", "HOST:PORT"},
             {"s3://bucket?endpoint=https://host/bucket", "HOST:PORT"},
             {"s3://bucket?endpoint=https://user@host", "HOST:PORT"},
             {"s3://bucket?endpoint=https://[::1", "HOST:PORT"},
             {"s3://bucket?endpoint=https://[host]", "HOST:PORT"},
             {"s3://bucket?region=x&style=host", "style"},
             {"s3://bucket//a?region=x", "prefix"},
             {"s3://bucket/../a?region=x", "prefix"},
             {"s3://bucket/a%20b?region=x", "prefix"},
             {long_prefix.c_str(), "prefix"}}) {
        const auto options = parse_options(one.url);
        ASSERT_FALSE(options) << one.url;
        EXPECT_EQ(options.error().code, Errc::bad_request);
        EXPECT_NE(options.error().detail.find(one.said), std::string::npos)
            << one.url << ": " << options.error().detail;
    }
}

}  // namespace
}  // namespace banter::s3
