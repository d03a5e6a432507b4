#include "service/content.hpp"

#include "model/limits.hpp"
#include "model/text.hpp"
#include "service/refusals.hpp"
#include "service/sha256.hpp"

namespace banter::service {

std::optional<Error> mistake_in_content(std::string_view content) {
    if (content.size() > model::limits::content_bytes_max) {
        return Error{Errc::too_large, "content: at most 10,000 bytes"};
    }
    if (!model::is_storable_text(content)) return bad_request("content: no valid text");
    return std::nullopt;
}

std::optional<Error> mistake_in_emoji(std::string_view emoji) {
    if (model::is_storable_text(emoji) && model::is_emoji(emoji)) return std::nullopt;
    return bad_request("emoji: one emoji, or a name like :tada:");
}

model::RequestHash request_hash(const model::SendMessage& request) {
    Sha256 hash;
    hash.bytes(request.thread.uuid.bytes).text(request.content);
    hash.number(request.reply_to ? 1 : 0);
    if (request.reply_to) hash.bytes(request.reply_to->uuid.bytes);
    for (const auto& file : request.attachments) hash.bytes(file.uuid.bytes);
    return hash.finish();
}

}  // namespace banter::service
