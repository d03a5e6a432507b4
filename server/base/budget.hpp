// How much of something the whole process may take at once: sessions, descriptors, bytes.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace banter {

/// One for the process; every thread of execution takes from it.
class Budget {
public:
    explicit Budget(std::uint64_t most) : left_(most) {}

    /// False, and nothing is taken, if so much isn't left.
    [[nodiscard]] bool take(std::uint64_t amount = 1);
    void give_back(std::uint64_t amount = 1) noexcept {
        left_.fetch_add(amount, std::memory_order_relaxed);
    }

private:
    std::atomic<std::uint64_t> left_;
};

/// What somebody has taken of a budget, given back when this goes; or nothing. The budget outlives
/// it.
class Share {
public:
    Share() = default;
    /// Tests false if so much isn't left.
    explicit Share(Budget& budget, std::uint64_t amount = 1)
        : budget_(budget.take(amount) ? &budget : nullptr), amount_(amount) {}
    ~Share() {
        if (budget_ != nullptr) budget_->give_back(amount_);
    }
    Share(Share&& other) noexcept
        : budget_(std::exchange(other.budget_, nullptr)), amount_(other.amount_) {}
    Share& operator=(Share&& other) noexcept {
        std::swap(budget_, other.budget_);
        std::swap(amount_, other.amount_);
        return *this;
    }

    explicit operator bool() const { return budget_ != nullptr; }

private:
    Budget* budget_ = nullptr;
    std::uint64_t amount_ = 0;
};

}  // namespace banter
