// Traffic. Each content begins with the sender's clock, so that any receiver can tell the latency.

#include "load/traffic.hpp"

#include "load/process.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <random>

namespace banter::bench {

namespace {

constexpr std::size_t clock_digits = 19;
constexpr double drain_seconds_max = 10;

/// Deliveries are timed on one session in this many: reading the clock for each would make the
/// client, not the server, the bottleneck. Counted are all.
constexpr std::uint32_t timed_every = 16;

std::string filler_of(std::size_t bytes) {
    constexpr std::string_view words = " the quick brown fox jumps over the lazy dog";
    std::string text;
    while (text.size() < bytes) text += words;
    text.resize(bytes);
    return text;
}

double seconds_between(std::uint64_t from_ns, std::uint64_t to_ns) {
    return static_cast<double>(to_ns - from_ns) / 1e9;
}

double ratio(double over, double under) { return under > 0 ? over / under : 0; }

}  // namespace

Traffic::Traffic(const Options& options)
    : options_(options),
      fleet_(options, *this),
      answers_of_(options.sessions),
      filler_(filler_of(options.content_bytes - clock_digits)),
      number_base_(std::uint64_t{std::random_device{}()} << 32) {}

bool Traffic::run() {
    fleet_.open();
    send_first();
    send_for(options_.warm_up_seconds);
    measuring_ = true;
    const Tally from = tally();
    send_for(options_.seconds);
    const Tally to = tally();
    measuring_ = false;
    drain();
    const bool exact = now_.deliveries == expected_deliveries() && now_.answers == sent_ &&
                       failures_ == 0 && fleet_.closed() == 0;
    print(from, to, exact);
    return exact;
}

void Traffic::received(Session& session, Saying saying, const ServerFrame& frame) {
    if (saying == Saying::delivery) {
        ++now_.deliveries;
        now_.delivery_bytes += frame.payload.size();
        if (measuring_ && session.index % timed_every == 0) {
            delivery_latency_.add(latency_ns(frame.payload));
        }
    } else if (saying == Saying::answer) {
        ++now_.answers;
        now_.answer_bytes += frame.payload.size();
        ++answers_of_[session.index];
        if (measuring_) answer_latency_.add(latency_ns(frame.payload));
        if (sending_) send_one(session);
    } else if (saying == Saying::failure) {
        if (failures_++ == 0) first_failure_ = frame.payload;
    }
}

void Traffic::send_first() {
    for (std::size_t i = 0; i < options_.senders; ++i) {
        Session& sender = fleet_.sessions()[i * options_.sessions / options_.senders];
        for (std::size_t k = 0; k < options_.in_flight; ++k) send_one(sender);
    }
}

void Traffic::send_one(Session& session) {
    char clock[clock_digits + 1];
    std::snprintf(
        clock,
        sizeof clock,
        "%0*llu",
        static_cast<int>(clock_digits),
        static_cast<unsigned long long>(now_ns())
    );
    const auto& thread = options_.threads[session.index % options_.threads.size()];
    fleet_.say(session, fleet_.dialect().send(thread, clock + filler_, number_base_ + ++sent_));
}

/// It never sleeps: to wake the load generator, with which a server shares a machine only here, is
/// no part of what a delivery costs.
void Traffic::send_for(double seconds) {
    const std::uint64_t from = now_ns();
    while (seconds_between(from, now_ns()) < seconds) fleet_.turn(0);
}

void Traffic::drain() {
    sending_ = false;
    const std::uint64_t from = now_ns();
    while ((now_.answers + failures_ < sent_ || now_.deliveries < expected_deliveries()) &&
           seconds_between(from, now_ns()) < drain_seconds_max) {
        fleet_.turn(0);
    }
    // One more look, so that a delivery too many is seen as well.
    const std::uint64_t drained = now_ns();
    while (seconds_between(drained, now_ns()) < 0.2) fleet_.turn(0);
}

Traffic::Tally Traffic::tally() const {
    rusage own{};
    ::getrusage(RUSAGE_SELF, &own);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    Tally copy = now_;
    copy.time_ns = now_ns();
    copy.reads = fleet_.reads();
    copy.own_cpu = seconds(own.ru_utime) + seconds(own.ru_stime);
    copy.server_cpu = options_.server_pid == 0 ? 0 : cpu_seconds(options_.server_pid);
    return copy;
}

std::uint64_t Traffic::expected_deliveries() const {
    const std::size_t threads = options_.threads.size();
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < answers_of_.size(); ++i) {
        const std::size_t thread = i % threads;
        sum += answers_of_[i] * ((options_.sessions - thread + threads - 1) / threads);
    }
    return sum;
}

std::uint64_t Traffic::latency_ns(std::string_view payload) {
    constexpr std::string_view key = "\"content\":\"";
    if (payload.size() < content_at_ + key.size() ||
        payload.substr(content_at_, key.size()) != key) {
        content_at_ = payload.find(key);
        if (content_at_ == std::string_view::npos) return content_at_ = 0;
    }
    std::uint64_t sent_at = 0;
    for (const char digit : payload.substr(content_at_ + key.size(), clock_digits)) {
        sent_at = sent_at * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    const std::uint64_t now = now_ns();
    return now > sent_at ? now - sent_at : 0;
}

void Traffic::print(const Tally& from, const Tally& to, bool exact) const {
    const double seconds = seconds_between(from.time_ns, to.time_ns);
    const auto deliveries = static_cast<double>(to.deliveries - from.deliveries);
    const auto answers = static_cast<double>(to.answers - from.answers);
    const double cpu = to.server_cpu - from.server_cpu;
    std::printf(
        "{\"sessions\":%zu,\"senders\":%zu,\"inFlight\":%zu,\"contentBytes\":%zu,\"seconds\":%.4f,"
        "\"deliveries\":%.0f,\"answers\":%.0f,\"failures\":%llu,\"closed\":%zu,\"exact\":%s,"
        "\"deliveriesPerSecond\":%.1f,\"answersPerSecond\":%.1f,"
        "\"serverCpuSeconds\":%.3f,\"deliveriesPerCpuSecond\":%.1f,\"clientCpuSeconds\":%.3f,"
        "\"deliveryBytes\":%.2f,\"answerBytes\":%.2f,\"framesPerRead\":%.3f,"
        "\"deliveryLatencyUs\":{\"p50\":%.1f,\"p99\":%.1f,\"max\":%.1f},"
        "\"answerLatencyUs\":{\"p50\":%.1f,\"p99\":%.1f,\"max\":%.1f}}\n",
        options_.sessions,
        options_.senders,
        options_.in_flight,
        options_.content_bytes,
        seconds,
        deliveries,
        answers,
        static_cast<unsigned long long>(failures_),
        fleet_.closed(),
        exact ? "true" : "false",
        ratio(deliveries, seconds),
        ratio(answers, seconds),
        cpu,
        ratio(deliveries, cpu),
        to.own_cpu - from.own_cpu,
        ratio(static_cast<double>(to.delivery_bytes - from.delivery_bytes), deliveries),
        ratio(static_cast<double>(to.answer_bytes - from.answer_bytes), answers),
        ratio(deliveries + answers, static_cast<double>(to.reads - from.reads)),
        delivery_latency_.percentile_us(0.5),
        delivery_latency_.percentile_us(0.99),
        delivery_latency_.percentile_us(1),
        answer_latency_.percentile_us(0.5),
        answer_latency_.percentile_us(0.99),
        answer_latency_.percentile_us(1)
    );
    if (exact) return;
    std::fprintf(
        stderr,
        "not exact: %llu sent, %llu answered, %llu of %llu deliveries, %s\n",
        static_cast<unsigned long long>(sent_),
        static_cast<unsigned long long>(now_.answers),
        static_cast<unsigned long long>(now_.deliveries),
        static_cast<unsigned long long>(expected_deliveries()),
        first_failure_.c_str()
    );
}

}  // namespace banter::bench
