// The files under a prefix belong to one installation.
#include "storage/s3/testing/store_fixture.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

namespace banter::s3 {

/// Who has the files is said by an object, which lies there as in a bucket.
class S3Owner : public S3Store {
public:
    void serve_owner(ScriptedAnswer of_condition = error(412, "PreconditionFailed")) {
        serve([this, of_condition](const ScriptedRequest& request) {
            EXPECT_EQ(request.target, "/files/p/banter-owner");
            if (request.method == "GET") {
                return owner ? ScriptedAnswer::of(200, *owner) : error(404, "NoSuchKey");
            }
            const bool on_condition = request.headers.contains("if-none-match");
            if (on_condition && faster) owner = std::exchange(faster, std::nullopt);
            if (on_condition && owner) return of_condition;
            if (on_condition && refuses_conditions) return error(501, "NotImplemented");
            owner = request.body;
            return ScriptedAnswer::of(200);
        });
    }
    bool claim(std::string epoch, bool take_over = false) {
        return run(store().claim(std::move(epoch), take_over));
    }

    std::optional<std::string> owner;
    /// Who writes it between our looking and our writing.
    std::optional<std::string> faster;
    bool refuses_conditions = false;
};

TEST_F(S3Owner, the_first_one_has_the_prefix_from_then_on) {
    serve_owner();
    EXPECT_TRUE(claim("mine"));
    EXPECT_EQ(owner, "mine");
    EXPECT_TRUE(claim("mine"));
    EXPECT_FALSE(claim("another"));
    EXPECT_EQ(owner, "mine");
    EXPECT_TRUE(claim("another", true));
    EXPECT_EQ(owner, "another");
    EXPECT_FALSE(claim("mine"));
}

TEST_F(S3Owner, of_two_that_start_at_once_one_has_it) {
    serve_owner();
    faster = "another";
    EXPECT_FALSE(claim("mine"));
    EXPECT_EQ(owner, "another");
}

TEST_F(S3Owner, a_service_without_conditions_will_do) {
    refuses_conditions = true;
    serve_owner();
    EXPECT_TRUE(claim("mine"));
    EXPECT_EQ(owner, "mine");
}

TEST_F(S3Owner, what_cannot_be_kept_is_told) {
    serve(in_turn({error(404, "NoSuchKey"), error(403, "AccessDenied")}));
    EXPECT_EQ(code_of([&] { (void)claim("mine"); }), Errc::storage_unavailable);
    serve([](const ScriptedRequest& request) {
        return request.method == "GET" ? error(404, "NoSuchKey") : ScriptedAnswer::of(200);
    });
    EXPECT_EQ(code_of([&] { (void)claim("mine"); }), Errc::storage_unavailable);
    EXPECT_LT(requests().size(), 10U);
}

}  // namespace banter::s3
