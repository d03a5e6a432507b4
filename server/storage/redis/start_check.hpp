// Whether a Redis has what Banter needs of it: asked at the start.
#pragma once

#include "storage/redis/options.hpp"

#include <string_view>

namespace banter::redis {

/// Blocks, for some seconds at most for each server that doesn't answer.
/// channel  one like those that will be used
///
/// Throws std::runtime_error with a sentence that says what to change, without the password: nobody
/// there, not let in, too old, a user that may not publish or subscribe to that channel, sentinels
/// that know no such name, a cluster that is down or has a primary that can't be reached from here.
void require_suitable(const RedisOptions& options, std::string_view channel);

}  // namespace banter::redis
