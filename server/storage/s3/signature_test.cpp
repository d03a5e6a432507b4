// AWS Signature Version 4 against the examples of Amazon's own pages, and against what was computed
// independently of this code where those have none (session tokens, path style).
#include "storage/s3/signature.hpp"

#include "base/encoding.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <set>
#include <string>

namespace banter::s3 {

namespace {

using std::chrono::seconds;

const Credentials example{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""};
const Signer signer(example, "us-east-1");
const Timestamp day{std::chrono::sys_days{std::chrono::year{2013} / 5 / 24}};
constexpr const char* bucket_host = "examplebucket.s3.amazonaws.com";
constexpr const char* empty_hash =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

Request get(std::string path, Fields query = {}, Fields headers = {}) {
    return {"GET", bucket_host, std::move(path), std::move(query), std::move(headers)};
}

/// By name; none twice.
std::map<std::string, std::string> sent(const Signer::Signed& head) {
    std::map<std::string, std::string> fields;
    for (const Field& header : head.headers) {
        EXPECT_TRUE(fields.emplace(header.name, header.value).second) << header.name;
    }
    return fields;
}

Signer with_token() {
    Credentials temporary = example;
    temporary.session_token = "AQoDYXdzEPT//////////wEXAMPLE+token==";
    return {temporary, "us-east-1"};
}

}  // namespace

TEST(Signature, a_ranged_get_is_signed_as_in_the_example) {
    const auto head = signer.sign(get("/test.txt", {}, {{"Range", "bytes=0-9"}}), empty_hash, day);
    EXPECT_EQ(head.signature, "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    const auto fields = sent(head);
    EXPECT_EQ(fields.size(), 5U);
    EXPECT_EQ(fields.at("Range"), "bytes=0-9");
    EXPECT_EQ(fields.at("host"), bucket_host);
    EXPECT_EQ(fields.at("x-amz-content-sha256"), empty_hash);
    EXPECT_EQ(fields.at("x-amz-date"), "20130524T000000Z");
    EXPECT_EQ(
        fields.at("authorization"),
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=" +
            head.signature
    );
}

TEST(Signature, a_put_is_signed_as_in_the_example) {
    const std::string body = "Welcome to Amazon S3.";
    Request put = get("/test$file.text");
    put.method = "PUT";
    put.headers = {
        {"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}};
    EXPECT_EQ(
        signer.sign(put, payload_hash(body), day).signature,
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
    );
    EXPECT_EQ(target_of(put), "/test%24file.text");
}

TEST(Signature, queries_are_signed_as_in_the_examples) {
    EXPECT_EQ(
        signer.sign(get("/", {{"lifecycle", ""}}), empty_hash, day).signature,
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
    );
    const Request list = get("/", {{"prefix", "J"}, {"max-keys", "2"}});
    EXPECT_EQ(
        signer.sign(list, empty_hash, day).signature,
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
    );
    EXPECT_EQ(target_of(list), "/?max-keys=2&prefix=J");
}

TEST(Signature, a_presigned_get_is_as_in_the_example) {
    EXPECT_EQ(
        signer.presign(get("/test.txt"), day, seconds(86'400)),
        "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    );
}

TEST(Signature, a_body_in_chunks_is_signed_as_in_the_example) {
    const Bucket bucket{"examplebucket", "s3.amazonaws.com", Addressing::path};
    Request put;
    put.method = "PUT";
    put.host = bucket.host();
    put.path = bucket.path("chunkObject.txt");
    put.headers = {
        {"content-encoding", "aws-chunked"},
        {"content-length", std::to_string(streamed_size(66'560, 65'536))},
        {"x-amz-decoded-content-length", "66560"},
        {"x-amz-storage-class", "REDUCED_REDUNDANCY"}};
    const auto head = signer.sign(put, streamed_payload, day);
    EXPECT_EQ(head.signature, "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
    ChunkSigner chunks = signer.chunks(head, day);
    EXPECT_EQ(
        chunks.line_before(std::string(65'536, 'a')),
        "10000;chunk-signature="
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n"
    );
    EXPECT_EQ(
        chunks.line_before(std::string(1'024, 'a')),
        "400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n"
    );
    EXPECT_EQ(
        chunks.line_before(""),
        "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n"
    );
}

TEST(Signature, the_size_of_a_body_in_chunks_is_what_is_sent) {
    EXPECT_EQ(streamed_size(66'560, 65'536), 66'824U) << "the example";
    const auto head = signer.sign(get("/x"), streamed_payload, day);
    for (const std::size_t size : {0, 1, 15, 16, 17, 31, 32, 33, 64}) {
        ChunkSigner chunks = signer.chunks(head, day);
        const std::string body(size, 'x');
        std::string wire;
        for (std::size_t at = 0; at < size; at += 16) {
            const std::string chunk = body.substr(at, 16);
            wire += chunks.line_before(chunk) + chunk + "\r\n";
        }
        wire += chunks.line_before("") + "\r\n";
        EXPECT_EQ(streamed_size(size, 16), wire.size()) << size;
    }
}

TEST(Signature, the_key_is_made_for_one_day_and_region) {
    const Digest key = signing_key(example.secret, "20130524", "us-east-1");
    EXPECT_EQ(hex(key), "dbb893acc010964918f1fd433add87c70e8b0db6be30c1fbeafefa5ec6ba8378");
    EXPECT_NE(signing_key(example.secret, "20130525", "us-east-1"), key);
    EXPECT_NE(signing_key(example.secret, "20130524", "us-east-2"), key);
    EXPECT_NE(signing_key("other", "20130524", "us-east-1"), key);
}

TEST(Signature, a_session_token_is_signed_and_sent) {
    Request request = get("/bucket/k");
    request.host = "127.0.0.1:9000";
    const auto head = with_token().sign(request, empty_hash, day);
    EXPECT_EQ(head.signature, "b868acb5bcac97210cbb2250a0e0f4ca00ff1a2984242e09f99d2b9665296b5a");
    EXPECT_EQ(sent(head).at("x-amz-security-token"), "AQoDYXdzEPT//////////wEXAMPLE+token==");
}

TEST(Signature, a_presigned_target_carries_the_session_token_and_is_encoded_once) {
    Request request = get("/bucket/a b/\u00e9");
    request.host = "127.0.0.1:9000";
    EXPECT_EQ(
        with_token().presign(request, day, seconds(600)),
        "/bucket/a%20b/%C3%A9?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=600"
        "&X-Amz-Security-Token=AQoDYXdzEPT%2F%2F%2F%2F%2F%2F%2F%2F%2F%2FwEXAMPLE%2Btoken%3D%3D"
        "&X-Amz-SignedHeaders=host"
        "&X-Amz-Signature=cef34b269e3a4ffeaa454882b1916fa827b9c8557710e2b72827da207dc6a44c"
    );
}

TEST(Signature, headers_are_lower_case_trimmed_sorted_and_joined) {
    const Fields headers = {
        {"X-B", "  two   words\t here "},
        {"host", "h"},
        {"x-a", "1"},
        {"X-A", " 2 "},
        {"x-empty", "   "}};
    const auto made = canonical(get("/"), headers, "hash");
    EXPECT_EQ(made.signed_headers, "host;x-a;x-b;x-empty");
    EXPECT_EQ(
        made.text,
        "GET\n/\n\nhost:h\nx-a:1,2\nx-b:two words here\nx-empty:\n\nhost;x-a;x-b;x-empty\nhash"
    );
}

TEST(Signature, paths_are_not_normalised_and_queries_are_sorted_as_they_are_encoded) {
    EXPECT_EQ(target_of(get("/a//b/../c./~_-")), "/a//b/../c./~_-");
    EXPECT_EQ(target_of(get("/%2F+=&?#")), "/%252F%2B%3D%26%3F%23");
    EXPECT_EQ(
        target_of(get("/", {{"b", "2"}, {"a", "/"}, {"b", "1"}, {"~", ""}, {"\u00e9", " "}})),
        "/?%C3%A9=%20&a=%2F&b=1&b=2&~="
    );
}

TEST(Signature, whatever_is_changed_changes_the_signature) {
    const Request request = get("/key", {{"a", "b"}}, {{"x-amz-meta", "c"}});
    std::set<std::string> signatures;
    const auto add = [&](const Request& changed, const std::string& payload, Timestamp now) {
        signatures.insert(signer.sign(changed, payload, now).signature);
    };
    add(request, empty_hash, day);
    add(request, std::string(unsigned_payload), day);
    add(request, empty_hash, day + seconds(1));
    Request changed = request;
    changed.method = "PUT";
    add(changed, empty_hash, day);
    changed = request;
    changed.host = "other";
    add(changed, empty_hash, day);
    changed = request;
    changed.path = "/kez";
    add(changed, empty_hash, day);
    changed = request;
    changed.query[0].value = "c";
    add(changed, empty_hash, day);
    changed = request;
    changed.headers[0].value = "d";
    add(changed, empty_hash, day);
    EXPECT_EQ(signatures.size(), 8U);
}

TEST(Signature, times_are_to_the_second_in_utc) {
    const Timestamp late = day + std::chrono::hours(23) + std::chrono::milliseconds(61'999);
    EXPECT_EQ(sent(signer.sign(get("/"), empty_hash, late)).at("x-amz-date"), "20130524T230101Z");
}

TEST(Bucket, stands_in_the_host_or_in_the_path) {
    const Bucket amazon{"files", "s3.eu-central-1.amazonaws.com", Addressing::virtual_host};
    EXPECT_EQ(amazon.host(), "files.s3.eu-central-1.amazonaws.com");
    EXPECT_EQ(amazon.path("key"), "/key");
    EXPECT_EQ(amazon.path(""), "/");
    const Bucket own{"files", "127.0.0.1:9000", Addressing::path};
    EXPECT_EQ(own.host(), "127.0.0.1:9000");
    EXPECT_EQ(own.path("key"), "/files/key");
    EXPECT_EQ(own.path(""), "/files/");
}

TEST(Bucket, only_a_dns_label_goes_into_the_host) {
    EXPECT_EQ(preferred_addressing("banter-files-2"), Addressing::virtual_host);
    for (const char* name : {"", "a.b", "Files", "under_score", "-a", "a-", "a/b"}) {
        EXPECT_EQ(preferred_addressing(name), Addressing::path) << name;
    }
    EXPECT_EQ(preferred_addressing(std::string(64, 'a')), Addressing::path);
}

}  // namespace banter::s3
