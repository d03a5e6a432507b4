#include "api/wire/fields.hpp"

#include "api/wire/times.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace banter::api::wire {

namespace {

namespace json = boost::json;

std::string sentence(std::string_view name, std::string_view rest) {
    std::string text(name);
    text += ' ';
    text += rest;
    return text;
}

/// A member's name as it may be said back: its beginning, cut between characters.
std::string shortened(std::string_view name) {
    std::size_t size = std::min<std::size_t>(name.size(), 64);
    while (size < name.size() && size > 0 && (static_cast<unsigned char>(name[size]) & 0xC0) == 0x80
    ) {
        --size;
    }
    return std::string(name.substr(0, size));
}

}  // namespace

const json::value* Fields::find(std::string_view name) {
    asked_.push_back(name);
    return object_.if_contains(name);
}

const json::value* Fields::required(std::string_view name) {
    const json::value* value = find(name);
    if (value == nullptr) refuse(Errc::bad_request, sentence(name, "is missing"));
    return value;
}

std::string Fields::text_of(std::string_view name, const json::value& value) {
    if (const auto* text = value.if_string()) return std::string(text->data(), text->size());
    refuse(Errc::bad_request, sentence(name, "has to be a string"));
    return {};
}

std::string Fields::text(std::string_view name) {
    const json::value* value = required(name);
    return value != nullptr ? text_of(name, *value) : std::string();
}

std::optional<std::string> Fields::optional_text(std::string_view name) {
    const json::value* value = find(name);
    if (value == nullptr) return std::nullopt;
    return text_of(name, *value);
}

std::optional<std::optional<std::string>> Fields::nullable_text(std::string_view name) {
    const json::value* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (value->is_null()) return std::optional<std::string>();
    return text_of(name, *value);
}

std::optional<const json::object*> Fields::nullable_object(std::string_view name) {
    const json::value* value = find(name);
    if (value == nullptr) return std::nullopt;
    const json::object* object = value->if_object();
    if (object == nullptr && !value->is_null()) {
        refuse(Errc::bad_request, sentence(name, "has to be an object or null"));
    }
    return object;
}

std::optional<bool> Fields::optional_flag(std::string_view name) {
    const json::value* value = find(name);
    if (value == nullptr) return std::nullopt;
    const bool* flag = value->if_bool();
    if (flag == nullptr) refuse(Errc::bad_request, sentence(name, "has to be true or false"));
    return flag != nullptr && *flag;
}

std::optional<model::Uuid> Fields::uuid(std::string_view name, const json::value* value) {
    if (value == nullptr) return std::nullopt;
    const auto* text = value->if_string();
    const auto parsed =
        text != nullptr ? model::parse_uuid({text->data(), text->size()}) : std::nullopt;
    if (!parsed) refuse(Errc::bad_request, sentence(name, "has to be a UUID"));
    return parsed;
}

std::optional<Timestamp> Fields::optional_time(std::string_view name) {
    const auto text = optional_text(name);
    if (!text) return std::nullopt;
    const auto time = parse_time(*text);
    if (!time) refuse(Errc::bad_request, sentence(name, "has to be a time of RFC 3339"));
    return time;
}

std::uint64_t Fields::integer_of(std::string_view name, const json::value& value) {
    std::uint64_t number = integer_max + 1;
    if (const auto* natural = value.if_uint64()) number = *natural;
    if (const auto* integer = value.if_int64(); integer != nullptr && *integer >= 0) {
        number = static_cast<std::uint64_t>(*integer);
    }
    if (number <= integer_max) return number;
    refuse(Errc::bad_request, sentence(name, "has to be an integer from 0 to 2^53"));
    return 0;
}

std::uint64_t Fields::integer(std::string_view name) {
    const json::value* value = required(name);
    return value != nullptr ? integer_of(name, *value) : 0;
}

std::optional<std::uint64_t> Fields::optional_integer(std::string_view name) {
    const json::value* value = find(name);
    if (value == nullptr) return std::nullopt;
    return integer_of(name, *value);
}

std::optional<Timestamp> Fields::nullable_time(std::string_view name) {
    const auto text = nullable_text(name);
    if (!text || !*text) return std::nullopt;
    const auto time = parse_time(**text);
    if (!time) refuse(Errc::bad_request, sentence(name, "has to be a time of RFC 3339"));
    return time;
}

const json::object* Fields::optional_object(std::string_view name) {
    const json::value* value = find(name);
    if (value == nullptr) return nullptr;
    const json::object* object = value->if_object();
    if (object == nullptr) refuse(Errc::bad_request, sentence(name, "has to be an object"));
    return object;
}

const json::array* Fields::list_of(
    std::string_view name,
    const json::value* value,
    std::size_t count_max
) {
    if (value == nullptr) return nullptr;
    const auto* array = value->if_array();
    if (array == nullptr) {
        refuse(Errc::bad_request, sentence(name, "has to be a list"));
    } else if (array->size() > count_max) {
        const auto most = std::to_string(count_max);
        refuse(Errc::too_large, sentence(name, "has at most " + most + " elements"));
        return nullptr;
    }
    return array;
}

std::vector<std::string> Fields::texts(std::string_view name, std::size_t count_max) {
    std::vector<std::string> texts;
    const auto* array = list_of(name, required(name), count_max);
    if (array == nullptr) return texts;
    for (const json::value& element : *array) {
        const auto* text = element.if_string();
        if (text == nullptr) {
            refuse(Errc::bad_request, sentence(name, "has to be a list of strings"));
            return {};
        }
        texts.emplace_back(text->data(), text->size());
    }
    return texts;
}

std::vector<model::Uuid> Fields::uuids_of(
    std::string_view name,
    const json::value* value,
    std::size_t count_max
) {
    std::vector<model::Uuid> uuids;
    const auto* array = list_of(name, value, count_max);
    if (array == nullptr) return uuids;
    for (const json::value& element : *array) {
        const auto* text = element.if_string();
        const auto parsed =
            text != nullptr ? model::parse_uuid({text->data(), text->size()}) : std::nullopt;
        if (!parsed) {
            refuse(Errc::bad_request, sentence(name, "has to be a list of UUIDs"));
            return {};
        }
        uuids.push_back(*parsed);
    }
    return uuids;
}

void Fields::refuse(Errc code, std::string detail) {
    if (!trouble_) trouble_ = Error{code, std::move(detail), {}};
}

void Fields::refuse_word(std::string_view name) {
    refuse(Errc::bad_request, sentence(name, "is none that is known"));
}

std::optional<Error> Fields::trouble() const {
    for (const auto& member : object_) {
        const std::string_view name(member.key().data(), member.key().size());
        if (std::find(asked_.begin(), asked_.end(), name) == asked_.end()) {
            return Error{Errc::unknown_field, "there is no member " + shortened(name), {}};
        }
    }
    return trouble_;
}

}  // namespace banter::api::wire
