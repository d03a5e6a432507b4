#include "net/http/part_head.hpp"

#include "base/encoding.hpp"
#include "net/http/characters.hpp"
#include "net/http/headers.hpp"
#include "net/http/parameters.hpp"
#include "net/utf8.hpp"

#include <algorithm>
#include <utility>

namespace banter::net::http {

namespace {

using Fault = std::optional<MultipartFault>;

constexpr MultipartFault malformed_disposition{"a part's Content-Disposition is malformed"};

bool is_clean(std::string_view text) {
    const bool controls = std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    return !controls && is_valid_utf8(text);
}

/// Browsers write a quote in a name as %22 and leave other percent signs alone (WHATWG HTML,
/// multipart/form-data encoding). Their %0D and %0A stay: a name with line ends serves nobody.
std::string with_quotes(std::string text) {
    for (std::size_t at = 0; (at = text.find("%22", at)) != std::string::npos; ++at)
        text.replace(at, 3, "\"");
    return text;
}

/// UTF-8'language'percent-encoded (RFC 8187 3.2).
struct ExtendedValue {
    bool malformed = false;
    std::optional<std::string> text;  // nothing: in another charset
};

ExtendedValue parse_extended(std::string_view value) {
    const std::size_t charset_end = value.find('\'');
    if (charset_end == std::string_view::npos) return {true, {}};
    const std::size_t language_end = value.find('\'', charset_end + 1);
    if (language_end == std::string_view::npos) return {true, {}};
    if (!equals_ignoring_case(value.substr(0, charset_end), "utf-8")) return {false, {}};
    auto text = percent_decoded(value.substr(language_end + 1));
    if (!text || !is_clean(*text)) return {true, {}};
    return {false, std::move(text)};
}

class PartHeadReader {
public:
    std::variant<PartHead, MultipartFault> read(std::string_view head) {
        while (!head.empty()) {
            const std::size_t end = head.find("\r\n");
            if (end == std::string_view::npos) return MultipartFault{"a part's head is malformed"};
            if (const Fault fault = line(head.substr(0, end))) return *fault;
            head.remove_prefix(end + 2);
        }
        if (!has_disposition_) return MultipartFault{"a part has no Content-Disposition"};
        if (!has_type_) part_.media_type = "text/plain";
        return std::move(part_);
    }

private:
    Fault line(std::string_view text) {
        const std::size_t colon = text.find(':');
        if (colon == std::string_view::npos || !is_token(text.substr(0, colon)) ||
            !std::all_of(text.begin(), text.end(), is_value_character)) {
            return MultipartFault{"a part's head is malformed"};
        }
        const std::string_view name = text.substr(0, colon);
        const std::string_view value = without_outer_space(text.substr(colon + 1));
        if (equals_ignoring_case(name, "content-disposition")) return disposition(value);
        if (equals_ignoring_case(name, "content-type")) return type(value);
        if (equals_ignoring_case(name, "content-transfer-encoding")) return encoding(value);
        return std::nullopt;
    }

    Fault type(std::string_view value) {
        if (std::exchange(has_type_, true)) return MultipartFault{"a part has two Content-Types"};
        if (value.empty() || !is_clean(value)) {
            return MultipartFault{"a part's Content-Type is malformed"};
        }
        part_.media_type = value;
        return std::nullopt;
    }

    static Fault encoding(std::string_view value) {
        for (const std::string_view plain : {"7bit", "8bit", "binary"}) {
            if (equals_ignoring_case(value, plain)) return std::nullopt;
        }
        return MultipartFault{"a part's Content-Transfer-Encoding is not understood"};
    }

    Fault disposition(std::string_view value) {
        if (std::exchange(has_disposition_, true)) {
            return MultipartFault{"a part has two Content-Dispositions"};
        }
        const std::size_t end = std::min(value.find(';'), value.size());
        if (!equals_ignoring_case(without_outer_space(value.substr(0, end)), "form-data")) {
            return malformed_disposition;
        }
        value.remove_prefix(end);
        Parameter one;
        for (;;) {
            switch (take_parameter(value, one)) {
                case NextParameter::malformed: return malformed_disposition;
                case NextParameter::end: return conclude();
                case NextParameter::there: break;
            }
            if (const Fault fault = parameter(std::move(one))) return fault;
        }
    }

    Fault parameter(Parameter one) {
        std::optional<std::string>* place = nullptr;
        if (one.name == "name") place = &name_;
        if (one.name == "filename") place = &filename_;
        if (one.name == "filename*") place = &extended_;
        if (place == nullptr) return std::nullopt;
        if (place->has_value()) return malformed_disposition;
        *place = std::move(one.value);
        return std::nullopt;
    }

    Fault conclude() {
        if (!name_ || !is_clean(*name_)) return malformed_disposition;
        part_.name = with_quotes(*std::move(name_));
        if (filename_) {
            if (!is_clean(*filename_)) return malformed_disposition;
            part_.filename = with_quotes(*std::move(filename_));
        }
        if (!extended_) return std::nullopt;
        ExtendedValue extended = parse_extended(*extended_);
        if (extended.malformed) return malformed_disposition;
        if (extended.text) part_.filename = std::move(extended.text);
        return std::nullopt;
    }

    PartHead part_;
    bool has_disposition_ = false;
    bool has_type_ = false;
    std::optional<std::string> name_;
    std::optional<std::string> filename_;
    std::optional<std::string> extended_;  // filename*
};

}  // namespace

std::variant<PartHead, MultipartFault> parse_part_head(std::string_view head) {
    return PartHeadReader().read(head);
}

}  // namespace banter::net::http
