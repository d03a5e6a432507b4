#include "storage/redis/subscriber.hpp"

#include <boost/asio/redirect_error.hpp>

#include <memory>
#include <utility>

namespace banter::redis {

Subscriber::Subscriber(Executor loop, const Lifeline::Parts& parts, Receiver receiver, Anew anew)
    : receiver_(std::move(receiver)),
      anew_(std::move(anew)),
      loop_(loop),
      fleet_(
          loop,
          [this, loop, parts](Berth berth) {
              const SubscriberLine::Hooks hooks{
                  receiver_,
                  [this](std::string_view channel) { wake_waiting(channel); },
                  anew_,
                  [this] { surveyor_.look_again(); }};
              return std::make_unique<SubscriberLine>(loop, parts, std::move(berth), hooks);
          }
      ),
      surveyor_(loop, parts, "subscriptions", [this](const Survey& survey) { adopt(survey); }) {}

Task<> Subscriber::stop() {
    co_await surveyor_.stop();
    co_await fleet_.stop();
    for (auto& [channel, waiting] : waiting_) waiting.timer.cancel();
}

void Subscriber::want(std::string_view name) {
    const auto [found, added] = channels_.try_emplace(std::string(name));
    if (found->second.wants++ == 0) assign(found->first, found->second);
}

void Subscriber::unwant(std::string_view name) {
    const auto found = channels_.find(std::string(name));
    if (found == channels_.end() || --found->second.wants > 0) return;
    if (found->second.line != nullptr) found->second.line->unwant(name);
    channels_.erase(found);
}

Task<bool> Subscriber::confirmed(std::string channel, std::chrono::milliseconds within) {
    if (!channels_.contains(channel)) co_return false;
    if (hears(channel)) co_return true;
    const auto place = waiting_.emplace(std::move(channel), Waiting(loop_, within));
    Waiting& waiting = place->second;
    boost::system::error_code woken;
    co_await waiting.timer.async_wait(asio::redirect_error(use_task, woken));
    const bool confirmed = waiting.confirmed;
    waiting_.erase(place);
    co_return confirmed;
}

/// Channels go to the servers that have them now. What goes from one to another may have missed
/// something.
void Subscriber::adopt(const Survey& survey) {
    fleet_.adopt(survey);
    for (auto& [name, channel] : channels_) {
        SubscriberLine* line = fleet_.line_of(name);
        const bool is_here = line == channel.line;
        if (is_here && (line == nullptr || !line->has_astray(name))) continue;
        if (!is_here && channel.line != nullptr) channel.line->unwant(name);
        assign(name, channel);
    }
    fleet_.dismiss();
}

void Subscriber::assign(const std::string& name, Channel& channel) {
    channel.line = fleet_.line_of(name);
    if (channel.line == nullptr) return;
    channel.line->want(name, std::exchange(channel.missed, true));
}

bool Subscriber::hears(const std::string& name) const {
    const auto found = channels_.find(name);
    return found != channels_.end() && found->second.line != nullptr &&
           found->second.line->hears(name);
}

void Subscriber::wake_waiting(std::string_view channel) {
    const auto [first, last] = waiting_.equal_range(channel);
    for (auto place = first; place != last; ++place) {
        place->second.confirmed = true;
        place->second.timer.cancel();
    }
}

}  // namespace banter::redis
