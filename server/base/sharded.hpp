// One T for each event loop, reached only from its own loop. Who needs another loop's T goes there.
#pragma once

#include "base/check.hpp"
#include "base/elsewhere.hpp"
#include "base/task.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace banter {

/// The event loops of the process in the order of their index; the same list is given to all who
/// shard.
using Loops = std::vector<Executor>;

template <typename T>
class Sharded {
public:
    /// Makes one T with `make(index)` for each loop; each is used on its loop only.
    template <typename Make>
    Sharded(const Loops& loops, Make make) : loops_(loops) {
        CHECK(!loops_.empty());
        for (std::size_t index = 0; index < loops_.size(); ++index) parts_.push_back(make(index));
    }

    [[nodiscard]] std::size_t size() const { return loops_.size(); }
    [[nodiscard]] std::size_t home_of(std::size_t hash) const { return hash % loops_.size(); }
    [[nodiscard]] Executor loop(std::size_t index) const { return loops_[index]; }

    /// For the loop `index` itself, and while no loop runs.
    [[nodiscard]] T& local(std::size_t index) { return *parts_[index]; }

    /// Calls `use(part)` on loop `index`, later, in the order of the calls from one loop.
    template <typename Use>
    void post(std::size_t index, Use use) {
        asio::post(loops_[index], [part = parts_[index].get(), use = std::move(use)]() mutable {
            use(*part);
        });
    }

    /// Calls `use(part)` on loop `index` and returns what it returned; at once if the caller is
    /// there.
    template <typename Use>
    [[nodiscard]] Task<std::invoke_result_t<Use&, T&>> at(std::size_t index, Use use) {
        const Executor here = co_await asio::this_coro::executor;
        T* const part = parts_[index].get();
        if (here == loops_[index]) co_return use(*part);
        co_return co_await ask(index, std::move(use));
    }

    /// The same, but in its turn also if the caller is there: behind what this loop has posted.
    template <typename Use>
    [[nodiscard]] Task<std::invoke_result_t<Use&, T&>> ask(std::size_t index, Use use) {
        auto call = [part = parts_[index].get(), use = std::move(use)]() mutable {
            return use(*part);
        };
        co_return co_await call_on(loops_[index], std::move(call));
    }

private:
    Loops loops_;
    std::vector<std::unique_ptr<T>> parts_;
};

}  // namespace banter
