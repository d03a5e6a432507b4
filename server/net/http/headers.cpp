#include "net/http/headers.hpp"

#include <algorithm>

namespace banter::net::http {

namespace {

constexpr char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
}

}  // namespace

bool equals_ignoring_case(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
        return lower(a) == lower(b);
    });
}

void Headers::set(std::string_view name, std::string value) {
    std::erase_if(lines_, [&](const Header& line) {
        return equals_ignoring_case(line.name, name);
    });
    add(std::string(name), std::move(value));
}

const std::string* Headers::find(std::string_view name) const {
    for (const Header& line : lines_) {
        if (equals_ignoring_case(line.name, name)) return &line.value;
    }
    return nullptr;
}

std::vector<std::string_view> Headers::find_all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const Header& line : lines_) {
        if (equals_ignoring_case(line.name, name)) values.emplace_back(line.value);
    }
    return values;
}

bool Headers::has_token(std::string_view name, std::string_view token) const {
    bool found = false;
    for (const std::string_view value : find_all(name)) {
        for_each_element(value, [&](std::string_view element) {
            found = found || equals_ignoring_case(element, token);
        });
    }
    return found;
}

}  // namespace banter::net::http
