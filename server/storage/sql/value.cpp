#include "storage/sql/value.hpp"

namespace banter::sql {

std::string Row::bytes() {
    Value& value = next();
    if (auto* bytes = std::get_if<Bytes>(&value)) return std::move(bytes->data);
    if (const auto* uuid = std::get_if<model::Uuid>(&value)) {
        return {uuid->bytes.begin(), uuid->bytes.end()};
    }
    CHECK(std::holds_alternative<std::monostate>(value));
    return {};
}

}  // namespace banter::sql
