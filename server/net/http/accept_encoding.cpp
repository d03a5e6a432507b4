#include "net/http/accept_encoding.hpp"

#include "base/text.hpp"

#include <optional>

namespace banter::net::http {

namespace {

std::string_view take(std::string_view& text, char mark) { return trimmed(take_until(text, mark)); }

bool is_zero(std::string_view weight) {
    return !weight.empty() && weight.find_first_not_of("0.") == std::string_view::npos;
}

/// What stands behind a coding's name: no weight is the weight 1.
bool is_wanted(std::string_view parameters) {
    std::string_view weight = take(parameters, ';');
    const bool has_weight = equals_ignoring_case(take(weight, '='), "q");
    return !(has_weight && is_zero(weight));
}

}  // namespace

bool accepts_coding(const Request& request, std::string_view coding) {
    std::optional<bool> any;
    for (const std::string_view header : request.headers.find_all("Accept-Encoding")) {
        std::string_view rest = header;
        while (!rest.empty()) {
            std::string_view offer = take(rest, ',');
            const std::string_view name = take(offer, ';');
            if (equals_ignoring_case(name, coding)) return is_wanted(offer);
            if (name == "*") any = is_wanted(offer);
        }
    }
    return any.value_or(false);
}

}  // namespace banter::net::http
