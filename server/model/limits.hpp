// Every limit of the product, with its unit and its reason. The engine's limits are in
// net/limits.hpp.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace banter::model::limits {

/// Longest content of one message, in bytes of UTF-8. About six printed pages.
inline constexpr std::size_t content_bytes_max = 10'000;
inline constexpr std::size_t attachments_max = 10;
/// Different users that one message may mention.
inline constexpr std::size_t mentions_max = 50;
/// `mentions` of a membership counts no further: nobody reads a larger number.
inline constexpr std::uint32_t mention_count_max = 100;

inline constexpr std::size_t handle_bytes_min = 2;
inline constexpr std::size_t handle_bytes_max = 32;
/// Display names, names of channels and of workspaces, in code points.
inline constexpr std::size_t name_code_points_max = 80;
inline constexpr std::size_t topic_code_points_max = 500;
/// Passwords, in bytes: NIST SP 800-63B asks for at least 8; the end bounds the work of hashing.
inline constexpr std::size_t password_bytes_min = 8;
inline constexpr std::size_t password_bytes_max = 1024;

/// What is kept of a client's User-Agent, and of its address (an IPv6 address has up to 45), in
/// bytes.
inline constexpr std::size_t user_agent_bytes_max = 256;
inline constexpr std::size_t address_bytes_max = 64;

/// Invitations of a workspace that count, and threads that one names.
inline constexpr std::size_t invites_max = 1'000;
inline constexpr std::size_t invite_threads_max = 10;
/// Messages of deleted users that become tombstones in a second: each costs what a deletion does.
inline constexpr std::size_t tombstones_per_second = 500;
/// Personal access tokens of one user.
inline constexpr std::size_t access_tokens_max = 50;

/// Ids that one question about users may name.
inline constexpr std::size_t user_ids_max = 200;
/// A status, in code points; longer ones are a message.
inline constexpr std::size_t status_code_points_max = 100;
/// A link to a picture, in bytes: what every browser and proxy takes.
inline constexpr std::size_t avatar_url_bytes_max = 2'048;

/// Different emoji on one message.
inline constexpr std::size_t reactions_max = 50;
/// How many of those who reacted are named.
inline constexpr std::size_t reaction_users_named_max = 20;
/// One emoji: the longest sequences joined by ZWJ stay below it, in bytes.
inline constexpr std::size_t emoji_bytes_max = 64;

/// A first join, in messages and in bytes of their encoded form.
inline constexpr std::size_t join_messages_max = 50;
/// A resumed join, in messages.
inline constexpr std::size_t resume_messages_max = 500;
/// One answer, in bytes; at least one message is always given.
inline constexpr std::size_t answer_bytes_max = 128 * 1024;

inline constexpr std::size_t page_default = 50;
inline constexpr std::size_t page_max = 200;
/// Threads that one WebSocket session may have joined.
inline constexpr std::size_t joined_threads_max = 500;
/// A request's `id` on the socket, in bytes.
inline constexpr std::size_t request_id_bytes_max = 64;

/// Name of a file, in bytes: what file systems take.
inline constexpr std::size_t file_name_bytes_max = 255;
/// Bytes of one file, unless the operator says otherwise.
inline constexpr std::uint64_t file_bytes_max = 5ULL * 1024 * 1024 * 1024;
/// Bytes of one picture: larger ones can't be decoded within the limits on memory.
inline constexpr std::uint64_t picture_bytes_max = 64ULL * 1024 * 1024;
/// What a picture may decode to: a photograph of 48 megapixels, a bomb not.
inline constexpr std::uint64_t picture_pixels_max = 50'000'000;
/// Pictures of one user that come in, wait to be looked into or are on one shard; the user's others
/// wait for these.
inline constexpr std::size_t pictures_at_once_max = 2;
/// Uploads in parts that a user may have under way.
inline constexpr std::size_t uploads_max = 100;
/// Parts of one upload, of which each costs an object and a row: as many as S3 allows for its own.
inline constexpr std::size_t upload_parts_max = 10'000;
/// Uploads of all users that run at the same time on one shard: one takes up to 16 MiB in S3, far
/// less on disk.
inline constexpr std::size_t uploads_at_once_max = 1'000;
/// An upload in parts waits so long for its next part.
inline constexpr std::chrono::hours upload_lifetime{24};
/// A picture made of a file that is none, of a page or a moment: as high and wide at most.
inline constexpr std::uint32_t poster_side_max = 1600;
/// Who makes a file of an upload and is not heard of for so long has crashed: shorter than a client
/// waits (upload_wait), so that it needs to ask once only.
inline constexpr std::chrono::seconds upload_claim_lifetime{20};
/// How long a request waits for a file to be made of its upload: below every proxy's idle time-out.
inline constexpr std::chrono::seconds upload_wait{25};
/// Smaller pictures are made in these widths, as far as the picture is wider.
inline constexpr std::array<std::uint32_t, 3> variant_widths{320, 800, 1600};
/// A link to a file lives at most so long: who was removed reads no longer than this with an old
/// one.
inline constexpr std::chrono::minutes file_link_lifetime_max{10};
/// Within so long a file has the same link, so that browsers and caches find it again. A link lives
/// at least so long.
inline constexpr std::chrono::minutes file_link_grid{5};

/// Users that one answer names; the rest of a crowd is asked for by id.
inline constexpr std::size_t answer_users_max = 300;

/// Others in a direct thread: more people are a group.
inline constexpr std::size_t direct_others_max = 8;
/// Members that a group or a private channel may be made with, or that one request may name.
inline constexpr std::size_t member_ids_max = 200;

/// Who replied, as the message that was replied to names them.
inline constexpr std::size_t reply_users_named_max = 5;
/// A busy reply thread changes the message that it hangs off once in so long.
inline constexpr std::chrono::seconds reply_summary_interval{10};

/// Threads whose activity a session is told of without having joined them; of more, those used.
inline constexpr std::size_t watched_threads_max = 2'000;
/// A session hears of one thread's activity once in so long, mentions aside.
inline constexpr std::chrono::seconds activity_interval{1};

/// Members of a thread up to which its members are told of each other's coming, going and reading.
inline constexpr std::size_t members_told_max = 50;

/// Users whose presence one WebSocket session watches.
inline constexpr std::size_t watched_users_max = 500;

/// A token, in bytes: Clerk's stay below 4 KiB to fit a cookie.
inline constexpr std::size_t token_bytes_max = 8 * 1024;
/// How deep a token's JSON may nest.
inline constexpr std::size_t token_depth_max = 16;
/// One claim that is kept or looked up by, such as a subject or a key id, in bytes.
inline constexpr std::size_t claim_bytes_max = 256;

/// Attempts to log in within a minute, for one handle and for one address: guessing takes ages.
inline constexpr std::uint32_t logins_per_minute = 10;
/// Of one handle, from all addresses: so many that a stranger alone locks nobody out.
inline constexpr std::uint32_t handle_logins_per_minute = 100;
/// Of one sign-in.
inline constexpr std::uint32_t refreshes_per_minute = 30;
/// Codes tried at set-up within a minute, from one address and from all.
inline constexpr std::uint32_t set_ups_per_minute = 10;
/// New accounts within a minute from one address: a class signing up together still may.
inline constexpr std::uint32_t registrations_per_minute = 20;
/// `typing:start` and `typing:stop` of one user in one thread.
inline constexpr std::uint32_t typing_per_second = 2;

/// `presence:set` of one user, which everybody who watches is told of, and `presence:watch`.
inline constexpr std::uint32_t presence_per_second = 1;
inline constexpr std::uint32_t presence_burst = 10;
inline constexpr std::uint32_t watch_per_second = 5;
inline constexpr std::uint32_t watch_burst = 20;

inline constexpr std::chrono::seconds typing_lifetime{6};
/// Who reconnects within it was never offline: presence doesn't flap with a bad network.
inline constexpr std::chrono::seconds presence_grace{15};
inline constexpr std::chrono::minutes token_lifetime{15};
/// A socket lives so much longer than its token.
inline constexpr std::chrono::seconds token_grace{15};
/// A sign-in that isn't refreshed for so long ends.
inline constexpr std::chrono::hours sign_in_lifetime{24 * 30};
/// A refresh cookie that was just rotated still answers, for the request that was under way.
inline constexpr std::chrono::seconds refresh_grace{10};
/// Of one user.
inline constexpr std::size_t sign_ins_max = 100;
/// Rotations of one sign-in after which a secret is forgotten; about a month of them.
inline constexpr std::size_t spent_secrets_max = 3'000;
/// How long a revocation is kept for loops and nodes that missed the event: longer than any of them
/// goes without looking, and longer than a token that was made before it.
inline constexpr std::chrono::minutes revocations_kept{30};
/// When a personal access token was last used is written down so rarely.
inline constexpr std::chrono::minutes access_token_use_interval{1};
/// A fresh socket has so long to send `connect`.
inline constexpr std::chrono::seconds connect_deadline{10};
/// `heartbeatMs` of `connected`: after so long without a frame the client asks.
inline constexpr std::chrono::seconds heartbeat{30};

}  // namespace banter::model::limits
