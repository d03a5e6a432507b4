// Parameters of headers.
#include "net/http/parameters.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace banter::net::http {
namespace {

/// "name=value|…", with "!" at the end if it is malformed.
std::string read(std::string_view text) {
    std::string out;
    for (Parameter parameter;;) {
        switch (take_parameter(text, parameter)) {
            case NextParameter::there: out += parameter.name + "=" + parameter.value + "|"; break;
            case NextParameter::end: return out;
            case NextParameter::malformed: return out + "!";
        }
    }
}

TEST(Parameters, are_read_one_after_the_other) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"", ""},
        {";", ""},
        {" ; ;\t; ", ""},
        {";a=b", "a=b|"},
        {"; A=B ;c=\"d e\"", "a=B|c=d e|"},
        {";a=\"\"", "a=|"},
        {";a=\";b=c\";d=e", "a=;b=c|d=e|"},
        {R"(;a="\"\\\x")", R"(a="\\x|)"},
        {";a*=UTF-8''b", "a*=UTF-8''b|"},
    };
    for (const auto& [text, expected] : cases) EXPECT_EQ(read(text), expected) << text;
}

TEST(Parameters, what_is_malformed_ends_them) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"a=b", "!"},
        {";a", "!"},
        {";a=", "!"},
        {";a=;b=c", "!"},
        {";=b", "!"},
        {";a =b", "!"},
        {";a= b", "!"},
        {";a=b c", "a=b|!"},
        {";a=\"b", "!"},
        {";a=\"b\\\"", "!"},
        {";a=\"b\\", "!"},
        {";a=\"b\"c=d", "a=b|!"},
        {";a=b,c=d", "a=b|!"},
        {";\"a\"=b", "!"},
    };
    for (const auto& [text, expected] : cases) EXPECT_EQ(read(text), expected) << text;
}

}  // namespace
}  // namespace banter::net::http
