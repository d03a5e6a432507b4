#include "api/wire/messages.hpp"

#include "model/limits.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <vector>

namespace banter::api::wire {

namespace {

std::vector<model::FileId> read_attachments(Fields& fields) {
    std::vector<model::FileId> attachments;
    for (const auto& id : fields.optional_uuids("attachments", model::limits::attachments_max)) {
        const model::FileId file{id};
        if (std::find(attachments.begin(), attachments.end(), file) != attachments.end()) {
            fields.refuse(Errc::bad_request, "attachments: a file stands there twice");
        }
        attachments.push_back(file);
    }
    return attachments;
}

}  // namespace

std::string read_content(Fields& fields) {
    std::string content = fields.text("content");
    if (content.size() > model::limits::content_bytes_max) {
        const auto bytes_max = std::to_string(model::limits::content_bytes_max);
        fields.refuse(Errc::too_large, "content has at most " + bytes_max + " bytes");
    }
    return content;
}

model::SendMessage read_send(Fields& fields, model::ThreadId thread) {
    model::SendMessage send;
    send.thread = thread;
    send.nonce = fields.id<model::Nonce>("nonce");
    send.content = read_content(fields);
    send.reply_to = fields.optional_id<model::MessageId>("replyTo");
    send.attachments = read_attachments(fields);
    if (send.content.empty() && send.attachments.empty()) {
        fields.refuse(Errc::bad_request, "content is empty");
    }
    return send;
}

model::EditMessage read_edit(Fields& fields, model::MessageId message) {
    model::EditMessage edit;
    edit.message = message;
    edit.content = read_content(fields);
    edit.if_rev = fields.optional_integer("ifRev");
    return edit;
}

std::optional<Error> refused_emoji(std::string_view emoji) {
    if (model::is_emoji(emoji)) return std::nullopt;
    return Error{Errc::bad_request, "emoji has to be one emoji, or a :name: of one", {}};
}

}  // namespace banter::api::wire
