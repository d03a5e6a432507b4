// The lines to the servers that have the channels: one line to a Redis alone, one to each primary
// of a cluster.
#pragma once

#include "base/task.hpp"
#include "base/task_group.hpp"
#include "storage/redis/surveyor.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace banter::redis {

/// Where a line goes.
struct Berth {
    /// Nothing: wherever the options lead.
    std::optional<Place> place;
    /// In a cluster, a channel of this server, on which all that publish give signs of life.
    std::string beat_channel;
};

/// On one loop. A Line has start(), stop(), is_up() and set_beat(channel).
template <typename Line>
class Fleet {
public:
    using Make = std::function<std::unique_ptr<Line>(Berth)>;

    Fleet(Executor loop, Make make) : make_(std::move(make)), retiring_(loop) {}

    /// Starts lines to the servers that have none. Those to servers that have no channels any more
    /// stay until dismiss().
    void adopt(const Survey& survey) {
        map_ = survey.map;
        std::vector<Berth> berths(1);
        if (map_) berths = berths_of(*map_);
        Lines before = std::exchange(lines_, {});
        for (Berth& berth : berths) {
            const auto same = [&berth](const Entry& entry) {
                return entry.berth.place == berth.place;
            };
            const auto found = std::find_if(before.begin(), before.end(), same);
            if (found != before.end()) {
                found->line->set_beat(berth.beat_channel);
                lines_.push_back(std::move(*found));
                before.erase(found);
            } else {
                lines_.push_back(Entry{berth, make_(berth)});
                lines_.back().line->start();
            }
        }
        for (Entry& entry : before) leaving_.push_back(std::move(entry.line));
    }

    /// Ends the lines that nothing leads to any more.
    void dismiss() {
        for (auto& line : leaving_) retiring_.spawn("redis line", retire(std::move(line)));
        leaving_.clear();
    }

    /// Nothing while no server is known to have it.
    [[nodiscard]] Line* line_of(std::string_view channel) const {
        if (lines_.empty()) return nullptr;
        if (!map_) return lines_.front().line.get();
        const Place* owner = map_->owner(slot_of(channel));
        for (const Entry& entry : lines_) {
            if (owner != nullptr && entry.berth.place == *owner) return entry.line.get();
        }
        return nullptr;
    }

    /// All of them, and there are some.
    [[nodiscard]] bool is_up() const {
        const auto up = [](const Entry& entry) { return entry.line->is_up(); };
        return !lines_.empty() && std::all_of(lines_.begin(), lines_.end(), up);
    }

    /// The last call.
    [[nodiscard]] Task<> stop() {
        for (Entry& entry : lines_) co_await entry.line->stop();
        co_await retiring_.wait();
    }

private:
    struct Entry {
        Berth berth;
        std::unique_ptr<Line> line;
    };
    using Lines = std::vector<Entry>;

    static std::vector<Berth> berths_of(const SlotMap& map) {
        std::vector<Berth> berths;
        for (const Place& primary : map.primaries()) {
            berths.push_back(Berth{primary, map.beat_channel(primary)});
        }
        return berths;
    }

    static Task<> retire(std::unique_ptr<Line> line) { co_await line->stop(); }

    Make make_;
    std::optional<SlotMap> map_;
    Lines lines_;
    std::vector<std::unique_ptr<Line>> leaving_;
    TaskGroup retiring_;
};

}  // namespace banter::redis
