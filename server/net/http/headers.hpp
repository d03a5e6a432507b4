// Header lines of a request or a response, in their order. Names compare without regard to case
// (RFC 9110 5.1).
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace banter::net::http {

struct Header {
    std::string name;
    std::string value;

    friend bool operator==(const Header&, const Header&) = default;
};

/// ASCII letters compare without regard to case; all else exactly.
[[nodiscard]] bool equals_ignoring_case(std::string_view left, std::string_view right);

/// Calls `use(token)` for each non-empty element of a comma-separated list, without the white space
/// around it.
template <typename Use>
void for_each_element(std::string_view list, Use use) {
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        std::string_view element = list.substr(0, comma);
        while (!element.empty() && (element.front() == ' ' || element.front() == '\t'))
            element.remove_prefix(1);
        while (!element.empty() && (element.back() == ' ' || element.back() == '\t'))
            element.remove_suffix(1);
        if (!element.empty()) use(element);
        if (comma == std::string_view::npos) return;
        list.remove_prefix(comma + 1);
    }
}

class Headers {
public:
    Headers() = default;
    Headers(std::initializer_list<Header> lines) : lines_(lines) {}

    void add(std::string name, std::string value) {
        lines_.push_back({std::move(name), std::move(value)});
    }
    /// Replaces every line of that name.
    void set(std::string_view name, std::string value);

    /// The value of the first line of that name, or null.
    [[nodiscard]] const std::string* find(std::string_view name) const;
    [[nodiscard]] std::vector<std::string_view> find_all(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
    /// Whether `token` is an element of the comma-separated list that all lines of that name form.
    [[nodiscard]] bool has_token(std::string_view name, std::string_view token) const;

    [[nodiscard]] std::size_t size() const { return lines_.size(); }
    [[nodiscard]] auto begin() const { return lines_.begin(); }
    [[nodiscard]] auto end() const { return lines_.end(); }

private:
    std::vector<Header> lines_;
};

}  // namespace banter::net::http
