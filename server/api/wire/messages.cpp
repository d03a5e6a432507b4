#include "api/wire/messages.hpp"

#include "model/limits.hpp"
#include "model/text.hpp"

namespace banter::api::wire {

namespace {

void read_attachments(Fields& fields) {
    const auto attachments = fields.optional_uuids("attachments", model::limits::attachments_max);
    if (attachments.empty()) return;
    fields.refuse(
        Errc::not_found, "there is no attachment " + model::to_string(attachments.front())
    );
}

}  // namespace

std::string read_content(Fields& fields) {
    std::string content = fields.text("content");
    if (content.empty()) {
        fields.refuse(Errc::bad_request, "content is empty");
    } else if (content.size() > model::limits::content_bytes_max) {
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
    read_attachments(fields);
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
