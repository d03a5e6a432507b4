// How the values of options are written, and what is wrong with one. A setter returns a sentence
// that goes on from the option's name; empty: the value is taken.
#pragma once

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace banter::app {

template <typename Number>
std::string set_number(Number& field, const std::string& value, Number least, Number most) {
    Number number{};
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size()) return "is not a number";
    if (!(number >= least && number <= most))  // a NaN is neither
        return fmt::format("has to be from {} to {}", least, most);
    field = number;
    return {};
}

/// "a,b" as its parts; empty ones are left out.
[[nodiscard]] std::vector<std::string> split(const std::string& list);
[[nodiscard]] std::string joined(const std::vector<std::string>& parts);

/// Of an origin, or of HOST:PORT. IPv6 without its brackets.
[[nodiscard]] std::string host_of(std::string_view text);
[[nodiscard]] bool is_loopback(const std::string& host);
[[nodiscard]] bool is_origin(std::string_view text);
[[nodiscard]] bool is_postgres_url(std::string_view value);
/// The password of a URL is nobody else's business. It stands before the host, or among the
/// parameters, as that of a key does.
[[nodiscard]] std::string without_password(std::string url);

[[nodiscard]] std::string set_origins(std::vector<std::string>& field, const std::string& value);
/// An issuer's own name for itself is compared as it is. http is for what runs on the same machine.
[[nodiscard]] std::string set_issuer(std::string& field, const std::string& value);
/// "pk_live_" or "pk_test_", then the host of the instance's Frontend API and "$" in base64.
[[nodiscard]] std::string set_publishable_key(std::string& field, const std::string& value);
/// Of a key that set_publishable_key takes: the origin of its Frontend API.
[[nodiscard]] std::string frontend_api_of(std::string_view publishable_key);
/// Where secrets are sent to.
[[nodiscard]] std::string set_safe_origin(std::string& field, const std::string& value);
[[nodiscard]] std::string set_existing(std::filesystem::path& field, const std::string& value);
[[nodiscard]] std::string set_truth(bool& field, const std::string& value);

}  // namespace banter::app
