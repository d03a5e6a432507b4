#include "net/http/parameters.hpp"

#include "base/text.hpp"
#include "net/http/characters.hpp"

#include <algorithm>

namespace banter::net::http {

namespace {

std::string_view take_token(std::string_view& text) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_token_character);
    const auto size = static_cast<std::size_t>(end - text.begin());
    const std::string_view token = text.substr(0, size);
    text.remove_prefix(size);
    return token;
}

/// `text` begins after the opening quote. False: there is no closing one.
bool take_quoted(std::string_view& text, std::string& value) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return true;
        }
        const bool escapes =
            text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\');
        if (escapes) ++i;
        value += text[i];
    }
    return false;
}

}  // namespace

NextParameter take_parameter(std::string_view& text, Parameter& parameter) {
    bool separated = false;
    for (;;) {
        text = without_outer_space(text);
        if (text.empty()) return NextParameter::end;
        if (text.front() != ';') break;
        separated = true;
        text.remove_prefix(1);
    }
    if (!separated) return NextParameter::malformed;
    parameter.name = lower_case(take_token(text));
    parameter.value.clear();
    if (parameter.name.empty() || text.empty() || text.front() != '=') {
        return NextParameter::malformed;
    }
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '"') {
        text.remove_prefix(1);
        return take_quoted(text, parameter.value) ? NextParameter::there : NextParameter::malformed;
    }
    parameter.value = take_token(text);
    return parameter.value.empty() ? NextParameter::malformed : NextParameter::there;
}

}  // namespace banter::net::http
