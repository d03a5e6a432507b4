#include "storage/redis/publisher.hpp"

#include <memory>
#include <string>
#include <utility>

namespace banter::redis {

namespace {

/// More than that goes astray only if a cluster is beyond help.
constexpr std::size_t astray_max = 10'000;
constexpr unsigned misses_max = 5;

}  // namespace

Publisher::Publisher(Executor loop, const Lifeline::Parts& parts)
    : fleet_(
          loop,
          [this, loop, parts](Berth berth) {
              const PublisherLine::Hooks hooks{
                  [this](Publication publication) { keep(std::move(publication)); },
                  [this] { surveyor_.look_again(); }};
              return std::make_unique<PublisherLine>(loop, parts, std::move(berth), hooks, counts_);
          }
      ),
      surveyor_(loop, parts, "publishing", [this](const Survey& survey) { adopt(survey); }) {}

Task<> Publisher::stop() {
    co_await surveyor_.stop();
    co_await fleet_.stop();
    counts_.dropped += astray_.size();
    astray_.clear();
}

void Publisher::publish(std::string_view channel, std::string_view bytes) {
    send(Publication{std::string(channel), std::string(bytes)});
}

void Publisher::send(Publication publication) {
    if (PublisherLine* line = fleet_.line_of(publication.channel))
        line->publish(std::move(publication));
    else
        ++counts_.dropped;
}

void Publisher::keep(Publication publication) {
    surveyor_.look_again();
    if (publication.misses > misses_max || astray_.size() == astray_max)
        ++counts_.dropped;
    else
        astray_.push_back(std::move(publication));
}

void Publisher::adopt(const Survey& survey) {
    fleet_.adopt(survey);
    std::vector<Publication> again;
    again.swap(astray_);
    for (Publication& publication : again) send(std::move(publication));
    fleet_.dismiss();
}

}  // namespace banter::redis
