// What random operations on threads and messages are about: the people, threads and messages that
// are known by now, and a choice among them.
#pragma once

#include "storage/sql/stores.hpp"
#include "storage/testing/recording_bus.hpp"
#include "storage/testing/run_task.hpp"
#include "storage/testing/show.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace banter::storage {

/// The stores of one database.
struct Side {
    sql::Stores& stores;
    asio::io_context& loop;
    RecordingBus& bus;

    template <typename T>
    T run(Task<T> task) {
        return run_task(loop, std::move(task));
    }

    /// The answer, or the failure, and then what was told of each thread.
    std::string perform(const std::function<std::string(Side&)>& operation) {
        std::string out;
        try {
            out = operation(*this);
        } catch (const std::exception& failure) {
            out = std::string("throws ") + failure.what();
        }
        run_task(loop, stores.threads.mark_read({}));
        auto told = bus.take();
        std::stable_sort(told.begin(), told.end(), [](const auto& one, const auto& other) {
            return one->thread < other->thread;
        });
        return out + " told " + Show::of(told);
    }
};

class RandomWorld {
protected:
    RandomWorld(std::uint64_t seed, model::WorkspaceId workspace)
        : random_(seed), workspace_(workspace) {}

    std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }
    bool one_in(std::uint64_t count) { return below(count) == 0; }
    template <typename T>
    const T& any_of(const std::vector<T>& list) {
        return list[below(list.size())];
    }
    template <typename Id>
    Id make() {
        return ids_.make<Id>();
    }
    model::UserId user() { return one_in(200) ? make<model::UserId>() : any_of(users_); }
    /// Some are talked in more than others.
    model::ThreadId thread() {
        if (one_in(200)) return make<model::ThreadId>();
        return threads_[below(1 + below(threads_.size()))];
    }
    model::Message message() {
        if (messages_.empty() || one_in(200)) {
            model::Message none;
            none.id = make<model::MessageId>();
            none.thread = thread();
            none.author = user();
            return none;
        }
        return any_of(messages_);
    }
    std::string text(const char* of) { return of + std::to_string(below(1'000)); }
    std::size_t limit() { return 1 + below(one_in(3) ? 4 : 60); }
    std::vector<model::UserId> some_users(std::size_t count_max) {
        std::vector<model::UserId> some(below(count_max + 1));
        for (auto& each : some) each = user();
        return some;
    }

    ThreadRule rule() {
        static const auto members = [](const model::ThreadView& view) -> std::optional<Error> {
            const bool writes =
                view.parent ? view.parent->role.has_value() : view.membership.has_value();
            if (!writes) return Error{Errc::forbidden, "no member"};
            if (view.thread.archived_at) return Error{Errc::conflict, "archived"};
            return std::nullopt;
        };
        static const auto owners = [](const model::ThreadView& view) -> std::optional<Error> {
            const bool owns = view.membership && view.membership->role == model::ThreadRole::owner;
            if (owns) return std::nullopt;
            return Error{Errc::forbidden, "no owner"};
        };
        static const auto anybody = [](const model::ThreadView&) { return std::optional<Error>(); };
        if (one_in(10)) return owners;
        return one_in(4) ? ThreadRule(anybody) : ThreadRule(members);
    }
    /// For what only a member of the thread itself can ask for.
    static ThreadRule own_members() {
        return [](const model::ThreadView& view) -> std::optional<Error> {
            if (view.membership) return std::nullopt;
            return Error{Errc::forbidden, "no member"};
        };
    }
    /// The members of a direct thread stay, and a reply thread's are those of its parent.
    static MemberRule allow_member() {
        return [](const model::ThreadView& view, auto) -> std::optional<Error> {
            const auto kind = view.thread.kind;
            const bool changes =
                kind == model::ThreadKind::channel || kind == model::ThreadKind::group;
            if (changes) return std::nullopt;
            return Error{Errc::forbidden, "they never change"};
        };
    }
    static MessageRule allow_message() {
        return [](const auto&, const auto&) { return std::optional<Error>(); };
    }
    static UserRule allow_user() {
        return [](const auto&) { return std::optional<Error>(); };
    }

    /// Every page, each behind the one before by the driver's own cursor.
    template <typename Ask>
    static std::string all_pages(std::size_t limit, Ask ask) {
        constexpr int pages_max = 20;
        std::string out;
        model::PageRequest request{std::nullopt, limit};
        for (int i = 0; i < pages_max; ++i) {
            auto page = ask(request);
            out += Show::of(page);
            if (!page.next) break;
            request.cursor = std::move(page.next);
        }
        return out;
    }

    void learn(std::vector<model::ThreadId>& list, model::ThreadId id) {
        if (std::find(list.begin(), list.end(), id) == list.end()) list.push_back(id);
    }
    void learn(const model::Message& message) {
        constexpr std::size_t kept_max = 500;
        for (auto& known : messages_) {
            if (known.id != message.id) continue;
            known = message;
            return;
        }
        if (messages_.size() < kept_max) {
            messages_.push_back(message);
        } else {
            messages_[below_kept_++ % kept_max] = message;
        }
    }

    MentionCandidates mentions() {
        MentionCandidates named;
        if (!one_in(6)) return named;
        named.users = some_users(3);
        named.all = one_in(3);
        return named;
    }

    SeededRandom random_;
    ManualClock clock_{Timestamp{std::chrono::milliseconds{1'800'000'000'000}}};
    model::IdMaker ids_{clock_, random_};
    model::WorkspaceId workspace_;
    std::vector<model::UserId> users_;
    std::vector<model::ThreadId> threads_;
    std::vector<model::Message> messages_;
    std::size_t below_kept_ = 0;
    /// Lately, each to be sent again.
    std::vector<NewMessage> sent_;
};

}  // namespace banter::storage
