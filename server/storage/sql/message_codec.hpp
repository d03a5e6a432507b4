// Messages and parts of them as compact bytes: the list columns of a message's row, and cached
// pages. Numbers are LEB128; ids are 16 bytes; text has its length in front. Pure.
#pragma once

#include "model/message.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace banter::sql {

[[nodiscard]] std::string encode_users(std::span<const model::UserId> users);
[[nodiscard]] std::vector<model::UserId> decode_users(std::string_view bytes);

/// `mine` is not kept: it is another one for each reader.
[[nodiscard]] std::string encode_reactions(std::span<const model::Reaction> reactions);
[[nodiscard]] std::vector<model::Reaction> decode_reactions(std::string_view bytes);

[[nodiscard]] std::string encode_reply_summary(const model::ReplySummary& summary);
[[nodiscard]] model::ReplySummary decode_reply_summary(std::string_view bytes);

[[nodiscard]] std::string encode_variants(std::span<const model::FileVariant> variants);
[[nodiscard]] std::vector<model::FileVariant> decode_variants(std::string_view bytes);

/// A message's attachments.
[[nodiscard]] std::string encode_files(std::span<const model::File> files);
[[nodiscard]] std::vector<model::File> decode_files(std::string_view bytes);

/// Messages of one thread, as a cache keeps them.
[[nodiscard]] std::string encode_messages(std::span<const model::Message> messages);
[[nodiscard]] std::vector<model::Message> decode_messages(
    std::string_view bytes,
    model::ThreadId thread
);

}  // namespace banter::sql
