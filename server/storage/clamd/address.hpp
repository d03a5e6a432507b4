// Where clamd listens, as an operator writes it: /run/clamav/clamd.ctl, 127.0.0.1:3310, [::1]:3310.
// Pure.
#pragma once

#include "base/result.hpp"

#include <boost/asio/generic/stream_protocol.hpp>

#include <string>
#include <string_view>

namespace banter::clamd {

struct Address {
    /// As it was written.
    std::string text;
    /// Of a socket in the file system, or of TCP.
    boost::asio::generic::stream_protocol::endpoint endpoint;
};

/// Hosts have no names here: a name would be looked up for every file.
///
/// Returns  bad_request: the detail is a sentence on what to change
[[nodiscard]] Result<Address> parse_address(std::string_view text);

}  // namespace banter::clamd
