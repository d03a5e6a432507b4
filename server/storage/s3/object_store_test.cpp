// What is stored, listed and swept, and what an operator is told. Against a real service it is
// object_store_s3test.cpp.
#include "storage/s3/testing/store_fixture.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace banter::s3 {

TEST_F(S3Store, a_small_object_is_one_request_with_its_hash_signed) {
    serve(in_turn({ScriptedAnswer::of(200)}));
    put("Welcome to Amazon S3.");
    ASSERT_EQ(methods(), Methods{"PUT"});
    const ScriptedRequest sent = requests().at(0);
    EXPECT_EQ(sent.target, place);
    EXPECT_EQ(sent.body, "Welcome to Amazon S3.");
    EXPECT_EQ(sent.headers.at("content-type"), "application/octet-stream");
    EXPECT_EQ(
        sent.headers.at("x-amz-content-sha256"),
        "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"
    );
    EXPECT_EQ(sent.headers.at("x-amz-date"), "20260524T120000Z");
    EXPECT_TRUE(sent.headers.at("authorization")
                    .starts_with("AWS4-HMAC-SHA256 Credential=KEY/20260524/eu-1/s3/aws4_request"));
    EXPECT_FALSE(sent.headers.contains("x-amz-security-token"));
}

TEST_F(S3Store, credentials_are_asked_for_at_each_try) {
    serve(in_turn({error(503, "SlowDown"), ScriptedAnswer::of(200)}));
    source = [this, tries = 0]() mutable {
        return tries++ == 0 ? credentials : Credentials{"NEW", "other", "token"};
    };
    put("x");
    ASSERT_EQ(requests().size(), 2U);
    EXPECT_NE(requests().at(0).headers.at("authorization").find("=KEY/"), std::string::npos);
    EXPECT_NE(requests().at(1).headers.at("authorization").find("=NEW/"), std::string::npos);
    EXPECT_EQ(requests().at(1).headers.at("x-amz-security-token"), "token");
}

TEST_F(S3Store, a_large_object_goes_in_parts_and_is_looked_at_in_the_end) {
    serve([this](const ScriptedRequest& request) {
        if (request.method == "HEAD") return head(large.size());
        if (request.method == "PUT") return ScriptedAnswer::of(200, "", "ETag: \"<e>\"\r\n");
        const bool begins = request.target.ends_with("?uploads=");
        return ScriptedAnswer::of(200, begins ? initiated : completed);
    });
    const auto draft = run(store().begin(key, large.size()));
    for (std::size_t at = 0; at < large.size(); at += 1'000'001) {
        run(draft->append(std::string_view(large).substr(at, 1'000'001)));
    }
    run(draft->finish());
    ASSERT_EQ(methods(), (Methods{"POST", "PUT", "PUT", "PUT", "POST", "HEAD"}));
    // Two are on their way at a time, and overtake each other.
    std::map<std::string, std::string> stored;
    for (const ScriptedRequest& sent : requests()) {
        if (sent.method != "PUT") continue;
        EXPECT_EQ(sent.headers.at("x-amz-content-sha256"), payload_hash(sent.body));
        stored[sent.target] = sent.body;
    }
    std::string all;
    for (const char* number : {"1", "2", "3"}) {
        all += stored[place + "?partNumber=" + number + "&uploadId=id%2B1"];
    }
    EXPECT_TRUE(all == large);
    EXPECT_EQ(requests().at(4).target, place + "?uploadId=id%2B1");
    EXPECT_NE(requests().at(4).body.find("<ETag>\"&lt;e&gt;\"</ETag>"), std::string::npos);
}

TEST_F(S3Store, an_object_of_just_one_part_is_one_request) {
    serve(in_turn({ScriptedAnswer::of(200)}));
    put(std::string(part_bytes, 'x'));
    EXPECT_EQ(methods(), Methods{"PUT"});
}

TEST_F(S3Store, parts_grow_where_ten_thousand_would_not_do) {
    constexpr std::uint64_t mebi = 1024 * 1024;
    EXPECT_EQ(part_bytes_for(0), 6 * mebi);
    EXPECT_EQ(part_bytes_for(60'000 * mebi - 1), 6 * mebi);
    EXPECT_EQ(part_bytes_for(60'000 * mebi), 7 * mebi);
    for (const std::uint64_t size : {60'000 * mebi, 5'000'000 * mebi, 117'739 * mebi + 1}) {
        EXPECT_GE(part_bytes_for(size) * parts_max, size);
    }
}

TEST_F(S3Store, what_fails_for_a_moment_is_tried_again) {
    serve(in_turn(
        {error(500, "InternalError"),
         error(503, "SlowDown", "Retry-After: 0\r\n"),
         ScriptedAnswer::cut(),
         error(400, "RequestTimeout"),
         ScriptedAnswer::of(200)}
    ));
    put("bytes");
    EXPECT_EQ(requests().size(), 5U);
    EXPECT_EQ(requests().at(4).body, "bytes");
}

TEST_F(S3Store, what_goes_on_failing_is_given_up) {
    serve(in_turn({error(503, "SlowDown")}));
    const auto [code, text] = failure_of([&] { (void)run(store().size(key)); });
    EXPECT_EQ(code, Errc::storage_unavailable);
    EXPECT_NE(text.find("503"), std::string::npos) << text;
    EXPECT_EQ(requests().size(), limits.tries_max);
}

TEST_F(S3Store, who_asks_to_wait_for_long_is_not_asked_again) {
    serve(in_turn({ScriptedAnswer::of(429, "", "Retry-After: 3600\r\n")}));
    EXPECT_EQ(code_of_read(), Errc::storage_unavailable);
    EXPECT_EQ(requests().size(), 1U);
}

TEST_F(S3Store, silence_is_waited_out_and_given_up) {
    limits.tries_max = 2;
    limits.try_within = milliseconds(30);
    serve(in_turn({ScriptedAnswer::silence()}));
    EXPECT_EQ(code_of([&] { (void)run(store().size(key)); }), Errc::storage_unavailable);
    EXPECT_EQ(requests().size(), 2U);
}

TEST_F(S3Store, nobody_there_is_told) {
    serve(in_turn({ScriptedAnswer::cut()}));
    const S3Options gone = options();
    server.reset();
    TaskGroup endings(loop.get_executor());
    S3ObjectStore store(gone, parts(), endings, limits);
    const auto [code, text] = failure_of([&] { run(store.check()); });
    EXPECT_EQ(code, Errc::storage_unavailable);
    EXPECT_NE(text.find(gone.bucket.endpoint), std::string::npos) << text;
}

TEST_F(S3Store, what_an_operator_can_mend_is_said_and_not_tried_again) {
    struct Case {
        int status;
        const char* code;
        Errc expected;
        const char* said;
    };
    for (const Case& one : std::initializer_list<Case>{
             {404, "NoSuchBucket", Errc::storage_unavailable, "no bucket files"},
             {403, "InvalidAccessKeyId", Errc::storage_unavailable, "AWS_ACCESS_KEY_ID"},
             {403, "SignatureDoesNotMatch", Errc::storage_unavailable, "AWS_SECRET_ACCESS_KEY"},
             {400, "ExpiredToken", Errc::storage_unavailable, "AWS_SESSION_TOKEN"},
             {403, "RequestTimeTooSkewed", Errc::storage_unavailable, "clock"},
             {403, "AccessDenied", Errc::storage_unavailable, "may not"},
             {301, "PermanentRedirect", Errc::storage_unavailable, "region"},
             {403, "QuotaExceeded", Errc::storage_full, "QuotaExceeded"},
             {507, "XMinioStorageFull", Errc::storage_full, "507"},
             {418, "", Errc::storage_unavailable, "418"}}) {
        serve(in_turn({error(one.status, one.code)}));
        const auto [code, text] = failure_of([&] { run(store().check()); });
        EXPECT_EQ(code, one.expected) << one.code;
        EXPECT_NE(text.find(one.said), std::string::npos) << one.code << ": " << text;
        EXPECT_EQ(text.find('\n'), std::string::npos);
        EXPECT_EQ(requests().size(), 1U) << one.code;
    }
}

TEST_F(S3Store, an_answer_to_a_put_that_is_lost_is_settled_by_looking) {
    const auto answer_head = [this](const ScriptedAnswer& of_head) {
        serve([of_head](const ScriptedRequest& request) {
            return request.method == "HEAD" ? of_head : ScriptedAnswer::cut();
        });
    };
    answer_head(head(5));
    put("bytes");
    answer_head(head(4));
    EXPECT_EQ(code_of_put(), Errc::storage_unavailable);
    answer_head(missing_head());
    EXPECT_EQ(code_of_put(), Errc::storage_unavailable);
    answer_head(ScriptedAnswer::cut());
    EXPECT_EQ(code_of_put(), Errc::outcome_unknown);
    serve(in_turn({error(403, "AccessDenied")}));
    EXPECT_EQ(code_of_put(), Errc::storage_unavailable);
    EXPECT_EQ(methods(), Methods{"PUT"}) << "there is nothing to look for";
}

namespace {

std::string listed(const std::string& name, const char* time = "2026-05-24T11:00:00Z") {
    return "<Contents><Key>" + name + "</Key><LastModified>" + time +
           "</LastModified><Size>7</Size></Contents>";
}

ScriptedAnswer list_of(const std::string& contents, bool truncated) {
    return ScriptedAnswer::of(
        200,
        "<ListBucketResult><IsTruncated>" + std::string(truncated ? "true" : "false") +
            "</IsTruncated>" + contents + "</ListBucketResult>"
    );
}

}  // namespace

TEST_F(S3Store, pages_follow_one_another_and_hold_only_our_own) {
    const std::string first = std::string(32, '1');
    const std::string second = std::string(32, '2');
    serve(in_turn(
        {list_of(listed("p/" + first) + listed("p/" + first + ".txt"), true),
         list_of(
             listed("p/" + second) + listed("p/" + std::string(32, '3'), "2026-05-24T12:00:00Z"),
             false
         )}
    ));
    const auto page = run(store().list(noon, std::nullopt));
    ASSERT_EQ(page.items.size(), 1U);
    EXPECT_EQ(page.items[0].key.text(), first);
    EXPECT_EQ(page.items[0].size, 7U);
    ASSERT_TRUE(page.next);
    const auto next = run(store().list(noon, page.next));
    ASSERT_EQ(next.items.size(), 1U) << "what is younger is left out";
    EXPECT_FALSE(next.next);
    const std::string after = "&start-after=p%2F" + first + ".txt";
    EXPECT_NE(requests().at(1).target.find(after), std::string::npos);
    EXPECT_EQ(requests().at(0).target.find("start-after"), std::string::npos);
}

TEST_F(S3Store, a_list_that_is_none_is_a_failure) {
    const std::string name = "p/" + std::string(32, '1');
    for (const ScriptedAnswer& answer :
         {ScriptedAnswer::of(200, "<html></html>"),
          ScriptedAnswer::of(200),
          list_of("<Contents></Contents>", false),
          list_of("", true),
          list_of(std::string(3'200'000, ' '), false)}) {
        serve(in_turn({answer}));
        EXPECT_EQ(
            code_of([&] { (void)run(store().list(noon, std::nullopt)); }), Errc::storage_unavailable
        );
    }
    serve(in_turn({list_of(listed(name), true)}));
    const auto page = run(store().list(noon, std::nullopt));
    EXPECT_EQ(code_of([&] { (void)run(store().list(noon, page.next)); }), Errc::storage_unavailable)
        << "it would never end";
}

TEST_F(S3Store, a_sweep_ends_what_was_left_and_nothing_else) {
    const auto upload = [](const std::string& name, const std::string& id, const char* time) {
        return "<Upload><Key>" + name + "</Key><UploadId>" + id + "</UploadId><Initiated>" + time +
               "</Initiated></Upload>";
    };
    const std::string name = "p/" + std::string(32, '1');
    const char* old = "2026-05-24T10:00:00Z";
    const char* young = "2026-05-24T12:30:00Z";
    serve([&](const ScriptedRequest& request) {
        if (request.method == "DELETE") return ScriptedAnswer::of(204);
        if (request.target.find("uploads=") == std::string::npos) {
            const bool busy = request.target.ends_with("busy");
            return ScriptedAnswer::of(
                200,
                "<ListPartsResult><IsTruncated>false</IsTruncated><Part><LastModified>" +
                    std::string(busy ? young : old) + "</LastModified></Part></ListPartsResult>"
            );
        }
        const bool second = request.target.find("key-marker=m") != std::string::npos;
        const std::string first_page =
            upload(name, "left", old) + upload(name, "busy", old) + upload(name, "new", young) +
            "<NextKeyMarker>m</NextKeyMarker><NextUploadIdMarker>n</NextUploadIdMarker>";
        const std::string second_page =
            upload("p/other.txt", "foreign", old) + upload(name, "last", old);
        return ScriptedAnswer::of(
            200,
            "<ListMultipartUploadsResult><IsTruncated>" + std::string(second ? "false" : "true") +
                "</IsTruncated>" + (second ? second_page : first_page) +
                "</ListMultipartUploadsResult>"
        );
    });
    EXPECT_EQ(run(store().sweep_drafts(noon)), 2U);
    std::vector<std::string> ended;
    for (const ScriptedRequest& request : requests()) {
        if (request.method == "DELETE") ended.push_back(request.target);
    }
    const std::string start = "/files/" + name + "?uploadId=";
    EXPECT_EQ(ended, (std::vector<std::string>{start + "left", start + "last"}));
}

TEST_F(S3Store, one_upload_that_cannot_be_ended_holds_up_no_other_and_is_told) {
    const std::string name = "p/" + std::string(32, '1');
    const std::string whole = "<IsTruncated>false</IsTruncated>";
    std::string uploads;
    for (const char* id : {"held", "left"}) {
        uploads += "<Upload><Key>" + name + "</Key><UploadId>" + std::string(id) +
                   "</UploadId><Initiated>2026-05-24T10:00:00Z</Initiated></Upload>";
    }
    serve([&](const ScriptedRequest& request) {
        const bool held = request.target.ends_with("=held");
        if (request.method == "DELETE") {
            return held ? error(403, "AccessDenied") : ScriptedAnswer::of(204);
        }
        if (request.target.find("uploads=") == std::string::npos) {
            return ScriptedAnswer::of(200, "<ListPartsResult>" + whole + "</ListPartsResult>");
        }
        return ScriptedAnswer::of(
            200, "<ListMultipartUploadsResult>" + whole + uploads + "</ListMultipartUploadsResult>"
        );
    });
    EXPECT_EQ(code_of([&] { (void)run(store().sweep_drafts(noon)); }), Errc::storage_unavailable);
    EXPECT_EQ(requests().back().target, "/files/" + name + "?uploadId=left");
    EXPECT_EQ(requests().back().method, "DELETE");
}

TEST_F(S3Store, a_page_of_uploads_may_be_as_large_as_amazons) {
    const std::string whole = "<IsTruncated>false</IsTruncated>";
    const std::string id(400, 'x');
    const std::string who = "<ID>" + std::string(64, 'f') + "</ID><DisplayName>a</DisplayName>";
    const std::string upload = "<Upload><Key>p/other</Key><UploadId>" + id +
                               "</UploadId><Initiator>" + who + "</Initiator><Owner>" + who +
                               "</Owner><StorageClass>STANDARD</StorageClass>"
                               "<Initiated>2026-05-24T10:00:00Z</Initiated></Upload>";
    serve([&](const ScriptedRequest& request) {
        const std::size_t at = request.target.find("max-uploads=");
        const std::size_t count = std::stoul(request.target.substr(at + 12));
        std::string all;
        for (std::size_t i = 0; i < count; ++i) all += upload;
        return ScriptedAnswer::of(
            200, "<ListMultipartUploadsResult>" + whole + all + "</ListMultipartUploadsResult>"
        );
    });
    EXPECT_EQ(run(store().sweep_drafts(noon)), 0U);
}

TEST_F(S3Store, a_key_that_may_not_list_uploads_is_told_of_at_the_start) {
    serve([](const ScriptedRequest& request) {
        if (request.target.find("list-type") != std::string::npos) return list_of("", false);
        return error(403, "AccessDenied");
    });
    const auto [code, text] = failure_of([&] { run(store().check()); });
    EXPECT_EQ(code, Errc::storage_unavailable);
    EXPECT_NE(text.find("listing uploads"), std::string::npos) << text;
}

}  // namespace banter::s3
