#include "api/ws/activity_feed.hpp"

#include "model/limits.hpp"

#include <memory>
#include <utility>

namespace banter::api::ws {

namespace {

model::SharedEvent activity(model::ThreadActivity body) {
    model::Event event{body.thread};
    event.body = std::move(body);
    return std::make_shared<const model::Event>(std::move(event));
}

}  // namespace

model::SharedEvent ActivityFeed::offer(const model::Event& event, SteadyTime now) {
    const auto* fresh = std::get_if<model::MessageNew>(&event.body);
    if (fresh == nullptr) return nullptr;
    const model::Message& message = fresh->message;
    const auto [place, is_first] = told_.try_emplace(event.thread, Told{now});
    Told& told = place->second;
    const bool waits = !is_first && now - told.at < model::limits::activity_interval;
    const bool mentions = !message.mentions.empty() || message.mentions_all;
    if (waits && !mentions) {
        told.waiting = message.seq;
        return nullptr;
    }
    told = {now, 0};
    return activity({event.thread, message.seq, message.mentions, message.mentions_all});
}

std::vector<model::SharedEvent> ActivityFeed::due(SteadyTime now) {
    std::vector<model::SharedEvent> due;
    boost::unordered::erase_if(told_, [&](auto& entry) {
        auto& [thread, told] = entry;
        if (now - told.at < model::limits::activity_interval) return false;
        if (told.waiting == 0) return true;
        due.push_back(activity({thread, told.waiting, {}, false}));
        told = {now, 0};
        return false;
    });
    return due;
}

}  // namespace banter::api::ws
