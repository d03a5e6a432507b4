// When an issuer is asked for what, and who is signed in by what it answers, on time that stands
// still: an issuer that answers from values, over the real database.
#include "service/oidc_sign_ins.hpp"

#include "service/testing/rsa_signer.hpp"
#include "service/testing/world.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <map>

namespace banter::service {
namespace {

using namespace std::chrono_literals;

constexpr const char* place = "https://login.example.com";
constexpr const char* redirect_uri = "https://chat.example/api/auth/oidc/corp/callback";

std::string metadata_of(const std::string& issuer, const std::string& more = "") {
    return R"({"issuer":")" + issuer + R"(","authorization_endpoint":")" + issuer +
           R"(/auth","token_endpoint":")" + issuer + R"(/token","userinfo_endpoint":")" + issuer +
           R"(/me","jwks_uri":")" + issuer +
           R"(/jwks","response_types_supported":["code"],)"
           R"("id_token_signing_alg_values_supported":["RS256"])" +
           more + "}";
}

class OidcSignInsTest : public ::testing::Test {
protected:
    OidcSignInsTest() : issuers{world.executor(), {}} {
        answer("/.well-known/openid-configuration", metadata_of(place));
        answer("/jwks", key_set_of({signer.jwk()}));
        answer("/me", R"({"sub":"s1","name":"Ada Lovelace","preferred_username":"Ada@firm"})");
        const OidcClient client{"corp", place, "banter", "", {"profile"}};
        auto fetch = [this](OidcCall call) { return respond(std::move(call)); };
        issuers.all.push_back(
            std::make_unique<OidcIssuer>(world.executor(), world.clock, client, std::move(fetch))
        );
        sign_ins.emplace(
            issuers,
            world.issuer,
            Identities(world->storage, world.installation(), world.clock, world->ids),
            world->sign_ins,
            world->storage,
            world.clock,
            random
        );
    }

    void answer(const std::string& path, std::string body, int status = 200) {
        answers[place + path] = OidcAnswer{status, std::move(body)};
    }
    void go_away(const std::string& path) { answers.erase(place + path); }

    OidcOutcome<OidcBegun> begin() {
        OidcBeginning beginning{"corp", "/browse", redirect_uri, "10.1.1.1"};
        return world.run(sign_ins->begin(std::move(beginning)));
    }
    /// The answer to what was begun, with a token for `subject`.
    OidcReturn answered(const OidcBegun& begun, const std::string& subject = "s1") {
        const std::string nonce = parameter(begun.url, "nonce");
        const auto now = std::chrono::floor<std::chrono::seconds>(world.clock.now());
        const auto seconds = now.time_since_epoch().count();
        const std::string claims = R"({"iss":"https://login.example.com","aud":"banter","sub":")" +
                                   subject + R"(","nonce":")" + nonce + R"(","iat":)" +
                                   std::to_string(seconds) + R"(,"exp":)" +
                                   std::to_string(seconds + 60) + "}";
        answer(
            "/token",
            R"({"token_type":"Bearer","access_token":"x","id_token":")" +
                signer.token(signer.header(), claims) + "\"}"
        );
        OidcReturn back;
        back.name = "corp";
        back.cookie = begun.cookie;
        back.state = parameter(begun.url, "state");
        back.code = "code";
        back.redirect_uri = redirect_uri;
        back.device = {"a browser", "10.1.1.1"};
        return back;
    }
    OidcOutcome<OidcSignedIn> finish(OidcReturn back) {
        return world.run(sign_ins->finish(std::move(back)));
    }
    OidcOutcome<OidcSignedIn> sign_in(const std::string& subject = "s1") {
        const auto begun = begin();
        if (!begun) return begun.error();
        return finish(answered(*begun, subject));
    }
    int asked(const std::string& path) { return counts[place + path]; }

    static std::string parameter(const std::string& url, const std::string& name) {
        const std::size_t from = url.find("&" + name + "=") + name.size() + 2;
        return url.substr(from, url.find('&', from) - from);
    }

    const std::string metadata = "/.well-known/openid-configuration";
    World world;
    RsaSigner signer{"one"};
    SeededRandom random{3};
    std::map<std::string, OidcAnswer> answers;
    std::map<std::string, int> counts;
    OidcIssuers issuers;
    std::optional<OidcSignIns> sign_ins;

private:
    Task<Result<OidcAnswer>> respond(OidcCall call) {
        ++counts[call.url];
        // Whoever comes meanwhile waits for this answer.
        Timer timer(world.executor(), std::chrono::milliseconds(1));
        co_await timer.async_wait(use_task);
        const auto found = answers.find(call.url);
        if (found == answers.end()) co_return Error{Errc::internal, "it is away"};
        co_return found->second;
    }
};

TEST_F(OidcSignInsTest, who_signs_in_is_made_once_and_found_again) {
    const auto first = sign_in();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->return_to, "/browse");
    EXPECT_EQ(first->grant.user.display_name, "Ada Lovelace");
    EXPECT_EQ(first->grant.user.handle, "ada");
    EXPECT_FALSE(first->grant.refresh_secret.empty());
    EXPECT_EQ(asked("/me"), 1);
    const auto again = sign_in();
    ASSERT_TRUE(again);
    EXPECT_EQ(again->grant.user.id, first->grant.user.id);
    EXPECT_EQ(asked("/me"), 1) << "who is known is asked about no more";
    answer("/me", R"({"sub":"s2","name":"Bob"})");
    const auto other = sign_in("s2");
    ASSERT_TRUE(other);
    EXPECT_NE(other->grant.user.id, first->grant.user.id);
    EXPECT_EQ(asked(metadata), 1);
    EXPECT_EQ(asked("/jwks"), 1);
}

TEST_F(OidcSignInsTest, of_an_issuer_that_says_nothing_of_people_they_have_a_plain_name) {
    answer("/me", R"({"sub":"s1"})");
    const auto signed_in = sign_in();
    ASSERT_TRUE(signed_in);
    EXPECT_EQ(signed_in->grant.user.display_name, "User s1");
}

TEST_F(OidcSignInsTest, an_issuer_that_is_away_is_asked_once_in_30_seconds) {
    go_away(metadata);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(begin().error(), OidcTrouble::unavailable);
    EXPECT_EQ(asked(metadata), 1);
    answer(metadata, metadata_of(place));
    world.clock.advance(29s);
    EXPECT_FALSE(begin());
    world.clock.advance(1s);
    EXPECT_TRUE(begin());
    EXPECT_EQ(asked(metadata), 2);
}

TEST_F(OidcSignInsTest, those_who_come_at_once_wait_for_one_answer) {
    std::vector<Task<OidcOutcome<OidcBegun>>> tasks;
    for (int i = 0; i < 20; ++i) {
        OidcBeginning beginning{"corp", "/", redirect_uri, "10.1.1.1"};
        tasks.push_back(sign_ins->begin(std::move(beginning)));
    }
    for (const auto& begun : world.run_all(std::move(tasks))) EXPECT_TRUE(begun);
    EXPECT_EQ(asked(metadata), 1);
}

TEST_F(OidcSignInsTest, what_it_said_is_asked_for_each_hour_and_counts_for_a_day) {
    ASSERT_TRUE(sign_in());
    world.clock.advance(59min);
    ASSERT_TRUE(begin());
    EXPECT_EQ(asked(metadata), 1);
    world.clock.advance(1min);
    ASSERT_TRUE(begin());
    EXPECT_EQ(asked(metadata), 2);
    go_away(metadata);
    go_away("/jwks");
    world.clock.advance(23h + 59min);
    EXPECT_TRUE(begin());
    EXPECT_EQ(asked(metadata), 3);
    world.clock.advance(1min);
    EXPECT_EQ(begin().error(), OidcTrouble::unavailable);
}

TEST_F(OidcSignInsTest, a_key_that_it_begins_to_use_is_found_and_a_withheld_one_is_its_trouble) {
    ASSERT_TRUE(sign_in());
    const RsaSigner next("two");
    answer("/jwks", key_set_of({signer.jwk(), next.jwk()}));
    // A token that is right but for the key that it is signed with.
    const auto sign_in_by = [this](const RsaSigner& key) {
        const auto begun = begin();
        const OidcReturn back = answered(*begun);
        const std::string given = answers[std::string(place) + "/token"].body;
        const std::size_t from = given.find("id_token\":\"") + 11;
        const std::size_t dot = given.find('.', from);
        const std::string payload = given.substr(dot + 1, given.rfind('.') - dot - 1);
        const std::string claims = from_base64url(payload).value();
        answer("/token", R"({"id_token":")" + key.token(key.header(), claims) + "\"}");
        return finish(back);
    };
    EXPECT_TRUE(sign_in_by(next));
    EXPECT_EQ(asked("/jwks"), 2);

    const RsaSigner third("three");
    EXPECT_EQ(sign_in_by(third).error(), OidcTrouble::refused) << "asked within 30 seconds";
    EXPECT_EQ(asked("/jwks"), 2);
    go_away("/jwks");
    world.clock.advance(30s);
    EXPECT_EQ(sign_in_by(third).error(), OidcTrouble::unavailable);
}

TEST_F(OidcSignInsTest, an_attempt_gives_the_issuer_one_code) {
    const auto begun = begin();
    ASSERT_TRUE(begun);
    const OidcReturn back = answered(*begun);
    EXPECT_TRUE(finish(back));
    EXPECT_EQ(finish(back).error(), OidcTrouble::stale);
    EXPECT_EQ(asked("/token"), 1);
}

TEST_F(OidcSignInsTest, an_attempt_ends_where_and_when_it_has_to) {
    const auto begun = begin();
    ASSERT_TRUE(begun);
    const OidcReturn good = answered(*begun);
    OidcReturn back = good;
    back.cookie.reset();
    EXPECT_EQ(finish(back).error(), OidcTrouble::stale);
    back = good;
    back.state = "other";
    EXPECT_EQ(finish(back).error(), OidcTrouble::stale);
    back = good;
    back.issuer = "https://evil.example";
    EXPECT_EQ(finish(back).error(), OidcTrouble::refused);
    back = good;
    back.error = "access_denied";
    EXPECT_EQ(finish(back).error(), OidcTrouble::cancelled);
    EXPECT_EQ(asked("/token"), 0) << "a code was given away for an answer that is none";
    world.clock.advance(OidcAttempt::lifetime);
    EXPECT_EQ(finish(good).error(), OidcTrouble::stale);
}

TEST_F(OidcSignInsTest, an_answer_that_has_to_name_its_issuer_and_does_not_is_refused) {
    const std::string says = R"(,"authorization_response_iss_parameter_supported":true)";
    answer(metadata, metadata_of(place, says));
    const auto begun = begin();
    ASSERT_TRUE(begun);
    OidcReturn back = answered(*begun);
    EXPECT_EQ(finish(back).error(), OidcTrouble::refused);
    back.issuer = place;
    EXPECT_TRUE(finish(back));
}

TEST_F(OidcSignInsTest, who_is_deactivated_does_not_come_in) {
    const auto first = sign_in();
    ASSERT_TRUE(first);
    const std::string user = "WHERE handle = 'ada'";
    world.sql("UPDATE users SET deactivated_at = 1 " + user);
    EXPECT_EQ(sign_in().error(), OidcTrouble::closed);
}

TEST_F(OidcSignInsTest, who_deleted_the_account_comes_back_as_somebody_new) {
    const auto first = sign_in();
    ASSERT_TRUE(first);
    const auto begun = begin();
    ASSERT_TRUE(begun);
    const OidcReturn before = answered(*begun);
    world.clock.advance(2s);
    const Caller caller{
        .user = first->grant.user.id,
        .workspace = first->grant.user.workspace,
        .role = first->grant.user.role,
        .sign_in = std::nullopt,
    };
    EXPECT_FALSE(world.run(world->accounts.delete_account(caller, {}, {"a browser", "10.1.1.1"})));
    EXPECT_EQ(finish(before).error(), OidcTrouble::closed) << "what was issued before";
    world.clock.advance(2s);
    const auto again = sign_in();
    ASSERT_TRUE(again);
    EXPECT_NE(again->grant.user.id, first->grant.user.id);
}

TEST_F(OidcSignInsTest, of_one_address_so_many_attempts_count_in_a_minute) {
    for (std::uint32_t i = 0; i < OidcSignIns::attempts_per_minute; ++i) ASSERT_TRUE(begin());
    EXPECT_EQ(begin().error(), OidcTrouble::rate_limited);
    world.clock.advance(1min);
    EXPECT_TRUE(begin());
}

}  // namespace
}  // namespace banter::service
