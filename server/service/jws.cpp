#include "service/jws.hpp"

#include "base/encoding.hpp"
#include "model/limits.hpp"
#include "model/text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <cmath>

namespace banter::service::jws {

namespace json = boost::json;
namespace limits = model::limits;

std::optional<Parts> split(std::string_view token) {
    const std::size_t first = token.find('.');
    if (first == std::string_view::npos) return std::nullopt;
    const std::size_t second = token.find('.', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    auto header = from_base64url(token.substr(0, first));
    auto payload = from_base64url(token.substr(first + 1, second - first - 1));
    auto signature = from_base64url(token.substr(second + 1));
    if (!header || !payload || !signature) return std::nullopt;
    return Parts{
        std::move(*header), std::move(*payload), std::move(*signature), token.substr(0, second)};
}

std::optional<json::object> parse_object(std::string_view text) {
    json::error_code failed;
    json::parse_options options;
    options.max_depth = limits::token_depth_max;
    json::value value = json::parse(text, failed, {}, options);
    if (failed || !value.is_object()) return std::nullopt;
    return std::move(value.as_object());
}

std::optional<std::string> text_of(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    if (found == nullptr || !found->is_string()) return std::nullopt;
    const std::string_view text = found->get_string();
    if (text.empty() || text.size() > limits::claim_bytes_max || !model::is_storable_text(text)) {
        return std::nullopt;
    }
    return std::string(text);
}

std::optional<std::string> picture_of(const json::object& object) {
    const json::value* found = object.if_contains("picture");
    if (found == nullptr || !found->is_string()) return std::nullopt;
    const std::string_view url = found->get_string();
    return model::is_https_url(url) ? std::optional(std::string(url)) : std::nullopt;
}

std::optional<Timestamp> time_of(const json::value& value) {
    constexpr double seconds_end = 253'402'300'800.0;
    if (!value.is_number()) return std::nullopt;
    const double seconds = value.to_number<double>();
    if (!std::isfinite(seconds) || seconds < 0 || seconds >= seconds_end) return std::nullopt;
    return Timestamp(std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000)));
}

std::optional<Header> read_header(const json::object& object) {
    if (object.contains("crit")) return std::nullopt;
    if (object.contains("typ") && text_of(object, "typ") != "JWT") return std::nullopt;
    auto algorithm = text_of(object, "alg");
    if (!algorithm) return std::nullopt;
    auto key_id = text_of(object, "kid");
    if (!key_id && object.contains("kid")) return std::nullopt;
    return Header{std::move(*algorithm), std::move(key_id).value_or("")};
}

}  // namespace banter::service::jws
