// Origins: only the exact ones, in whatever dress another comes.
#include "api/http/origins.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace banter::api::http {
namespace {

Origins listening() {
    const Origins::Own own{.public_url = "", .listened_addresses = {"127.0.0.1"}, .port = 8080};
    return Origins(own, {});
}

Origins proxied() {
    const Origins::Own own{
        .public_url = "https://chat.example/",
        .listened_addresses = {"127.0.0.1"},
        .port = 8080,
    };
    return Origins(own, {"https://app.example", "http://localhost:5173"});
}

TEST(Origins, a_server_without_a_public_url_is_known_by_where_it_listens) {
    const Origins origins = listening();
    for (const char* origin :
         {"http://127.0.0.1:8080", "http://localhost:8080", "HTTP://LocalHost:8080"}) {
        EXPECT_TRUE(origins.accepts(origin)) << origin;
        EXPECT_TRUE(origins.is_own(origin)) << origin;
    }
    EXPECT_FALSE(origins.https());
}

TEST(Origins, where_it_listens_has_the_scheme_by_which_the_request_came) {
    const Origins origins = listening();
    EXPECT_TRUE(origins.accepts("https://localhost:8080", true));
    EXPECT_FALSE(origins.accepts("http://localhost:8080", true));
    EXPECT_FALSE(origins.accepts("https://localhost:8080", false));
    EXPECT_TRUE(origins.https(true));
    const Origins::Own standard{.public_url = "", .listened_addresses = {"0.0.0.0"}, .port = 443};
    EXPECT_TRUE(Origins(standard, {}).accepts("https://localhost", true));
    EXPECT_TRUE(proxied().accepts("https://chat.example", false)) << "a public URL says it all";
    EXPECT_TRUE(proxied().https(false));
    const Origins::Own plain{.public_url = "http://chat.example"};
    EXPECT_FALSE(Origins(plain, {}).https(true));
}

TEST(Origins, an_address_that_stands_for_all_is_loopback) {
    const Origins::Own own{.public_url = "", .listened_addresses = {"0.0.0.0", "::"}, .port = 80};
    const Origins origins(own, {});
    for (const char* origin :
         {"http://127.0.0.1", "http://[::1]", "http://localhost", "http://localhost:80"}) {
        EXPECT_TRUE(origins.accepts(origin)) << origin;
    }
    EXPECT_FALSE(origins.accepts("http://0.0.0.0"));
}

TEST(Origins, what_only_looks_like_an_own_origin_is_foreign) {
    const Origins origins = listening();
    for (const char* origin :
         {"",
          "null",
          "https://evil.example",
          "http://127.0.0.1:8080.evil.example",
          "http://evil.example#http://127.0.0.1:8080",
          "http://evil-127.0.0.1:8080",
          "http://127.0.0.1:8080@evil.example",
          "http://user@127.0.0.1:8080",
          "http://127.0.0.1:80801",
          "http://127.0.0.1:1",
          "http://127.0.0.1",
          "https://127.0.0.1:8080",
          "http://127.0.0.1:8080/",
          "http://127.0.0.1:8080/path",
          "http://127.0.0.1:8080 http://127.0.0.1:8080",
          "http://localhost.evil.example:8080",
          "http://127.0.0.1.:8080",
          "http://127.0.0.1:08080",
          "http://127.0.0.1:+8080",
          "http://127.0.0.1:73616",
          "ws://127.0.0.1:8080",
          "file://",
          "http://",
          "http://:8080",
          "http://[127.0.0.1]:8080",
          "http://127.0.0.1:8080\t",
          " http://127.0.0.1:8080",
          "http://127.0.0.1:"}) {
        EXPECT_FALSE(origins.accepts(origin)) << origin;
    }
    EXPECT_FALSE(origins.accepts(std::string("http://127.0.0.1:8080\0", 22)));
}

TEST(Origins, a_public_url_replaces_where_it_listens) {
    const Origins origins = proxied();
    EXPECT_TRUE(origins.https());
    for (const char* origin :
         {"https://chat.example", "https://chat.example:443", "https://app.example"}) {
        EXPECT_TRUE(origins.accepts(origin)) << origin;
    }
    EXPECT_TRUE(origins.accepts("http://localhost:5173"));
    EXPECT_FALSE(origins.is_own("https://app.example"));
    for (const char* origin :
         {"http://127.0.0.1:8080",
          "http://chat.example",
          "https://chat.example:8443",
          "https://chat.example.evil.org",
          "https://evilapp.example",
          "https://app.example:444",
          "https://sub.app.example",
          "http://app.example"}) {
        EXPECT_FALSE(origins.accepts(origin)) << origin;
    }
}

TEST(Origins, what_is_no_origin_is_refused_in_the_configuration) {
    const Origins::Own own{.public_url = "", .listened_addresses = {}, .port = 8080};
    for (const char* origin :
         {"not an origin", "*", "null", "https://*.example", "https://a.example/path", ""}) {
        EXPECT_THROW(Origins(own, {origin}), std::invalid_argument) << origin;
    }
    const Origins::Own wrong{.public_url = "ftp://x", .listened_addresses = {}, .port = 8080};
    EXPECT_THROW(Origins(wrong, {}), std::invalid_argument);
}

TEST(Origins, the_normal_form_is_lower_case_without_a_default_port) {
    EXPECT_EQ(normal_origin("HTTPS://Chat.Example:443"), "https://chat.example");
    EXPECT_EQ(normal_origin("http://[::1]:80"), "http://[::1]");
    EXPECT_EQ(normal_origin("http://a:443"), "http://a:443");
}

}  // namespace
}  // namespace banter::api::http
