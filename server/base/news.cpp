#include "base/news.hpp"

#include <chrono>
#include <map>
#include <string>
#include <utility>

namespace banter {

bool is_news(std::string_view where, Errc code) {
    using Clock = std::chrono::steady_clock;
    thread_local std::map<std::pair<std::string, Errc>, Clock::time_point> said;
    const auto now = Clock::now();
    const auto [last, first] = said.try_emplace({std::string(where), code}, now);
    if (!first && now - last->second < std::chrono::minutes(1)) return false;
    last->second = now;
    return true;
}

}  // namespace banter
