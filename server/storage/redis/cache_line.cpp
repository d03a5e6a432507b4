#include "storage/redis/cache_line.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>

#include <utility>

namespace banter::redis {

namespace {

using namespace asio::experimental::awaitable_operators;

/// More than that waits only if Redis is stuck.
constexpr std::size_t waiting_bytes_max = std::size_t{4} * 1024 * 1024;

/// So often a server that nobody asks is asked for a sign of life.
constexpr std::chrono::seconds beat{5};

/// Values begin with their rev in twenty digits, which are compared as text.
constexpr const char* put_unless_newer =
    "local kept = redis.call('GETRANGE', KEYS[1], 0, 19) "
    "if #kept == 20 and kept >= string.sub(ARGV[1], 1, 20) then return 0 end "
    "redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1";

}  // namespace

CacheLine::CacheLine(
    Executor loop,
    const Lifeline::Parts& parts,
    Berth berth,
    std::function<void()> changed
)
    : changed_(std::move(changed)),
      loop_(loop),
      wake_(loop),
      line_(
          loop,
          parts,
          {"caching",
           std::move(berth.place),
           [this] {
               drop_what_waits();
               changed_();
           }},
          [this](Connection& connection) { return serve(connection); }
      ) {}

Task<> CacheLine::stop() {
    co_await line_.stop();
    drop_what_waits();
}

bool CacheLine::add(Command command) {
    if (!is_up() || waiting_bytes_ + command.text.size() > waiting_bytes_max) return false;
    waiting_bytes_ += command.text.size();
    waiting_.push_back(std::move(command));
    if (waiting_.size() == 1) wake_.cancel();
    return true;
}

Task<std::optional<std::string>> CacheLine::get(std::string key, std::chrono::milliseconds within) {
    const auto asking = std::make_shared<Asking>(loop_, within);
    Command command;
    append_command(command.text, {"GET", key});
    command.asking = asking;
    if (!add(std::move(command))) co_return std::nullopt;
    boost::system::error_code woken;
    co_await asking->timer.async_wait(asio::redirect_error(use_task, woken));
    co_return std::move(asking->found);
}

void CacheLine::put(
    std::string_view key,
    std::string_view bytes,
    std::chrono::milliseconds lifetime
) {
    Command command;
    const std::string time = std::to_string(lifetime.count());
    append_command(command.text, {"EVAL", put_unless_newer, "1", key, bytes, time});
    static_cast<void>(add(std::move(command)));
}

Task<> CacheLine::serve(Connection& connection) {
    for (;;) {
        if (waiting_.empty()) co_await wait_for_work(connection);
        if (!waiting_.empty()) {
            co_await send_what_waits(connection);
            continue;
        }
        std::string ping;
        append_command(ping, {"PING"});
        static_cast<void>(co_await connection.exchange(std::move(ping), 1));
    }
}

/// Or until the connection has to be looked at.
Task<> CacheLine::wait_for_work(Connection& connection) {
    boost::system::error_code woken;
    wake_.expires_after(beat);
    auto work = wake_.async_wait(asio::redirect_error(use_task, woken));
    auto sign = connection.wait_for_bytes();
    static_cast<void>(co_await (std::move(work) || std::move(sign)));
}

Task<> CacheLine::send_what_waits(Connection& connection) {
    std::vector<Command> sent;
    sent.swap(waiting_);
    waiting_bytes_ = 0;
    std::string commands;
    for (const Command& command : sent) commands += command.text;
    std::vector<Reply> replies = co_await connection.exchange(std::move(commands), sent.size());
    bool elsewhere = false;
    for (std::size_t at = 0; at < replies.size(); ++at) {
        Reply& reply = replies[at];
        elsewhere = elsewhere || reply.is_elsewhere();
        if (sent[at].asking == nullptr) continue;
        if (reply.kind == Reply::Kind::text) sent[at].asking->found = std::move(reply.text);
        sent[at].asking->timer.cancel();
    }
    if (elsewhere) changed_();
}

void CacheLine::drop_what_waits() {
    for (const Command& command : waiting_) {
        if (command.asking != nullptr) command.asking->timer.cancel();
    }
    waiting_.clear();
    waiting_bytes_ = 0;
}

}  // namespace banter::redis
