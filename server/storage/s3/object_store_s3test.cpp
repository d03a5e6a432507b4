// A real S3 keeps the contract of object stores; and what only a real one shows: signatures,
// clocks, hashes and parts that it checks itself.
//
// BANTER_TEST_S3 is where, as `--files` takes it, and AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
// who: someone who may make the bucket. BANTER_TEST_S3_CA is a file of certificates to trust if it
// has one that the system doesn't know. Each test keeps to a prefix of its own.
#include "base/encoding.hpp"
#include "base/testing/run.hpp"
#include "storage/contract/object_store_contract.hpp"
#include "storage/s3/object_store.hpp"
#include "storage/s3/part.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace banter::storage {

namespace {

std::string from_environment(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr) throw std::runtime_error(std::string(name) + " is not set");
    return value;
}

class S3Backend {
public:
    S3Backend() {
        auto options = s3::parse_options(from_environment("BANTER_TEST_S3"));
        if (!options) throw std::runtime_error("BANTER_TEST_S3 " + options.error().detail);
        options_ = std::move(*options);
        options_.prefix += hex(random_.bytes<8>()) + "/";
        endpoint_.emplace(options_, parts(), s3::RetryLimits{});
        make_bucket();
        store_.emplace(options_, parts(), endings_);
    }
    ~S3Backend() { banter::testing::run(loop_, endings_.wait()); }

    [[nodiscard]] asio::io_context& loop() { return loop_; }
    [[nodiscard]] ObjectStore& store() { return *store_; }
    [[nodiscard]] s3::S3ObjectStore& s3_store() { return *store_; }
    [[nodiscard]] Random& random() { return random_; }
    [[nodiscard]] Timestamp now() const { return clock_.now(); }

    [[nodiscard]] const s3::S3Options& options() const { return options_; }
    [[nodiscard]] s3::Endpoint& endpoint() { return *endpoint_; }
    [[nodiscard]] TaskGroup& endings() { return endings_; }
    [[nodiscard]] s3::EndpointParts parts() {
        return {client_, reading_, [] { return credentials(); }, clock_, random_, part_budget_};
    }
    [[nodiscard]] static s3::Credentials credentials() {
        return {
            from_environment("AWS_ACCESS_KEY_ID"), from_environment("AWS_SECRET_ACCESS_KEY"), {}};
    }

private:
    static std::string trusted() {
        const char* file = std::getenv("BANTER_TEST_S3_CA");
        return file == nullptr ? "" : file;
    }
    void make_bucket() {
        s3::Operation make;
        make.doing = "making the bucket of the tests";
        make.method = "PUT";
        make.accepted = {200, 409};  // it is there
        (void)banter::testing::run(loop_, endpoint_->ask(std::move(make)));
    }

    asio::io_context loop_{1};
    SystemRandom random_;
    SystemClock clock_;
    net::http::Client client_{loop_.get_executor(), net::Limits{}, {trusted()}};
    net::http::Client reading_{loop_.get_executor(), net::Limits{}, {trusted()}};
    Budget part_budget_{512 * 1024 * 1024};
    TaskGroup endings_{loop_.get_executor()};
    s3::S3Options options_;
    std::optional<s3::Endpoint> endpoint_;
    std::optional<s3::S3ObjectStore> store_;
};

class RealS3 : public ObjectStoreContract<S3Backend> {
public:
    /// What a store of these options and parts says to an operator; internal: nothing.
    std::pair<Errc, std::string> said(const s3::S3Options& options, s3::EndpointParts parts) {
        s3::S3ObjectStore other(options, std::move(parts), backend.endings());
        return failure_of([&] { run(other.check()); });
    }
    std::pair<Errc, std::string> failure_of(const std::function<void()>& call) {
        try {
            call();
            return {Errc::internal, ""};
        } catch (const StorageFailure& failure) {
            return {failure.code(), failure.what()};
        }
    }
    void expect_said(const std::pair<Errc, std::string>& said, const std::string& part) {
        EXPECT_EQ(said.first, Errc::storage_unavailable);
        EXPECT_NE(said.second.find(part), std::string::npos) << said.second;
    }
    s3::Operation put_beside(const std::string& name) {
        s3::Operation put;
        put.doing = "storing something else";
        put.method = "PUT";
        put.key = backend.options().prefix + name;
        return put;
    }
    /// Parts of an object that nobody finishes.
    std::unique_ptr<ObjectDraft> begin_large(ObjectKey key) {
        auto draft = begin(key);
        run(draft->append(bytes(s3::part_bytes + 1)));
        return draft;
    }
};

}  // namespace

INSTANTIATE_TYPED_TEST_SUITE_P(S3, ObjectStoreContract, S3Backend);

TEST_F(RealS3, an_object_of_several_parts_is_read_back) {
    const std::string all = bytes(2 * s3::part_bytes + 12'345);
    const auto key = put({all});
    EXPECT_TRUE(read(key) == all);
    const ByteRange seam{s3::part_bytes - 100, 200};
    EXPECT_TRUE(read(key, seam) == all.substr(seam.offset, seam.size));
    EXPECT_EQ(run(store().size(key)), all.size());
    run(store().remove(key));
    EXPECT_EQ(read(key), std::nullopt);
}

TEST_F(RealS3, an_upload_that_is_dropped_or_given_up_leaves_nothing_to_sweep) {
    { const auto dropped = begin_large(key()); }
    const auto given_up = begin_large(key());
    run(given_up->abort());
    run(backend.endings().wait());
    EXPECT_EQ(run(store().sweep_drafts(later())), 0U);
}

TEST_F(RealS3, an_upload_that_was_left_is_swept_away_and_cannot_be_finished) {
    const auto key = this->key();
    const auto left = begin_large(key);
    EXPECT_EQ(run(store().sweep_drafts(earlier())), 0U);
    EXPECT_EQ(run(store().sweep_drafts(later())), 1U);
    EXPECT_EQ(failure_of([&] { run(left->finish()); }).first, Errc::storage_unavailable);
    EXPECT_FALSE(is_there(key));
}

TEST_F(RealS3, what_others_keep_beside_is_left_alone) {
    const auto key = put({"ours"});
    for (const char* name : {"README", "a b+c%d&<e>.txt", "\xc3\xa9", "0/1"}) {
        (void)run(backend.endpoint().ask(put_beside(name)));
    }
    const auto objects = listed(later());
    ASSERT_EQ(objects.size(), 1U);
    EXPECT_TRUE(objects.contains(key));
}

TEST_F(RealS3, a_page_goes_on_after_its_cursor) {
    for (int i = 0; i < 3; ++i) put({"x"});
    const auto all = run(store().list(later(), std::nullopt));
    ASSERT_EQ(all.items.size(), 3U);
    const std::string cursor = "after:" + backend.options().prefix + all.items[0].key.text();
    const auto rest = run(store().list(later(), cursor));
    ASSERT_EQ(rest.items.size(), 2U);
    EXPECT_EQ(rest.items[0].key, all.items[1].key);
}

TEST_F(RealS3, bytes_that_are_not_those_that_were_signed_are_refused) {
    s3::Operation put = put_beside("damaged");
    put.body = "damaged on the way";
    put.body_hash = s3::payload_hash("as they were");
    expect_said(
        failure_of([&] { (void)run(backend.endpoint().ask(std::move(put))); }),
        "XAmzContentSHA256Mismatch"
    );
}

TEST_F(RealS3, a_wrong_secret_is_refused) {
    auto parts = backend.parts();
    parts.credentials = [] {
        s3::Credentials wrong = S3Backend::credentials();
        wrong.secret += "x";
        return wrong;
    };
    expect_said(said(backend.options(), parts), "AWS_SECRET_ACCESS_KEY");
}

TEST_F(RealS3, an_unknown_key_is_refused) {
    auto parts = backend.parts();
    parts.credentials = [] {
        s3::Credentials unknown = S3Backend::credentials();
        unknown.key_id = "NOBODYSACCESSKEY0001";
        return unknown;
    };
    expect_said(said(backend.options(), parts), "AWS_ACCESS_KEY_ID");
}

TEST_F(RealS3, a_clock_that_is_off_is_refused) {
    const ManualClock slow(backend.now() - std::chrono::minutes(20));
    const s3::EndpointParts good = backend.parts();
    const s3::EndpointParts parts{
        good.client, good.reading, good.credentials, slow, good.random, good.part_budget};
    expect_said(said(backend.options(), parts), "clock");
}

TEST_F(RealS3, a_missing_bucket_is_told_from_missing_objects) {
    s3::S3Options elsewhere = backend.options();
    elsewhere.bucket.name = "nobody-made-this-one";
    expect_said(said(elsewhere, backend.parts()), "no bucket nobody-made-this-one");
    s3::S3ObjectStore other(elsewhere, backend.parts(), backend.endings());
    const auto key = this->key();
    expect_said(failure_of([&] { (void)run(other.size(key)); }), "no bucket");
    expect_said(failure_of([&] { (void)run(other.open(key, {})); }), "no bucket");
    const auto draft = run(other.begin(key, 0));
    expect_said(failure_of([&] { run(draft->finish()); }), "no bucket");
    EXPECT_EQ(said(backend.options(), backend.parts()).first, Errc::internal);
}

TEST_F(RealS3, whose_a_prefix_is_stands_in_it_and_is_no_file) {
    s3::S3ObjectStore& store = backend.s3_store();
    EXPECT_TRUE(run(store.claim("one", false)));
    EXPECT_TRUE(run(store.claim("one", false)));
    EXPECT_FALSE(run(store.claim("other", false)));
    EXPECT_TRUE(run(store.claim("other", true)));
    EXPECT_FALSE(run(store.claim("one", false)));
    EXPECT_TRUE(listed(later()).empty());
}

}  // namespace banter::storage
