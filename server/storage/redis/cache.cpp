#include "storage/redis/cache.hpp"

#include "base/run_on.hpp"

#include <boost/asio/post.hpp>

#include <fmt/format.h>

#include <charconv>
#include <memory>
#include <utility>

namespace banter::redis {

namespace {

constexpr std::size_t rev_digits = 20;

std::optional<storage::CacheEntry> entry_from(std::string bytes) {
    storage::CacheEntry entry;
    if (bytes.size() < rev_digits) return std::nullopt;
    const char* const end = bytes.data() + rev_digits;
    const auto read = std::from_chars(bytes.data(), end, entry.rev);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    bytes.erase(0, rev_digits);
    entry.bytes = std::make_shared<const std::string>(std::move(bytes));
    return entry;
}

}  // namespace

RedisCache::RedisCache(Executor loop, const Lifeline::Parts& parts, Times times)
    : loop_(loop),
      times_(times),
      fleet_(
          loop,
          [this, loop, parts](Berth berth) {
              auto changed = [this] { surveyor_.look_again(); };
              return std::make_unique<CacheLine>(loop, parts, std::move(berth), changed);
          }
      ),
      surveyor_(loop, parts, "caching", [this](const Survey& survey) {
          fleet_.adopt(survey);
          fleet_.dismiss();
      }) {}

void RedisCache::start() {
    asio::post(loop_, [this] { surveyor_.start(); });
}

Task<> RedisCache::stop() {
    co_await surveyor_.stop();
    co_await fleet_.stop();
}

Task<std::optional<storage::CacheEntry>> RedisCache::find(std::string key) {
    auto asking = ask(prefix_ + key);
    auto bytes = co_await run_on(loop_, std::move(asking));
    if (!bytes) co_return std::nullopt;
    co_return entry_from(*std::move(bytes));
}

Task<std::optional<std::string>> RedisCache::ask(std::string key) {
    CacheLine* const line = fleet_.line_of(key);
    if (line == nullptr) co_return std::nullopt;
    co_return co_await line->get(std::move(key), times_.answer);
}

void RedisCache::put(std::string key, storage::CacheEntry entry) {
    asio::post(loop_, [this, key = prefix_ + key, entry = std::move(entry)] {
        CacheLine* const line = fleet_.line_of(key);
        if (line == nullptr) return;
        const std::string bytes = fmt::format("{:020}", entry.rev) + *entry.bytes;
        line->put(key, bytes, times_.lifetime);
    });
}

}  // namespace banter::redis
