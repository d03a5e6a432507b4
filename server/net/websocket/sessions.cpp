#include "net/websocket/sessions.hpp"

#include "base/check.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace banter::net::websocket {

Sessions::Sessions(
    Shard& shard,
    Budget& budget,
    metrics::Gauge& deflate_readers,
    metrics::Registry& registry
)
    : shard_(shard),
      budget_(budget),
      deflate_readers_(deflate_readers),
      metrics_(registry),
      plain_rules_{
          shard.limits().payload_bytes_max,
          shard.limits().fragments_max,
          shard.limits().binary_accepted,
          nullptr},
      deflate_rules_(plain_rules_),
      buffers_(shard.limits().buffers_per_send_max) {
    deflate_rules_.inflater = &inflater_;
}

Sessions::~Sessions() {
    while (!sessions_.empty()) {
        Session& session = sessions_.front();
        session.application_.reset();
        session.die();
        destroy(session);
    }
}

void Sessions::add(
    int descriptor,
    std::unique_ptr<Application> application,
    bool deflate,
    std::string_view response,
    std::string rest
) {
    auto made = std::make_unique<Session>(*this, descriptor, std::move(application), deflate);
    Session& session = *made.release();  // owned by the list from here on
    const bool watched = shard_.poller().add(descriptor, session);
    sessions_.push_back(session);
    ++size_;
    ++tally_.sessions;
    if (deflate) deflate_readers_.add(1);
    need_sweep();  // publishes
    session.start(response, std::move(rest));
    if (!watched) session.die();
}

std::shared_ptr<const SharedFrame> Sessions::encode(std::string_view payload) {
    const bool compress =
        payload.size() >= limits().compress_bytes_min && deflate_readers_.value() > 0;
    return SharedFrame::text(payload, compress ? &deflater_ : nullptr);
}

void Sessions::close_all(std::uint16_t code, const std::function<std::string()>& reason) {
    for (Session& session : sessions_) {
        if (session.is_open()) session.close(code, reason());
    }
}

void Sessions::abort_all() {
    for (Session& session : sessions_) session.die();
}

std::chrono::milliseconds Sessions::next_ping() {
    const auto full = limits().ping_every;
    const auto spread = static_cast<std::uint64_t>(full.count() / 5 + 1);
    return full - std::chrono::milliseconds(shard_.random().below(spread));
}

// --- Sending, once a turn
// --------------------------------------------------------------------------

void Sessions::want_flush(Session& session, bool urgent) {
    // The broadcasts that wait may have been postponed; answers are not.
    const bool first = urgent_list_.empty() && (urgent || flush_list_.empty());
    if (first) shard_.at_turn_end(flush_, TurnEnd::Phase::flush);
    if (urgent) {
        session.in_urgent_list_ = true;
        urgent_list_.push_back(&session);
    } else {
        session.in_flush_list_ = true;
        flush_list_.push_back(&session);
    }
}

void Sessions::sent(std::size_t frames, std::size_t bytes) {
    tally_.frames_sent += frames;
    tally_.bytes_sent += bytes;
    unqueued(bytes);
}

void Sessions::received(std::size_t bytes) {
    if (tally_.bytes_received == 0) need_sweep();  // publishes
    tally_.bytes_received += bytes;
}

void Sessions::drop_broadcasts(Session& session) {
    const std::size_t before = session.outbox_.bytes();
    session.outbox_.drop_broadcasts(turn_blocks_);
    unqueued(before - session.outbox_.bytes());
}

void Sessions::flush_all() {
    flush_urgent();
    if (!flush_list_.empty()) {
        FlushPolicy& policy = shard_.flush_policy();
        if (policy.may_flush(std::chrono::steady_clock::now())) {
            flush_broadcasts();
        } else {
            shard_.postpone_flush(flush_, *policy.until());
        }
    }
    if (flush_list_.empty()) {
        turn_blocks_.plain.clear();
        turn_blocks_.compressed.clear();
    }
    need_sweep();  // publishes
}

void Sessions::flush_urgent() {
    for (std::size_t i = 0; i < urgent_list_.size(); ++i) {
        urgent_list_[i]->in_urgent_list_ = false;
        urgent_list_[i]->flush();
    }
    urgent_list_.clear();
}

void Sessions::flush_broadcasts() {
    const auto began = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < flush_list_.size(); ++i) {
        flush_list_[i]->in_flush_list_ = false;
        flush_list_[i]->flush();
    }
    flush_list_.clear();
    shard_.flush_policy().flushed(std::chrono::steady_clock::now() - began);
}

// --- Ending
// ----------------------------------------------------------------------------------------

void Sessions::ended(Session& session) {
    if (std::exchange(session.in_ended_list_, true)) return;
    ended_list_.push_back(&session);
    need_sweep();
}

void Sessions::sweep() {
    notify_closed();
    destroy_dead();
    metrics_.publish(tally_);
}

void Sessions::notify_closed() {
    // on_closed may close other sessions, which then join the list.
    for (std::size_t i = 0; i < ended_list_.size(); ++i) {
        const auto application = std::exchange(ended_list_[i]->application_, nullptr);
        if (application) application->on_closed();
    }
}

void Sessions::destroy_dead() {
    const auto is_dead = [](const Session* session) {
        return session->state_ == Session::State::dead;
    };
    // A list keeps its memory only as long as it is of use; who is not dead enters again when it
    // is.
    auto ended = std::exchange(ended_list_, {});
    bool listed = false;
    for (Session* session : ended) {
        session->in_ended_list_ = false;
        listed =
            listed || (is_dead(session) && (session->in_flush_list_ || session->in_urgent_list_));
    }
    if (listed) {
        std::erase_if(flush_list_, is_dead);
        std::erase_if(urgent_list_, is_dead);
    }
    for (Session* session : ended) {
        if (is_dead(session)) destroy(*session);
    }
    if (!ended.empty() && sessions_.empty() && emptied_) emptied_();
}

void Sessions::destroy(Session& session) {
    const std::unique_ptr<Session> last(&session);
    sessions_.erase(sessions_.iterator_to(session));
    --size_;
    --tally_.sessions;
    tally_.partial -= static_cast<std::int64_t>(session.decoder_.partial_bytes());
    if (session.backlog_) tally_.partial -= static_cast<std::int64_t>(session.backlog_->size());
    if (session.deflate_) deflate_readers_.add(-1);
    budget_.give_back();
}

}  // namespace banter::net::websocket
