// What an issuer says of itself: what is enough for the authorization code flow is taken, anything
// less is refused whole. What is a URL of an issuer, and what goes to one and comes back.
#include "service/oidc_metadata.hpp"

#include "service/oidc_exchange.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace banter::service {
namespace {

constexpr std::string_view issuer = "https://login.example.com";

using Member = std::pair<std::string, std::string>;

/// With one member set, added or (empty) left out.
std::string metadata(const Member& change = {"x", "1"}) {
    std::vector<Member> members{
        {"issuer", R"("https://login.example.com")"},
        {"authorization_endpoint", R"("https://login.example.com/auth")"},
        {"token_endpoint", R"("https://login.example.com/token")"},
        {"userinfo_endpoint", R"("https://login.example.com/me")"},
        {"jwks_uri", R"("https://keys.example.com/jwks?v=1")"},
        {"response_types_supported", R"(["code","code id_token"])"},
        {"subject_types_supported", R"(["public"])"},
        {"id_token_signing_alg_values_supported", R"(["PS256","RS256","none"])"}};
    std::erase_if(members, [&](const Member& one) { return one.first == change.first; });
    members.push_back(change);
    std::string text = "{";
    for (const auto& [name, value] : members) {
        if (value.empty()) continue;
        if (text.size() > 1) text += ',';
        text += '"' + name + "\":" + value;
    }
    return text + '}';
}

Result<OidcMetadata> parse(const Member& change) {
    return parse_oidc_metadata(metadata(change), issuer);
}

TEST(OidcMetadata, what_is_enough_for_the_code_flow_is_taken) {
    const auto found = parse({"x", "1"});
    ASSERT_TRUE(found) << found.error().detail;
    EXPECT_EQ(found->authorization_endpoint, "https://login.example.com/auth");
    EXPECT_EQ(found->jwks_uri, "https://keys.example.com/jwks?v=1");
    EXPECT_EQ(found->algorithms, std::vector<std::string>{"RS256"});
    EXPECT_EQ(found->secret_goes, SecretGoes::in_header);
    EXPECT_FALSE(found->names_itself);
    for (const Member& change : std::vector<Member>{
             {"userinfo_endpoint", ""},
             {"response_modes_supported", R"(["form_post","query"])"},
             {"grant_types_supported", R"(["authorization_code"])"},
             {"code_challenge_methods_supported", R"(["plain","S256"])"},
             {"id_token_signing_alg_values_supported", R"(["ES256"])"},
         }) {
        EXPECT_TRUE(parse(change)) << change.second;
    }
    const auto names = parse({"authorization_response_iss_parameter_supported", "true"});
    EXPECT_TRUE(names && names->names_itself);
    const std::string methods = "token_endpoint_auth_methods_supported";
    EXPECT_EQ(parse({methods, R"(["client_secret_post"])"})->secret_goes, SecretGoes::in_body);
    EXPECT_EQ(parse({methods, R"(["none"])"})->secret_goes, SecretGoes::in_body);
}

TEST(OidcMetadata, only_an_issuer_of_this_machine_has_others_of_it_asked) {
    constexpr std::string_view here = "http://127.0.0.1:8080";
    for (const char* url :
         {"http://127.0.0.1:9000/token", "http://[::1]:9000/token", "http://localhost/token"}) {
        const Member change{"token_endpoint", '"' + std::string(url) + '"'};
        EXPECT_FALSE(parse(change)) << url;
        std::string text = metadata(change);
        text.replace(text.find(issuer), issuer.size(), here);
        EXPECT_TRUE(parse_oidc_metadata(text, here)) << url;
    }
}

TEST(OidcMetadata, what_is_less_is_refused_whole) {
    const std::vector<Member> wrong{
        {"issuer", ""},
        {"issuer", R"("https://login.example.com/")"},
        {"issuer", R"("https://evil.example")"},
        {"issuer", "7"},
        {"authorization_endpoint", ""},
        {"authorization_endpoint", R"("http://login.example.com/auth")"},
        {"authorization_endpoint", R"-("javascript:alert(1)")-"},
        {"authorization_endpoint", R"("/auth")"},
        {"token_endpoint", ""},
        {"token_endpoint", R"("http://login.example.com/token")"},
        {"token_endpoint", R"("http://127.0.0.1.evil.example/token")"},
        {"token_endpoint", R"("http://127.0.0.1@evil.example/token")"},
        {"token_endpoint", R"("https://user@login.example.com/token")"},
        {"token_endpoint", R"("https://login.example.com/token#x")"},
        {"token_endpoint", R"("file:///etc/passwd")"},
        {"token_endpoint", "null"},
        {"userinfo_endpoint", R"("http://login.example.com/me")"},
        {"jwks_uri", ""},
        {"jwks_uri", R"("http://login.example.com/jwks")"},
        {"response_types_supported", ""},
        {"response_types_supported", R"("code")"},
        {"response_types_supported", R"(["id_token"])"},
        {"response_modes_supported", R"(["fragment"])"},
        {"grant_types_supported", R"(["implicit"])"},
        {"code_challenge_methods_supported", R"(["plain"])"},
        {"id_token_signing_alg_values_supported", ""},
        {"id_token_signing_alg_values_supported", R"(["none","HS256"])"},
        {"id_token_signing_alg_values_supported", R"("RS256")"},
        {"token_endpoint_auth_methods_supported", R"(["private_key_jwt"])"},
        {"token_endpoint_auth_methods_supported", "7"},
        {"authorization_response_iss_parameter_supported", "1"},
    };
    for (const Member& change : wrong) {
        EXPECT_FALSE(parse(change)) << change.first << " " << change.second;
    }
    for (const std::string& text :
         {std::string(),
          std::string("[]"),
          std::string("no JSON"),
          metadata() + std::string(oidc_metadata_bytes_max, ' ')}) {
        EXPECT_FALSE(parse_oidc_metadata(text, issuer)) << text.substr(0, 80);
    }
}

TEST(OidcMetadata, is_published_below_the_issuer) {
    const std::string place = "/.well-known/openid-configuration";
    EXPECT_EQ(metadata_url("https://a.example"), "https://a.example" + place);
    EXPECT_EQ(metadata_url("https://a.example/"), "https://a.example" + place);
    EXPECT_EQ(metadata_url("https://a.example/realms/b"), "https://a.example/realms/b" + place);
}

TEST(OidcExchange, a_secret_goes_where_the_issuer_takes_it_and_nowhere_else) {
    const OidcClient client{
        .name = "corp",
        .issuer = std::string(issuer),
        .client_id = "ban:ter",
        .client_secret = "a b%",
        .scopes = {"profile", "openid"},
    };
    const OidcRedemption redemption{"c&d", "verifier", "nonce", "https://b.example/callback"};
    OidcMetadata known = parse({"x", "1"}).value();
    const OidcCall basic = token_call(known, client, redemption);
    EXPECT_EQ(basic.authorization, "Basic YmFuJTNBdGVyOmElMjBiJTI1");
    EXPECT_EQ(
        basic.form,
        "grant_type=authorization_code&code=c%26d&redirect_uri=https%3A%2F%2Fb.example%2Fcallback"
        "&code_verifier=verifier"
    );
    known.secret_goes = SecretGoes::in_body;
    const OidcCall post = token_call(known, client, redemption);
    EXPECT_EQ(post.authorization, "");
    EXPECT_EQ(post.form, basic.form + "&client_id=ban%3Ater&client_secret=a%20b%25");
    known.secret_goes = SecretGoes::in_header;
    OidcClient open = client;
    open.client_secret.clear();
    const OidcCall alone = token_call(known, open, redemption);
    EXPECT_EQ(alone.authorization, "");
    EXPECT_EQ(alone.form, basic.form + "&client_id=ban%3Ater");
    for (const OidcCall& call : {basic, post, alone})
        EXPECT_EQ(call.url, "https://login.example.com/token");
}

TEST(OidcExchange, an_endpoint_that_has_a_query_keeps_it) {
    OidcMetadata known = parse({"x", "1"}).value();
    known.authorization_endpoint += "?tenant=1";
    const OidcClient client{"corp", std::string(issuer), "banter", "", {}};
    const OidcAttempt attempt{"corp", "s", "n", "v", "/", {}};
    EXPECT_EQ(
        authorization_url(known, client, attempt, "https://b.example/callback"),
        "https://login.example.com/auth?tenant=1&response_type=code&client_id=banter"
        "&redirect_uri=https%3A%2F%2Fb.example%2Fcallback&scope=openid&state=s&nonce=n"
        "&code_challenge=TJRIXgwhrmxBzh3-e2v6zupato5AokdvUCCOUm9QYIA&code_challenge_method=S256"
    );
}

TEST(OidcExchange, what_is_no_answer_with_an_id_token_is_refused) {
    const auto parse_answer = [](int status, std::string body) {
        return parse_token_answer({status, std::move(body)});
    };
    const auto tokens =
        parse_answer(200, R"({"id_token":"a.b.c","access_token":"x","token_type":"Bearer"})");
    ASSERT_TRUE(tokens);
    EXPECT_EQ(tokens->id_token, "a.b.c");
    EXPECT_EQ(tokens->access_token, "x");
    for (const char* other :
         {R"({"id_token":"a","access_token":"x","token_type":"DPoP"})",
          R"({"id_token":"a","access_token":"x"})",
          R"({"id_token":"a","access_token":"x\r\ny","token_type":"bearer"})"}) {
        const auto without = parse_answer(200, other);
        ASSERT_TRUE(without) << other;
        EXPECT_EQ(without->access_token, "") << other;
    }
    for (const char* body : {"", "[]", "{}", R"({"id_token":7})", R"({"id_token":""})"}) {
        EXPECT_FALSE(parse_answer(200, body)) << body;
    }
    const auto refused = parse_answer(400, R"({"error":"invalid_grant","id_token":"a"})");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().detail, "the token endpoint refuses: invalid_grant");
    for (const char* body : {"", R"({"error":"<b>"})", R"({"error":"A secret"})", R"({"error":7})"})
        EXPECT_EQ(
            parse_answer(401, body).error().detail, "the token endpoint refuses: another error"
        ) << body;
}

}  // namespace
}  // namespace banter::service
