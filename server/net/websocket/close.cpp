#include "net/websocket/close.hpp"

namespace banter::net::websocket {

bool is_valid_close_code(std::uint16_t code) {
    if (code >= 3000 && code <= 4999) return true;
    // 1004 is reserved; 1005, 1006 and 1015 only stand for what never was on the wire.
    return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

std::string close_payload(std::uint16_t code, std::string_view reason) {
    std::string payload;
    if (code == close_code::no_code) return payload;
    payload += static_cast<char>(code >> 8);
    payload += static_cast<char>(code & 0xff);
    if (reason.size() > close_reason_bytes_max) {
        std::size_t end = close_reason_bytes_max;
        while (end > 0 && (static_cast<unsigned char>(reason[end]) & 0xc0) == 0x80) --end;
        reason = reason.substr(0, end);
    }
    payload += reason;
    return payload;
}

}  // namespace banter::net::websocket
