#include "net/shard.hpp"

#include "base/check.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <pthread.h>
#include <sched.h>

#include <chrono>
#include <utility>

namespace banter::net {

namespace {

thread_local Shard* current_shard = nullptr;

}  // namespace

Shard::Shard(std::size_t index, const Limits& limits)
    : index_(index),
      limits_(limits),
      tick_(loop_),
      wake_(loop_),
      wheel_(limits.wheel_tick, std::chrono::steady_clock::now()),
      poller_(loop_.get_executor()),
      flush_policy_(limits.flush_hold_max),
      read_buffer_(limits.read_buffer_bytes) {}

Shard::~Shard() { stop(); }

Shard* Shard::current() { return current_shard; }

void Shard::start(int core) {
    CHECK(!worker_.joinable());
    worker_ = std::jthread([this] { run(); });
    if (core < 0) return;
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(static_cast<std::size_t>(core), &cores);
    // A core that was taken away meanwhile is no reason not to serve.
    static_cast<void>(pthread_setaffinity_np(worker_.native_handle(), sizeof cores, &cores));
}

void Shard::stop() {
    CHECK(!is_current());
    if (!worker_.joinable()) return;
    post([this] { stopping_ = true; });
    worker_.join();
}

void Shard::run() {
    current_shard = this;
    const auto guard = asio::make_work_guard(loop_);
    wait_for_tick();
    while (!stopping_) turn();
    current_shard = nullptr;
}

void Shard::turn() {
    std::size_t calls = loop_.run_one();
    call_ready(calls);
    poller_.run();
    call_ready(calls);
    if (std::exchange(tick_came_, false)) {
        wheel_.advance(std::chrono::steady_clock::now());
        wait_for_tick();
    }
    end_turn();
}

void Shard::call_ready(std::size_t& calls) {
    while (calls < limits_.calls_per_turn && loop_.poll_one() > 0) ++calls;
}

void Shard::end_turn() {
    for (Hooks& phase : hooks_) {
        Hooks hooks;
        hooks.swap(phase);
        ++phases_past_;
        while (!hooks.empty()) {
            TurnEnd& hook = hooks.front();
            hooks.pop_front();
            hook.on_turn_end();
        }
    }
    phases_past_ = 0;
}

void Shard::at_turn_end(TurnEnd& hook, TurnEnd::Phase phase) {
    hook.unlink();
    hooks_[static_cast<std::size_t>(phase)].push_back(hook);
    // Too late for this turn: make sure that there is another one soon.
    if (static_cast<int>(phase) < phases_past_) post([] {});
}

void Shard::release_flush() {
    flush_policy_.release();
    resume_postponed();
}

void Shard::postpone_flush(TurnEnd& hook, SteadyTime time) {
    hook.unlink();
    postponed_.push_back(hook);
    wake_.expires_at(time);
    wake_.async_wait([this](const boost::system::error_code& failure) {
        if (!failure) resume_postponed();
    });
}

void Shard::resume_postponed() {
    Hooks& flush = hooks_[static_cast<std::size_t>(TurnEnd::Phase::flush)];
    flush.splice(flush.end(), postponed_);
}

void Shard::set_deadline(TimingWheel::Entry& entry, std::chrono::milliseconds after) {
    wheel_.set(entry, std::chrono::steady_clock::now() + after);
}

void Shard::wait_for_tick() {
    tick_.expires_after(wheel_.tick());
    tick_.async_wait([this](const boost::system::error_code& failure) {
        if (!failure) tick_came_ = true;
    });
}

}  // namespace banter::net
