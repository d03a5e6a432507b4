#include "storage/sql/new_message.hpp"

namespace banter::sql {

Error no_message_to_reply_to() { return {Errc::not_found, "replyTo: there is no such message"}; }

Error nonce_reused() { return {Errc::nonce_reused, "nonce: it was used for another message"}; }

}  // namespace banter::sql
