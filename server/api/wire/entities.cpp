#include "api/wire/entities.hpp"

namespace banter::api::wire {

namespace {

void append_bool(std::string& out, bool value) { out += value ? "true" : "false"; }

template <typename Tag>
void append_optional_id(std::string& out, const std::optional<model::Id<Tag>>& id) {
    if (id) {
        append_id(out, *id);
    } else {
        out += "null";
    }
}

template <typename Items, typename Append>
void append_list(std::string& out, const Items& items, Append append) {
    out += '[';
    const char* separator = "";
    for (const auto& item : items) {
        out += separator;
        append(item);
        separator = ",";
    }
    out += ']';
}

void append_status(std::string& out, const std::optional<model::UserStatus>& status) {
    if (!status) {
        out += "null";
        return;
    }
    out += R"({"emoji":)";
    append_quoted(out, status->emoji);
    out += R"(,"text":)";
    append_quoted(out, status->text);
    out += R"(,"expiresAt":)";
    append_time(out, status->expires_at);
    out += '}';
}

void append_parent(std::string& out, const std::optional<model::ParentMessage>& parent) {
    if (!parent) {
        out += "null";
        return;
    }
    out += R"({"threadId":)";
    append_id(out, parent->thread);
    out += R"(,"messageId":)";
    append_id(out, parent->message);
    out += '}';
}

void append_membership(std::string& out, const std::optional<model::Membership>& membership) {
    if (!membership) {
        out += "null";
        return;
    }
    out += R"({"role":")";
    out += wire_name(membership->role);
    out += R"(","readSeq":)";
    append_number(out, membership->read_seq);
    out += R"(,"unread":)";
    append_number(out, membership->unread);
    out += R"(,"mentions":)";
    append_number(out, membership->mentions);
    out += R"(,"level":")";
    out += wire_name(membership->level);
    out += R"(","mutedUntil":)";
    append_time(out, membership->muted_until);
    out += '}';
}

void append_reaction(std::string& out, const model::Reaction& reaction, Audience audience) {
    out += R"({"emoji":)";
    append_quoted(out, reaction.emoji);
    out += R"(,"count":)";
    append_number(out, reaction.count);
    out += R"(,"userIds":)";
    append_ids(out, reaction.users);
    if (audience == Audience::asker && reaction.mine) out += R"(,"mine":true)";
    out += '}';
}

void append_reply_summary(std::string& out, const std::optional<model::ReplySummary>& summary) {
    if (!summary) {
        out += "null";
        return;
    }
    out += R"({"threadId":)";
    append_id(out, summary->thread);
    out += R"(,"count":)";
    append_number(out, summary->count);
    out += R"(,"lastReplyAt":)";
    append_time(out, summary->last_reply_at);
    out += R"(,"userIds":)";
    append_ids(out, summary->users);
    out += '}';
}

void append_picture(std::string& out, const std::optional<model::PictureFacts>& picture) {
    if (!picture) {
        out += R"(,"width":null,"height":null,"thumbhash":null)";
        return;
    }
    out += R"(,"width":)";
    append_number(out, picture->width);
    out += R"(,"height":)";
    append_number(out, picture->height);
    out += R"(,"thumbhash":)";
    append_quoted(out, picture->thumbhash);
}

void append_variant(
    std::string& out,
    const model::FileVariant& variant,
    const service::FileLinks& links
) {
    out += R"({"width":)";
    append_number(out, variant.width);
    out += R"(,"height":)";
    append_number(out, variant.height);
    out += R"(,"mediaType":)";
    append_quoted(out, variant.media_type);
    out += R"(,"size":)";
    append_number(out, variant.bytes);
    out += R"(,"url":)";
    append_quoted(out, links.to(variant).url);
    out += '}';
}

}  // namespace

void append_user(std::string& out, const model::User& user) {
    out += R"({"id":)";
    append_id(out, user.id);
    out += R"(,"handle":)";
    append_quoted(out, user.handle);
    out += R"(,"displayName":)";
    append_quoted(out, user.display_name);
    out += R"(,"avatarUrl":)";
    if (user.avatar_url) {
        append_quoted(out, *user.avatar_url);
    } else {
        out += "null";
    }
    out += R"(,"bot":)";
    append_bool(out, user.bot);
    out += R"(,"status":)";
    append_status(out, user.status);
    out += R"(,"deletedAt":)";
    append_time(out, user.deleted_at);
    out += '}';
}

void append_presence(std::string& out, const model::UserPresence& presence) {
    out += R"("userId":)";
    append_id(out, presence.user);
    out += R"(,"presence":)";
    append_quoted(out, wire_name(presence.presence));
    out += R"(,"lastActiveAt":)";
    append_time(out, presence.last_active_at);
}

void append_account(std::string& out, const model::User& user) {
    append_user(out, user);
    out.pop_back();
    out += R"(,"role":)";
    append_quoted(out, wire_name(user.role));
    out += R"(,"deactivatedAt":)";
    append_time(out, user.deactivated_at);
    out += '}';
}

void append_mentioned(std::string& out, const std::vector<model::UserId>& users, bool all) {
    append_ids(out, users);
    if (!all) return;
    out.pop_back();
    out += users.empty() ? R"("all"])" : R"(,"all"])";
}

void append_users(std::string& out, const std::vector<model::User>& users) {
    append_list(out, users, [&](const model::User& user) { append_user(out, user); });
}

void append_thread(std::string& out, const model::ThreadView& view, Audience audience) {
    const model::Thread& thread = view.thread;
    out += R"({"id":)";
    append_id(out, thread.id);
    out += R"(,"workspaceId":)";
    append_id(out, thread.workspace);
    out += R"(,"kind":")";
    out += wire_name(thread.kind);
    out += R"(","visibility":")";
    out += wire_name(thread.visibility);
    out += R"(","name":)";
    append_quoted(out, thread.name);
    out += R"(,"topic":)";
    append_quoted(out, thread.topic);
    out += R"(,"parent":)";
    append_parent(out, thread.parent);
    out += R"(,"memberIds":)";
    if (thread.kind == model::ThreadKind::direct) {
        append_ids(out, thread.people);
    } else {
        out += "null";
    }
    out += R"(,"seq":)";
    append_number(out, thread.seq);
    out += R"(,"rev":)";
    append_number(out, thread.rev);
    out += R"(,"firstSeq":)";
    append_number(out, thread.first_seq);
    out += R"(,"createdBy":)";
    append_id(out, thread.created_by);
    out += R"(,"createdAt":)";
    append_time(out, thread.created_at);
    out += R"(,"archivedAt":)";
    append_time(out, thread.archived_at);
    if (audience == Audience::asker) {
        out += R"(,"membership":)";
        append_membership(out, view.membership);
    }
    out += '}';
}

void append_member(std::string& out, const model::Member& member) {
    out += R"({"userId":)";
    append_id(out, member.user);
    out += R"(,"role":)";
    append_quoted(out, wire_name(member.role));
    out += R"(,"joinedAt":)";
    append_time(out, member.joined_at);
    out += '}';
}

void append_attachment(std::string& out, const model::File& file, const service::FileLinks& links) {
    const auto link = links.to(file);
    out += R"({"id":)";
    append_id(out, file.id);
    out += R"(,"name":)";
    append_quoted(out, file.name);
    out += R"(,"mediaType":)";
    append_quoted(out, file.media_type);
    out += R"(,"size":)";
    append_number(out, file.bytes);
    append_picture(out, file.picture);
    out += R"(,"url":)";
    append_quoted(out, link.url);
    out += R"(,"urlExpiresAt":)";
    append_time(out, link.expires_at);
    out += R"(,"variants":)";
    append_list(out, file.variants, [&](const model::FileVariant& variant) {
        append_variant(out, variant, links);
    });
    out += '}';
}

void append_message(
    std::string& out,
    const model::Message& message,
    Audience audience,
    const service::FileLinks& links
) {
    out += R"({"id":)";
    append_id(out, message.id);
    out += R"(,"threadId":)";
    append_id(out, message.thread);
    out += R"(,"seq":)";
    append_number(out, message.seq);
    out += R"(,"rev":)";
    append_number(out, message.rev);
    out += R"(,"authorId":)";
    append_id(out, message.author);
    out += R"(,"nonce":)";
    append_id(out, message.nonce);
    out += R"(,"content":)";
    append_quoted(out, message.content);
    out += R"(,"attachments":)";
    append_list(out, message.attachments, [&](const model::File& file) {
        append_attachment(out, file, links);
    });
    out += R"(,"mentions":)";
    append_mentioned(out, message.mentions, message.mentions_all);
    out += R"(,"replyTo":)";
    append_optional_id(out, message.reply_to);
    out += R"(,"reactions":)";
    append_list(out, message.reactions, [&](const model::Reaction& reaction) {
        append_reaction(out, reaction, audience);
    });
    out += R"(,"replyThread":)";
    append_reply_summary(out, message.reply_thread);
    out += R"(,"createdAt":)";
    append_time(out, message.created_at);
    out += R"(,"editedAt":)";
    append_time(out, message.edited_at);
    out += R"(,"deletedAt":)";
    append_time(out, message.deleted_at);
    out += '}';
}

void append_messages(
    std::string& out,
    const std::vector<model::Message>& messages,
    Audience audience,
    const service::FileLinks& links
) {
    append_list(out, messages, [&](const model::Message& message) {
        append_message(out, message, audience, links);
    });
}

void append_workspace(
    std::string& out,
    const model::Workspace& workspace,
    model::WorkspaceRole role
) {
    out += R"({"id":)";
    append_id(out, workspace.id);
    out += R"(,"name":)";
    append_quoted(out, workspace.name);
    out += R"(,"role":")";
    out += wire_name(role);
    out += R"("})";
}

}  // namespace banter::api::wire
