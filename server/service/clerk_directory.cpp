#include "service/clerk_directory.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace banter::service {

/// One who is looked up. However that ends, they can be asked for again.
class ClerkDirectory::UnderWay {
public:
    UnderWay(ClerkDirectory& directory, Waiting waiting)
        : directory_(directory), waiting_(std::move(waiting)) {}
    ~UnderWay() {
        if (!waiting_) return;
        directory_.asked_for_.erase(waiting_->subject);
        if (settled_) return;
        directory_.forget(*waiting_);
        directory_.dropped_.add();
    }
    UnderWay(const UnderWay&) = delete;
    UnderWay& operator=(const UnderWay&) = delete;

    [[nodiscard]] Waiting& operator*() { return *waiting_; }
    void settle() { settled_ = true; }
    /// To be the next who is asked for.
    void put_back() {
        directory_.waiting_.push_front(*std::exchange(waiting_, std::nullopt));
        directory_.waiting_count_.add(1);
    }

private:
    ClerkDirectory& directory_;
    std::optional<Waiting> waiting_;
    bool settled_ = false;
};

ClerkDirectory::ClerkDirectory(
    ClerkDirectoryRules rules,
    const ClerkDirectoryParts& parts,
    ClerkQuestions::Ask ask
)
    : checks_(parts.checks),
      clock_(parts.clock),
      loops_(parts.loops),
      waiting_count_(
          parts.registry.gauge("banter_clerk_waiting", "users who are to be asked for at Clerk")
      ),
      dropped_(parts.registry.counter(
          "banter_clerk_dropped_total",
          "users who were not asked for at Clerk, as too many waited or no answer came"
      )),
      seen_(loops_, [](std::size_t) { return std::make_unique<Lately>(); }),
      questions_(std::move(rules), parts, std::move(ask)),
      sweep_(questions_, parts),
      member_sweep_(questions_, parts),
      tasks_(loops_.front()) {}

ClerkDirectory::~ClerkDirectory() = default;

void ClerkDirectory::see(std::size_t loop, std::string_view subject) {
    if (!is_clerk_id(subject) || !seen_.local(loop).add(subject, clock_.steady())) return;
    Waiting waiting;
    waiting.subject = subject;
    waiting.loop = loop;
    asio::post(loops_.front(), [this, waiting = std::move(waiting)]() mutable {
        add(std::move(waiting));
    });
}

void ClerkDirectory::add(Waiting waiting) {
    if (stopping_ || asked_for_.contains(waiting.subject)) return;
    if (waiting_.size() >= waiting_max) {
        forget(waiting);
        dropped_.add();
        return;
    }
    asked_for_.insert(waiting.subject);
    waiting_.push_back(std::move(waiting));
    waiting_count_.add(1);
    go_on();
}

void ClerkDirectory::forget(const Waiting& waiting) {
    seen_.post(waiting.loop, [subject = waiting.subject](Lately& seen) { seen.forget(subject); });
}

void ClerkDirectory::go_on() {
    if (stopping_ || !questions_.is_open()) return;
    // While Clerk is away one tries whether it is back.
    const std::size_t at_once = questions_.away() ? 1 : at_once_max;
    while (working_ < at_once && starting_ < waiting_.size()) {
        ++working_;
        ++starting_;
        tasks_.spawn("asking for a user at Clerk", work());
    }
    if (sweeping_ || (!sweep_.is_due() && !member_sweep_.is_due())) return;
    sweeping_ = true;
    tasks_.spawn("asking for everybody at Clerk", sweep());
}

Task<> ClerkDirectory::stop() {
    stopping_ = true;
    tasks_.cancel();
    co_await settle();
}

std::optional<ClerkDirectory::Waiting> ClerkDirectory::next() {
    const bool goes_on = !stopping_ && questions_.is_open() && !waiting_.empty();
    if (!goes_on || (questions_.away() && working_ > 1)) return std::nullopt;
    Waiting waiting = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_count_.add(-1);
    return waiting;
}

Task<> ClerkDirectory::work() {
    struct Working {
        std::size_t& count;
        ~Working() { --count; }
    };
    const Working working{working_};
    --starting_;
    while (auto waiting = next()) co_await look_up(*std::move(waiting));
}

Task<> ClerkDirectory::look_up(Waiting asked) {
    UnderWay under_way(*this, std::move(asked));
    Waiting& waiting = *under_way;
    const std::string& issuer = questions_.rules().issuer;
    const Timestamp now = clock_.now();
    const auto check = co_await checks_.find(issuer, waiting.subject);
    bool asks = waiting.claimed;
    if (!asks && !check.gone && check.due_at <= now)
        asks = co_await checks_.claim(issuer, waiting.subject, now, now + claimed_for);
    if (!asks) {
        under_way.settle();
        co_return;
    }
    if (!std::exchange(waiting.claimed, true)) waiting.asked_before = check.due_at != Timestamp();
    const bool may = co_await questions_.permit();
    if (!may) {
        under_way.put_back();
        co_return;
    }
    ClerkQuestion question;
    question.subjects.push_back(waiting.subject);
    const ClerkAnswer answer = co_await questions_.ask(std::move(question));
    if (!is_final(answer)) {
        const bool counts = answer.kind == ClerkAnswer::Kind::away;
        if (!counts || ++waiting.attempts < attempts_max) under_way.put_back();
        co_return;
    }
    const storage::KnownIdentity known{waiting.subject, check.updated_at};
    co_await questions_.take(known, answer, waiting.asked_before);
    const bool doubted = answer.kind == ClerkAnswer::Kind::gone && !waiting.asked_before;
    std::chrono::minutes settled_for = ClerkQuestions::fresh_for;
    if (doubted) settled_for = doubted_for;
    std::vector<std::string> settled{waiting.subject};
    co_await checks_.note(issuer, std::move(settled), clock_.now() + settled_for);
    under_way.settle();
}

Task<> ClerkDirectory::sweep() {
    struct Sweeping {
        ClerkDirectory& directory;
        bool failed = true;
        ~Sweeping() {
            directory.sweeping_ = false;
            if (!failed) return;
            directory.sweep_.drop();
            directory.member_sweep_.drop();
        }
    };
    Sweeping sweeping{*this};
    bool more = true;
    while (more && !stopping_ && questions_.is_open()) {
        more = co_await sweep_.go_on();
        // After that of the users, which shows that the key is that of their instance.
        if (!more && !sweep_.is_due()) more = co_await member_sweep_.go_on();
    }
    sweeping.failed = false;
}

}  // namespace banter::service
