// Tokens that must be refused, and how: every way of attacks.md's JWT rows that reaches the local
// issuer.
#include "service/tokens.hpp"

#include "base/encoding.hpp"
#include "model/limits.hpp"
#include "service/es256.hpp"
#include "service/local_issuer.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <functional>

namespace banter::service {
namespace {

using namespace std::string_literals;
using namespace std::chrono_literals;

constexpr std::int64_t now_seconds = 1'795'330'200;
constexpr Timestamp now{std::chrono::seconds(now_seconds)};

std::string seconds(std::int64_t after_now) { return std::to_string(now_seconds + after_now); }

/// An installation with its key in the attacker's hands where a test needs properly signed
/// nonsense.
struct Forge {
    const std::string pem = LocalIssuer::make_key();
    const LocalIssuer issuer{pem};
    const Es256PrivateKey key{pem};
    const Es256PrivateKey attacker{Es256PrivateKey::make_pem()};
    const std::string kid = key.public_key()->thumbprint();
    Issuers issuers;

    Forge() { issuers.add(issuer.issuer()); }

    [[nodiscard]] std::string header() const { return header_with("alg", "\"ES256\""); }

    /// The genuine header with one member set, added, or (empty value) left out.
    [[nodiscard]] std::string header_with(const std::string& name, const std::string& value) const {
        std::vector<std::pair<std::string, std::string>> members{
            {"alg", "\"ES256\""}, {"typ", "\"JWT\""}, {"kid", "\"" + kid + "\""}};
        return object(std::move(members), name, value);
    }

    [[nodiscard]] static std::string claims() { return claims_with("iss", "\"banter\""); }

    [[nodiscard]] static std::string claims_with(
        const std::string& name,
        const std::string& value
    ) {
        std::vector<std::pair<std::string, std::string>> members{
            {"iss", "\"banter\""},
            {"sub", "\"handle:ada\""},
            {"iat", seconds(0)},
            {"exp", seconds(900)}};
        return object(std::move(members), name, value);
    }

    [[nodiscard]] static std::string unsigned_text(
        const std::string& header,
        const std::string& claims
    ) {
        return base64url(header) + "." + base64url(claims);
    }

    [[nodiscard]] static std::string signed_by(
        const Es256PrivateKey& with,
        const std::string& header,
        const std::string& claims
    ) {
        const std::string text = unsigned_text(header, claims);
        return text + "." + base64url(with.sign(text));
    }

    /// Signed with the genuine key.
    [[nodiscard]] std::string token(const std::string& header, const std::string& claims) const {
        return signed_by(key, header, claims);
    }

    [[nodiscard]] std::string good() const { return token(header(), claims()); }
    [[nodiscard]] std::string with_header(const std::string& name, const std::string& value) const {
        return token(header_with(name, value), claims());
    }
    [[nodiscard]] std::string with_claim(const std::string& name, const std::string& value) const {
        return token(header(), claims_with(name, value));
    }

    /// An HMAC with a secret that everyone knows, under the algorithm named.
    [[nodiscard]] std::string hmac(const std::string& secret, const char* algorithm) const {
        const std::string text =
            unsigned_text(header_with("alg", "\""s + algorithm + "\""), claims());
        std::array<unsigned char, EVP_MAX_MD_SIZE> mac;
        unsigned int size = 0;
        HMAC(
            EVP_sha256(),
            secret.data(),
            static_cast<int>(secret.size()),
            reinterpret_cast<const unsigned char*>(text.data()),
            text.size(),
            mac.data(),
            &size
        );
        return text + "." + base64url({mac.data(), size});
    }

    [[nodiscard]] std::string rsa(const char* algorithm) const {
        static const std::shared_ptr<EVP_PKEY> rsa_key(EVP_RSA_gen(2048), EVP_PKEY_free);
        const std::string text =
            unsigned_text(header_with("alg", "\""s + algorithm + "\""), claims());
        EVP_MD_CTX* const digester = EVP_MD_CTX_new();
        std::string signature(256, '\0');
        std::size_t size = signature.size();
        EVP_DigestSignInit(digester, nullptr, EVP_sha256(), nullptr, rsa_key.get());
        EVP_DigestSign(
            digester,
            reinterpret_cast<unsigned char*>(signature.data()),
            &size,
            reinterpret_cast<const unsigned char*>(text.data()),
            text.size()
        );
        EVP_MD_CTX_free(digester);
        return text + "." + base64url(signature);
    }

    /// The public key in PEM, the classic secret of algorithm confusion.
    [[nodiscard]] std::string public_pem() const {
        BIO* const in = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
        EVP_PKEY* const read = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
        BIO* const out = BIO_new(BIO_s_mem());
        PEM_write_bio_PUBKEY(out, read);
        char* text = nullptr;
        const long size = BIO_get_mem_data(out, &text);
        std::string result(text, static_cast<std::size_t>(size));
        BIO_free(in);
        BIO_free(out);
        EVP_PKEY_free(read);
        return result;
    }

    /// The attacker's own key, offered in the header.
    [[nodiscard]] std::string jwk() const {
        const auto offered = attacker.public_key();
        return R"({"kty":"EC","crv":"P-256","x":")" + offered->x() + R"(","y":")" + offered->y() +
               R"("})";
    }

    /// The good token with another last part.
    [[nodiscard]] std::string signature_replaced(const std::string& raw) const {
        const std::string token = good();
        return token.substr(0, token.rfind('.') + 1) + base64url(raw);
    }

private:
    static std::string object(
        std::vector<std::pair<std::string, std::string>> members,
        const std::string& name,
        const std::string& value
    ) {
        const auto same = [&](const auto& member) { return member.first == name; };
        const auto found = std::find_if(members.begin(), members.end(), same);
        if (found != members.end()) {
            found->second = value;
        } else {
            members.emplace_back(name, value);
        }
        std::string text;
        for (const auto& [key, member] : members) {
            if (!member.empty()) text += (text.empty() ? "{\"" : ",\"") + key + "\":" + member;
        }
        return text + "}";
    }
};

struct BadToken {
    std::string name;
    std::string detail;
    std::function<std::string(const Forge&)> make;
};

void expect_refused(const std::vector<BadToken>& tokens) {
    const Forge forge;
    for (const BadToken& bad : tokens) {
        const auto verdict = forge.issuers.verify(bad.make(forge), now);
        ASSERT_FALSE(verdict) << bad.name;
        EXPECT_EQ(verdict.error().code, Errc::unauthenticated) << bad.name;
        const char* const between = bad.detail.starts_with("'s") ? "" : " ";
        EXPECT_EQ(verdict.error().detail, "the token" + (between + bad.detail)) << bad.name;
    }
}

BadToken fixed(std::string name, std::string token) {
    return {std::move(name), "is malformed", [token = std::move(token)](const Forge&) {
                return token;
            }};
}

BadToken header(std::string detail, std::string member, std::string value) {
    std::string name = "header " + member + " = " + value.substr(0, 60);
    auto make = [member = std::move(member), value = std::move(value)](const Forge& forge) {
        return forge.with_header(member, value);
    };
    return {std::move(name), std::move(detail), std::move(make)};
}

BadToken claim(std::string detail, std::string member, std::string value) {
    std::string name = "claim " + member + " = " + value.substr(0, 60);
    auto make = [member = std::move(member), value = std::move(value)](const Forge& forge) {
        return forge.with_claim(member, value);
    };
    return {std::move(name), std::move(detail), std::move(make)};
}

BadToken signature(std::string name, std::string raw) {
    return {std::move(name), "'s signature is wrong", [raw = std::move(raw)](const Forge& forge) {
                return forge.signature_replaced(raw);
            }};
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(Tokens, the_genuine_token_is_believed) {
    const Forge forge;
    const auto claims = forge.issuers.verify(forge.good(), now);
    ASSERT_TRUE(claims) << claims.error().detail;
    EXPECT_EQ(claims->subject, "handle:ada");
}

TEST(Tokens, what_has_not_the_form_of_a_token_is_refused) {
    const std::string h = base64url(R"({"alg":"ES256"})"s);
    expect_refused({
        fixed("nothing", ""),
        fixed("one part", h),
        fixed("two parts", h + ".e30"),
        fixed("empty parts", ".."),
        fixed("five parts, as an encrypted token has", h + ".e30.e30.e30.e30"),
        fixed("four parts", h + ".e30.AAAA.AAAA"),
        fixed("padding", "eyJhbGciOiJFUzI1NiJ9=.e30.AAAA"),
        fixed("another alphabet", "eyJhbGciOiJFUzI1NiJ9.e3+/.AAAA"),
        fixed("a header that is no object", base64url("\"ES256\""s) + ".e30.AAAA"),
        fixed("a header that is a list", base64url("[]"s) + ".e30.AAAA"),
        fixed("a header cut short", base64url(R"({"alg":"ES256")"s) + ".e30.AAAA"),
        fixed("a header with more behind it", base64url(R"({"alg":"ES256"} x)"s) + ".e30.AAAA"),
        fixed("a header with a comment", base64url(R"({"alg":/**/"ES256"})"s) + ".e30.AAAA"),
        fixed("bad UTF-8", base64url("{\"alg\":\"\xff\"}"s) + ".e30.AAAA"),
        fixed("a byte order mark", base64url("\xef\xbb\xbf{\"alg\":\"ES256\"}"s) + ".e30.AAAA"),
        fixed("claims that are null", h + "." + base64url("null"s) + ".AAAA"),
        fixed("claims that are a list", h + "." + base64url("[{}]"s) + ".AAAA"),
        fixed("a nested token", h + "." + base64url("eyJhbGciOiJub25lIn0.e30."s) + ".AAAA"),
        fixed("a token of 1 MiB", std::string(1 << 20, 'A')),
        {"white space before", "is malformed", [](const Forge& f) { return " " + f.good(); }},
        {"a line break behind", "is malformed", [](const Forge& f) { return f.good() + "\n"; }},
        {"a NUL behind", "is malformed", [](const Forge& f) { return f.good() + '\0'; }},
        {"with its scheme", "is malformed", [](const Forge& f) { return "Bearer " + f.good(); }},
        {"one byte above the limit",
         "is malformed",
         [](const Forge& f) {
             const std::string good = f.good();
             return good + std::string(model::limits::token_bytes_max + 1 - good.size(), 'A');
         }},
        claim("is malformed", "deep", nested(model::limits::token_depth_max)),
        header("is malformed", "deep", nested(1000)),
        claim("is malformed", "sub", R"("\ud800")"),
        claim("is malformed", "exp", "NaN"),
        claim("is malformed", "exp", "0x7fffffff"),
        claim("is malformed", "exp", "01795330900"),
    });
}

TEST(Tokens, the_header_never_chooses_the_algorithm) {
    std::vector<BadToken> tokens;
    for (const char* algorithm :
         {"none",   "None",  "NONE",  "nOnE",   "HS256",    "HS384", "HS512",
          "RS256",  "RS384", "RS512", "PS256",  "PS384",    "ES384", "ES512",
          "ES256K", "EdDSA", "es256", "ES256 ", "RSA-OAEP", "dir"}) {
        tokens.push_back(
            header("'s algorithm is not the one of its key", "alg", "\""s + algorithm + "\"")
        );
    }
    const std::string detail = "'s algorithm is not the one of its key";
    for (const char* algorithm : {"none", "None", "NONE"}) {
        tokens.push_back({"unsigned "s + algorithm, detail, [algorithm](const Forge& f) {
                              const auto header = f.header_with("alg", "\""s + algorithm + "\"");
                              return Forge::unsigned_text(header, Forge::claims()) + ".";
                          }});
    }
    tokens.push_back({"HMAC with the public PEM", detail, [](const Forge& f) {
                          return f.hmac(f.public_pem(), "HS256");
                      }});
    tokens.push_back({"HMAC with the JWK set", detail, [](const Forge& f) {
                          return f.hmac(f.issuer.jwks(), "HS256");
                      }});
    tokens.push_back({"HMAC with the key id", detail, [](const Forge& f) {
                          return f.hmac(f.kid, "HS256");
                      }});
    tokens.push_back({"HMAC with nothing", detail, [](const Forge& f) {
                          return f.hmac("", "HS256");
                      }});
    tokens.push_back({"RSA", detail, [](const Forge& f) { return f.rsa("RS256"); }});
    tokens.push_back({"the second alg counts", detail, [](const Forge& f) {
                          const auto header =
                              R"({"alg":"ES256","alg":"none","kid":")" + f.kid + "\"}";
                          return f.token(header, Forge::claims());
                      }});
    expect_refused(tokens);
}

TEST(Tokens, a_signature_of_another_kind_does_not_pass_as_es256) {
    const std::string detail = "'s signature is wrong";
    expect_refused({
        {"HMAC with the public PEM",
         detail,
         [](const Forge& f) { return f.hmac(f.public_pem(), "ES256"); }},
        {"RSA", detail, [](const Forge& f) { return f.rsa("ES256"); }},
        {"no signature",
         detail,
         [](const Forge& f) { return Forge::unsigned_text(f.header(), Forge::claims()) + "."; }},
    });
}

TEST(Tokens, a_header_that_is_missing_of_another_type_or_critical_is_refused) {
    std::vector<BadToken> tokens;
    for (const char* value :
         {"", "null", "256", "true", "[\"ES256\"]", "{\"alg\":\"ES256\"}", "\"\""}) {
        tokens.push_back(header("is malformed", "alg", value));
    }
    for (const char* value : {"[\"exp\"]", "[\"b64\"]", "[]", "\"exp\"", "null"}) {
        tokens.push_back(header("is malformed", "crit", value));
    }
    for (const char* value : {"\"JWE\"", "\"at+jwt\"", "\"\"", "1", "null"}) {
        tokens.push_back(header("is malformed", "typ", value));
    }
    for (const char* value :
         {"1", "null", "[]", "\"\"", "{\"a\":1}", "\"\\u0000\"", "\"a\\u0000b\""}) {
        tokens.push_back(header("is malformed", "kid", value));
    }
    tokens.push_back(header("is malformed", "kid", "\"" + std::string(5000, 'k') + "\""));
    expect_refused(tokens);
}

TEST(Tokens, a_key_id_only_looks_up_and_finds_nothing_else) {
    std::vector<BadToken> tokens;
    const std::string detail = "'s key is not known";
    for (const char* value :
         {"",
          "\"../../../../dev/null\"",
          "\"/dev/null\"",
          "\"' or 1=1 --\"",
          "\"; ls\"",
          "\"file:///etc/passwd\"",
          "\"https://evil.example/jwks.json\"",
          "\"0\"",
          "\"banter\"",
          "\" \""}) {
        tokens.push_back(header(detail, "kid", value));
    }
    tokens.push_back({"the attacker's own key", detail, [](const Forge& f) {
                          const std::string kid =
                              "\"" + f.attacker.public_key()->thumbprint() + "\"";
                          return Forge::signed_by(
                              f.attacker, f.header_with("kid", kid), Forge::claims()
                          );
                      }});
    tokens.push_back({"longer by a character", detail, [](const Forge& f) {
                          return f.token(
                              f.header_with("kid", "\"" + f.kid + "A\""), Forge::claims()
                          );
                      }});
    expect_refused(tokens);
}

TEST(Tokens, a_key_that_the_token_brings_along_is_not_used) {
    std::vector<BadToken> tokens;
    const std::string detail = "'s signature is wrong";
    for (const char* member : {"jku", "x5u"}) {
        tokens.push_back({member, detail, [member](const Forge& f) {
                              const auto header =
                                  f.header_with(member, "\"http://127.0.0.1:1/jwks.json\"");
                              return Forge::signed_by(f.attacker, header, Forge::claims());
                          }});
    }
    tokens.push_back({"jwk", detail, [](const Forge& f) {
                          return Forge::signed_by(
                              f.attacker, f.header_with("jwk", f.jwk()), Forge::claims()
                          );
                      }});
    tokens.push_back({"x5c", detail, [](const Forge& f) {
                          return Forge::signed_by(
                              f.attacker, f.header_with("x5c", "[\"AAAA\"]"), Forge::claims()
                          );
                      }});
    tokens.push_back({"just signed", detail, [](const Forge& f) {
                          return Forge::signed_by(f.attacker, f.header(), Forge::claims());
                      }});
    expect_refused(tokens);
}

TEST(Tokens, a_signature_of_wrong_size_form_or_value_is_refused) {
    expect_refused({
        signature("empty", ""),
        signature("all zero", std::string(64, '\0')),
        signature("all ones", std::string(64, '\xff')),
        signature("r and s of one", std::string(31, '\0') + '\1' + std::string(31, '\0') + '\1'),
        signature("one byte short", std::string(63, 'x')),
        signature("one byte more", std::string(65, 'x')),
        signature("in DER form", "\x30\x06\x02\x01\x01\x02\x01\x01"s),
        {"of other claims",
         "'s signature is wrong",
         [](const Forge& f) {
             const std::string other = f.with_claim("sub", "\"handle:eve\"");
             const std::string good = f.good();
             return good.substr(0, good.rfind('.')) + other.substr(other.rfind('.'));
         }},
        {"under other claims",
         "'s signature is wrong",
         [](const Forge& f) {
             const std::string good = f.good();
             const std::string claims = Forge::claims_with("sub", "\"handle:eve\"");
             return good.substr(0, good.find('.') + 1) + base64url(claims) +
                    good.substr(good.rfind('.'));
         }},
        {"under another header",
         "'s signature is wrong",
         [](const Forge& f) {
             const std::string good = f.good();
             return base64url(f.header_with("x", "1")) + good.substr(good.find('.'));
         }},
    });
}

TEST(Tokens, another_issuer_than_a_known_one_is_refused) {
    std::vector<BadToken> tokens;
    for (const char* value :
         {"",
          "null",
          "1",
          "\"\"",
          "\"Banter\"",
          "\"banter \"",
          "\"https://banter\"",
          "[\"banter\"]",
          "{\"banter\":1}",
          "\"banter\\u0000\"",
          "\"https://evil.clerk.accounts.dev\""}) {
        tokens.push_back(claim("'s issuer is not known here", "iss", value));
    }
    expect_refused(tokens);
}

TEST(Tokens, without_a_sound_expiry_none_is_believed) {
    std::vector<BadToken> tokens;
    const std::string detail = "does not say when it expires";
    for (const std::string& value :
         {""s,
          "null"s,
          "true"s,
          "\"" + seconds(900) + "\"",
          "[" + seconds(900) + "]",
          "{}"s,
          "-1"s,
          "-1e300"s,
          "1e300"s,
          "1e400000"s,
          "253402300800"s,
          "9223372036854775807"s,
          "18446744073709551615"s}) {
        tokens.push_back(claim(detail, "exp", value));
    }
    for (const std::string& value : {seconds(-5), seconds(-900), "0"s, "1"s, "1.5"s}) {
        tokens.push_back(claim("is expired", "exp", value));
    }
    expect_refused(tokens);
}

TEST(Tokens, one_from_the_future_is_refused) {
    std::vector<BadToken> tokens;
    for (const std::string& value :
         {seconds(6), seconds(900), "\"" + seconds(0) + "\"", "null"s, "-1"s, "[]"s}) {
        tokens.push_back(claim("is not valid yet", "nbf", value));
        tokens.push_back(claim("is issued in the future", "iat", value));
    }
    expect_refused(tokens);
}

TEST(Tokens, subject_sign_in_and_organization_are_texts_or_refused) {
    std::vector<BadToken> tokens;
    for (const std::string& value :
         {""s,
          "null"s,
          "1"s,
          "\"\""s,
          "[\"handle:ada\"]"s,
          "\"a\\u0000b\""s,
          "\"" + std::string(257, 's') + "\""}) {
        tokens.push_back(claim("has no subject", "sub", value));
        if (!value.empty()) tokens.push_back(claim("'s sid is malformed", "sid", value));
    }
    for (const char* value : {"1", "null", "\"acme\"", "{}", "{\"id\":1}", "[]"}) {
        tokens.push_back(claim("'s organization is malformed", "o", value));
    }
    tokens.push_back(claim("'s organization is malformed", "org_id", "7"));
    expect_refused(tokens);
}

TEST(Tokens, every_changed_character_is_noticed) {
    const Forge forge;
    const std::string good = forge.good();
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (const char other : {'A', 'Q', '_', '.', '='}) {
            std::string changed = good;
            changed[at] = other;
            if (changed == good) continue;
            EXPECT_FALSE(forge.issuers.verify(changed, now)) << at << " -> " << other;
        }
    }
}

TEST(Tokens, the_clocks_may_differ_by_less_than_five_seconds) {
    const Forge forge;
    const auto believed = [&](const std::string& name, const std::string& value) {
        return forge.issuers.verify(forge.with_claim(name, value), now).has_value();
    };
    EXPECT_TRUE(believed("exp", seconds(-4)));
    EXPECT_TRUE(believed("exp", "1795330195.001"));
    EXPECT_FALSE(believed("exp", seconds(-5)));
    EXPECT_TRUE(believed("nbf", seconds(5)));
    EXPECT_FALSE(believed("nbf", "1795330205.001"));
    EXPECT_TRUE(believed("iat", seconds(5)));
    EXPECT_FALSE(believed("iat", seconds(6)));
    EXPECT_TRUE(believed("iat", ""));
}

TEST(Tokens, the_wall_clock_alone_decides_when_it_is_stepped) {
    const Forge forge;
    const std::string good = forge.good();
    EXPECT_TRUE(forge.issuers.verify(good, now + 10min));
    EXPECT_FALSE(forge.issuers.verify(good, now + 16min));
    EXPECT_FALSE(forge.issuers.verify(good, now - 10min));
}

TEST(Tokens, headers_that_are_not_known_are_ignored) {
    const Forge forge;
    for (const char* member : {"oiat", "cat", "jku", "x5u", "jwk", "zip", "enc", "b64", "x-new"}) {
        const auto claims =
            forge.issuers.verify(forge.with_header(member, "\"http://127.0.0.1:1/\""), now);
        EXPECT_TRUE(claims) << member;
    }
    EXPECT_TRUE(forge.issuers.verify(forge.with_header("typ", ""), now));
}

TEST(Tokens, names_and_organizations_come_along_where_the_issuer_gives_them) {
    const Forge forge;
    const auto claims_of = [&](const std::string& name, const std::string& value) {
        return forge.issuers.verify(forge.with_claim(name, value), now).value();
    };
    EXPECT_EQ(claims_of("o", R"({"id":"org_1","rol":"admin"})").workspace, "org_1");
    EXPECT_EQ(claims_of("org_id", "\"org_2\"").workspace, "org_2");
    EXPECT_EQ(claims_of("sid", "\"sess_1\"").sign_in, "sess_1");
    EXPECT_EQ(claims_of("name", "\"Ada L.\"").name, "Ada L.");
    EXPECT_EQ(claims_of("username", "\"ada\"").username, "ada");
    EXPECT_EQ(claims_of("name", "7").name, std::nullopt);
}

TEST(Tokens, each_issuer_proves_its_own_tokens_only) {
    const Forge forge;
    const Forge other;
    Issuers issuers;
    issuers.add(forge.issuer.issuer());
    Issuer second = other.issuer.issuer();
    second.name = "https://second.example";
    issuers.add(std::move(second));
    const std::string claims = Forge::claims_with("iss", "\"https://second.example\"");
    EXPECT_TRUE(issuers.verify(other.token(other.header(), claims), now));
    EXPECT_TRUE(issuers.verify(forge.good(), now));
    // The first issuer's key, presented in the name of the second, and the other way round.
    EXPECT_FALSE(issuers.verify(forge.token(forge.header(), claims), now));
    EXPECT_FALSE(issuers.verify(other.good(), now));
}

TEST(Tokens, a_refusal_never_quotes_the_token) {
    const Forge forge;
    for (const char* member : {"sub", "iss", "sid", "exp"}) {
        const auto verdict = forge.issuers.verify(forge.with_claim(member, "{\"marker\":1}"), now);
        ASSERT_FALSE(verdict);
        EXPECT_EQ(verdict.error().detail.find("marker"), std::string::npos);
    }
}

}  // namespace
}  // namespace banter::service
