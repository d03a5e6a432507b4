// Answers of S3, as its documentation and Ceph give them, and wrong ones.
#include "storage/s3/answers.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace banter::s3 {
namespace {

Timestamp at(unsigned year, unsigned month, unsigned day, std::chrono::milliseconds time) {
    const auto date = std::chrono::year(static_cast<int>(year)) / month / day;
    return std::chrono::sys_days(date) + time;
}

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(S3Answers, an_error_is_read_and_anything_else_is_none) {
    const auto error = parse_error(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>PermanentRedirect</Code>"
        "<Message>It &amp; is elsewhere</Message><Region>eu-west-1</Region></Error>"
    );
    EXPECT_EQ(error.code, "PermanentRedirect");
    EXPECT_EQ(error.message, "It & is elsewhere");
    EXPECT_EQ(error.region, "eu-west-1");
    for (const char* body : {"", "<html></html>", "<Error><Code>x</Code>", "{\"Code\":\"x\"}"}) {
        EXPECT_EQ(parse_error(body).code, "") << body;
    }
}

TEST(S3Answers, a_page_of_objects_is_read) {
    const auto page = parse_objects(
        "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>b</Name>"
        "<Prefix>a/</Prefix><KeyCount>2</KeyCount><EncodingType>url</EncodingType>"
        "<IsTruncated>true</IsTruncated>"
        "<Contents><Key>a%2Fb%20c</Key><LastModified>2009-10-12T17:50:30.000Z</LastModified>"
        "<ETag>&quot;x&quot;</ETag><Size>434234</Size><StorageClass>STANDARD</StorageClass>"
        "</Contents><Contents><Key>a/d</Key><LastModified>2026-01-01T00:00:00Z</LastModified>"
        "<Size>0</Size></Contents></ListBucketResult>"
    );
    ASSERT_TRUE(page);
    EXPECT_TRUE(page->truncated);
    ASSERT_EQ(page->objects.size(), 2U);
    EXPECT_EQ(page->objects[0].key, "a/b c");
    EXPECT_EQ(page->objects[0].size, 434234U);
    EXPECT_EQ(page->objects[0].written_at, at(2009, 10, 12, hours(17) + minutes(50) + seconds(30)));
    const auto plain = parse_objects(
        "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a%2Fb</Key>"
        "<LastModified>2026-01-01T00:00:00Z</LastModified><Size>0</Size></Contents>"
        "</ListBucketResult>"
    );
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->objects[0].key, "a%2Fb") << "not encoded, and so not decoded";
}

TEST(S3Answers, a_page_with_anything_wrong_is_none) {
    const std::string start = "<ListBucketResult><IsTruncated>false</IsTruncated><Contents>";
    const std::string end = "</Contents></ListBucketResult>";
    const std::string time = "<LastModified>2026-01-01T00:00:00Z</LastModified>";
    ASSERT_TRUE(parse_objects(start + "<Key>a</Key><Size>1</Size>" + time + end));
    for (const std::string& contents :
         {"<Key></Key><Size>1</Size>" + time,
          "<Size>1</Size>" + time,
          "<Key>a</Key>" + time,
          "<Key>a</Key><Size>-1</Size>" + time,
          "<Key>a</Key><Size>1x</Size>" + time,
          "<Key>a</Key><Size>99999999999999999999</Size>" + time,
          std::string("<Key>a</Key><Size>1</Size>"),
          std::string("<Key>a</Key><Size>1</Size><LastModified>now</LastModified>")}) {
        EXPECT_FALSE(parse_objects(start + contents + end)) << contents;
    }
    EXPECT_FALSE(parse_objects("<ListBucketResult></ListBucketResult>"));
    EXPECT_FALSE(parse_objects("<ListBucketResult><IsTruncated>1</IsTruncated></ListBucketResult>")
    );
    EXPECT_FALSE(parse_objects("<Other><IsTruncated>false</IsTruncated></Other>"));
    EXPECT_FALSE(parse_objects(
        "<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>"
        "<Contents><Key>%zz</Key><Size>1</Size>" +
        time + end
    ));
}

TEST(S3Answers, uploads_and_parts_are_read) {
    const auto uploads = parse_uploads(
        "<ListMultipartUploadsResult><NextKeyMarker>a/x</NextKeyMarker>"
        "<NextUploadIdMarker>id2</NextUploadIdMarker><IsTruncated>true</IsTruncated>"
        "<Upload><Key>a/x</Key><UploadId>id1</UploadId>"
        "<Initiator><ID>i</ID></Initiator><Initiated>2010-11-10T20:48:33.123Z</Initiated></Upload>"
        "</ListMultipartUploadsResult>"
    );
    ASSERT_TRUE(uploads);
    EXPECT_TRUE(uploads->truncated);
    EXPECT_EQ(uploads->next_key, "a/x");
    EXPECT_EQ(uploads->next_id, "id2");
    ASSERT_EQ(uploads->uploads.size(), 1U);
    EXPECT_EQ(uploads->uploads[0].id, "id1");
    EXPECT_EQ(
        uploads->uploads[0].begun_at,
        at(2010, 11, 10, hours(20) + minutes(48) + seconds(33) + milliseconds(123))
    );
    const auto parts = parse_parts(
        "<ListPartsResult><NextPartNumberMarker>3</NextPartNumberMarker>"
        "<IsTruncated>true</IsTruncated>"
        "<Part><PartNumber>2</PartNumber><LastModified>2010-11-10T20:48:34Z</LastModified></Part>"
        "<Part><PartNumber>3</PartNumber><LastModified>2010-11-10T20:48:33Z</LastModified></Part>"
        "</ListPartsResult>"
    );
    ASSERT_TRUE(parts);
    EXPECT_EQ(parts->next_part, "3");
    EXPECT_EQ(parts->written_at, at(2010, 11, 10, hours(20) + minutes(48) + seconds(34)));
    EXPECT_FALSE(parse_uploads("<ListMultipartUploadsResult/>"));
    EXPECT_FALSE(parse_parts("<ListPartsResult/>"));
    EXPECT_FALSE(parse_uploads(
        "<ListMultipartUploadsResult><IsTruncated>false</IsTruncated><Upload><Key>k</Key></Upload>"
        "</ListMultipartUploadsResult>"
    ));
}

TEST(S3Answers, an_upload_begins_with_its_id_and_ends_with_its_parts) {
    EXPECT_EQ(
        parse_upload_id("<InitiateMultipartUploadResult><UploadId>a~b</UploadId>"
                        "</InitiateMultipartUploadResult>"),
        "a~b"
    );
    EXPECT_FALSE(parse_upload_id("<InitiateMultipartUploadResult/>"));
    EXPECT_FALSE(parse_upload_id("<Error><UploadId>a</UploadId></Error>"));
    EXPECT_EQ(
        completion_of({"\"a\"", "<&>"}),
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>\"a\"</ETag></Part>"
        "<Part><PartNumber>2</PartNumber><ETag>&lt;&amp;&gt;</ETag></Part>"
        "</CompleteMultipartUpload>"
    );
    EXPECT_TRUE(is_completion("  <CompleteMultipartUploadResult></CompleteMultipartUploadResult>"));
    EXPECT_FALSE(is_completion("<Error><Code>InternalError</Code></Error>"));
    EXPECT_FALSE(is_completion(""));
}

TEST(S3Answers, times_are_read_or_refused) {
    EXPECT_EQ(parse_time("1970-01-01T00:00:00Z"), at(1970, 1, 1, milliseconds(0)));
    EXPECT_EQ(parse_time("2024-02-29T23:59:59.9Z"), at(2024, 3, 1, milliseconds(-100)));
    EXPECT_EQ(parse_time("2024-02-29T23:59:59.999999999Z"), at(2024, 3, 1, milliseconds(-1)));
    for (const char* text :
         {"",
          "2023-02-29T00:00:00Z",
          "2024-13-01T00:00:00Z",
          "2024-01-01T24:00:00Z",
          "2024-01-01T00:60:00Z",
          "2024-01-01T00:00:61Z",
          "2024-01-01T00:00:00",
          "2024-01-01T00:00:00.Z",
          "2024-01-01T00:00:00+01:00",
          "2024-01-01 00:00:00Z",
          "24-01-01T00:00:00Z",
          "2024-01-01T00:00:00Zx",
          "-024-01-01T00:00:00Z"}) {
        EXPECT_FALSE(parse_time(text)) << text;
    }
}

TEST(S3Answers, ranges_are_read_or_refused) {
    const auto range = parse_content_range("bytes 3-9/100");
    ASSERT_TRUE(range);
    EXPECT_EQ(range->first, 3U);
    EXPECT_EQ(range->last, 9U);
    EXPECT_EQ(range->size, 100U);
    for (const char* text :
         {"",
          "bytes",
          "bytes 3-9",
          "bytes 3-9/*",
          "bytes */100",
          "bytes 9-3/100",
          "bytes 0-100/100",
          "bytes -3-9/100",
          "bytes 3-/9",
          "lines 3-9/100",
          "bytes 3/9-100",
          "bytes 3-9/100 "}) {
        EXPECT_FALSE(parse_content_range(text)) << text;
    }
}

}  // namespace
}  // namespace banter::s3
