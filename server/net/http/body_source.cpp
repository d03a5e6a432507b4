#include "net/http/body_source.hpp"

namespace banter::net::http {

void BodySourceDeleter::operator()(BodySource* source) const {
    const std::unique_ptr<BodySource> owned(source);
}

SourcedBody sourced_body(std::unique_ptr<BodySource> source, std::optional<std::uint64_t> length) {
    SourcedBody body;
    body.source.reset(source.release());
    body.length = length;
    return body;
}

}  // namespace banter::net::http
