#include "app/part.hpp"

#include "api/http/router.hpp"
#include "api/ws/connection.hpp"
#include "app/file_parts.hpp"
#include "base/heap.hpp"

#include <boost/asio/redirect_error.hpp>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace banter::app {

namespace {

/// How long activity that was held back may be late.
constexpr std::chrono::milliseconds activity_tick{250};

/// After a sweep that failed, unless they are more often anyway.
constexpr std::chrono::milliseconds sweep_pause = std::chrono::minutes(5);

/// Marks work as ended when it ends, however that is.
class Running {
public:
    explicit Running(bool& running) : running_(running) {}
    ~Running() { running_ = false; }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

private:
    bool& running_;
};

}  // namespace

Part::Part(const Common& common, net::Shard& shard)
    : shard_(shard),
      clock_(common.clock),
      ids_(common.clock, random_),
      cache_(common.cache_bytes),
      stores_(common.database, cache_, common.installation, common.shared_cache),
      storage_{
          stores_.users,
          stores_.people,
          stores_.departures,
          stores_.sign_ins,
          stores_.access_tokens,
          stores_.invites,
          stores_.revocations,
          stores_.hooks,
          stores_.threads,
          stores_.messages,
          stores_.files,
          stores_.uploads,
          common.bus,
          common.rates,
          common.presence},
      file_parts_(common.files),
      file_storage_(common.files.storage_of(shard.index())),
      read_marks_(storage_, common.waiting_marks),
      access_tokens_(storage_, common.clock, random_, ids_),
      auth_(
          common.issuers[shard.index()],
          access_tokens_,
          storage_,
          common.installation,
          common.clock,
          ids_
      ),
      sign_ins_(common.issuer, storage_, common.clock, random_, ids_),
      registration_(
          common.registration_rules,
          sign_ins_,
          storage_,
          common.installation,
          common.offload,
          common.clock,
          ids_
      ),
      invites_(storage_, common.clock, random_, ids_),
      accounts_(sign_ins_, storage_, common.offload, common.clock),
      departures_(storage_, common.clock),
      users_(storage_, common.clock),
      bots_(storage_, access_tokens_, users_, common.clock, ids_),
      oidc_(
          common.oidc_issuers,
          common.issuer,
          service::Identities(storage_, common.installation, common.clock, ids_),
          sign_ins_,
          storage_,
          common.clock,
          random_
      ),
      clerk_hooks_(common.clerk_hooks, storage_, common.installation, common.clock, ids_),
      threads_(storage_, read_marks_, common.clock, ids_),
      messages_({common.sends}, storage_, common.installation, read_marks_, common.clock, ids_),
      file_links_(file_storage_.cdn, common.clock),
      files_(common.file_rules, storage_, file_storage_, common.clock, random_, ids_),
      completing_(shard.executor()),
      completions_(common.file_rules, files_, storage_, file_storage_, common.clock, completing_),
      uploads_(files_, completions_, storage_, file_storage_, common.clock, random_, ids_),
      file_upkeep_(
          common.file_rules,
          storage_,
          file_storage_,
          common.files.fresh_objects(),
          common.clock,
          random_
      ),
      typing_(storage_),
      presences_(storage_, common.clock),
      requests_(common.requests, common.rates),
      failed_tokens_(common.failed_tokens, common.rates),
      services{auth_,          sign_ins_,
               access_tokens_, registration_,
               invites_,       accounts_,
               oidc_,          clerk_hooks_,
               users_,         bots_,
               threads_,       messages_,
               files_,         uploads_,
               file_links_,    read_marks_,
               typing_,        presences_,
               requests_,      failed_tokens_,
               common.issuer,  common.installation},
      hub(common.registry),
      gateway(shard, services, hub, common.clock, ids_, common.kept_bytes),
      memory_(common.registry),
      tasks_(shard.executor()),
      file_rules_(common.file_rules),
      makes_backup_(common.makes_backup),
      keep_database_(common.keep_database),
      lookups_(shard.executor()),
      departing_(shard.executor()) {}

void Part::start() {
    const std::chrono::milliseconds soon = std::chrono::minutes(1);
    const SteadyTime first = clock_.steady() + std::min(soon, file_rules_.unlinked_lifetime / 4);
    sweeping_files_.due = sweeping_drafts_.due = first;
    tasks_.spawn("house-keeping", keep_house());
    tasks_.spawn("activity", feed_activity());
    if (shard_.index() == 0) tasks_.spawn("looking for libvips", find_picture_library());
}

Task<> Part::find_picture_library() {
    if (file_storage_.pictures != nullptr) co_await file_storage_.pictures->available();
}

/// Read markers are written at most once a second. What fails is logged, and waits for the next
/// second.
Task<> Part::keep_house() {
    Timer timer(shard_.executor());
    while (!stopping_) {
        timer.expires_after(std::chrono::seconds(1));
        boost::system::error_code cancelled;
        co_await timer.async_wait(asio::redirect_error(use_task, cancelled));
        measure_memory();
        if (cancelled) continue;
        begin("writing read markers", writing_marks_, &Part::write_read_marks);
        begin("keeping uploads claimed", renewing_claims_, &Part::renew_upload_claims);
        if (lookups_.running() == 0) {
            lookups_.spawn("looking for revocations", find_revocations());
            lookups_.spawn("noting the use of access tokens", access_tokens_.settle_uses());
        }
        // One shard does these for the process, and one process for all of a database.
        if (shard_.index() != 0) continue;
        begin("keeping the database", keeping_database_, &Part::keep_database);
        if (!does_chores_) continue;
        begin("reply summaries", refreshing_summaries_, &Part::refresh_reply_summaries);
        begin("rendering pictures", rendering_.running, &Part::render_pictures);
        begin("removing files", removing_.running, &Part::remove_files);
        begin("sweeping files", sweeping_files_.running, &Part::sweep_files);
        begin("sweeping drafts", sweeping_drafts_.running, &Part::sweep_drafts);
        if (departing_.running() == 0) departing_.spawn("seeing deleted users off", see_off());
    }
}

void Part::begin(const char* name, bool& running, Task<> (Part::*work)()) {
    if (!std::exchange(running, true)) tasks_.spawn(name, (this->*work)());
}

Task<> Part::write_read_marks() {
    const Running running(writing_marks_);
    co_await read_marks_.settle_all(shard_.index());
}

Task<> Part::renew_upload_claims() {
    const Running running(renewing_claims_);
    co_await completions_.renew_claims();
}

Task<> Part::keep_database() {
    const Running running(keeping_database_);
    does_chores_ = co_await keep_database_();
}

Task<> Part::refresh_reply_summaries() {
    const Running running(refreshing_summaries_);
    co_await messages_.refresh_reply_summaries();
}

Task<> Part::render_pictures() {
    const Running running(rendering_.running);
    if (!is_due(rendering_)) co_return;
    bool more = true;
    while (more && !stopping_) more = co_await file_upkeep_.render_next();
    rendering_.backoff.succeeded();
}

Task<> Part::remove_files() {
    const Running running(removing_.running);
    if (makes_backup_() || !is_due(removing_)) co_return;
    co_await file_upkeep_.remove_dropped();
    removing_.backoff.succeeded();
}

bool Part::is_due(Recurring& recurring) {
    const SteadyTime now = clock_.steady();
    const bool due = recurring.backoff.is_due(now);
    if (due) recurring.backoff.failed(now);
    return due;
}

bool Part::is_due(Sweep& sweep) {
    const SteadyTime now = clock_.steady();
    if (now < sweep.due || makes_backup_()) return false;
    sweep.due = now + std::min(sweep_pause, file_rules_.unlinked_lifetime / 4);
    return true;
}

/// Four times in the life of a file that is in no message; what a crash left is looked for a minute
/// after the start.
Task<> Part::sweep_files() {
    const Running running(sweeping_files_.running);
    if (!is_due(sweeping_files_)) co_return;
    bool more = true;
    while (more && !stopping_) more = co_await file_upkeep_.sweep_next();
    sweeping_files_.due = clock_.steady() + file_rules_.unlinked_lifetime / 4;
}

Task<> Part::sweep_drafts() {
    const Running running(sweeping_drafts_.running);
    if (!is_due(sweeping_drafts_)) co_return;
    co_await file_upkeep_.sweep_drafts();
    sweeping_drafts_.due = clock_.steady() + file_rules_.unlinked_lifetime / 4;
}

Task<> Part::feed_activity() {
    Timer timer(shard_.executor());
    while (!stopping_) {
        timer.expires_after(activity_tick);
        boost::system::error_code cancelled;
        co_await timer.async_wait(asio::redirect_error(use_task, cancelled));
        for (const auto& event : activity.due(clock_.steady())) tell_activity(event);
    }
}

void Part::deliver(const api::ws::Broadcast& broadcast) {
    gateway.kept_pages.take(broadcast.event);
    hub.deliver(broadcast);
}

void Part::revoke(const model::Revocation& revocation) {
    const bool counted = revocation.number != 0;
    if (!counted || gateway.revocations.add(revocation)) hub.revoke(revocation);
}

Task<> Part::find_revocations() {
    constexpr std::size_t page = 256;
    std::size_t found = page;
    while (found == page && !stopping_) {
        const auto missed =
            co_await storage_.revocations.list_after(gateway.revocations.all_up_to(), page);
        for (const model::Revocation& revocation : missed) {
            revoke(revocation);
            gateway.revocations.note_all_up_to(revocation.number);
        }
        found = missed.size();
    }
}

Task<memory::Missing> Part::read_gap(memory::Gap gap) {
    constexpr model::Rev revs_max = 1'000;
    memory::Missing found;
    if (gap.up_to - gap.after <= revs_max) {
        found.messages =
            co_await storage_.messages.changed_between(gap.thread, gap.after, gap.up_to);
    }
    if (found.messages.empty() || found.messages.back().rev < gap.up_to) {
        const model::UserId nobody;
        const auto view = co_await storage_.threads.find(gap.thread, nobody);
        if (view) found.thread = view->thread;
    }
    co_return found;
}

Part::MemoryGauges::MemoryGauges(metrics::Registry& registry)
    : connections(registry.gauge(memory_metric, memory_help, "part=\"connections\"")),
      hub(registry.gauge(memory_metric, memory_help, "part=\"who has joined what\"")),
      cache(registry.gauge(memory_metric, memory_help, "part=\"cached pages\"")) {}

void Part::measure_memory() {
    constexpr std::size_t connection_bytes = heap_block_bytes(sizeof(api::ws::Connection)) +
                                             heap_block_bytes(sizeof(api::ws::ConnectionHolder));
    memory_.connections.set(static_cast<std::int64_t>(gateway.connections * connection_bytes));
    memory_.hub.set(static_cast<std::int64_t>(hub.bytes()));
    memory_.cache.set(static_cast<std::int64_t>(cache_.bytes() + gateway.kept_pages.bytes()));
}

Task<> Part::see_off() {
    Timer timer(shard_.executor());
    boost::system::error_code cancelled;
    while (!stopping_ && !cancelled) {
        const bool more = co_await departures_.go_on();
        if (!more) co_return;
        timer.expires_after(service::Departures::between_steps);
        co_await timer.async_wait(asio::redirect_error(use_task, cancelled));
    }
}

Task<bool> Part::needs_setup() {
    const service::WayIn way = co_await registration_.way_in();
    co_return way.setup;
}

Task<bool> Part::ready() {
    if (gateway.draining) co_return false;
    try {
        static_cast<void>(co_await storage_.users.has_owner(services.installation.workspace.id));
    } catch (const StorageFailure&) {
        co_return false;  // not being ready is the answer, not a failure of the question
    }
    co_return true;
}

std::unique_ptr<net::http::Application> Part::make_router(
    api::http::Site site,
    metrics::Registry& registry
) {
    site.ready = [this] { return ready(); };
    site_.emplace(std::move(site));
    auto open = [this](api::ws::Opening opening) {
        return std::make_unique<api::ws::ConnectionHolder>(gateway, std::move(opening));
    };
    return std::make_unique<api::http::Router>(services, *site_, clock_, registry, std::move(open));
}

Task<> Part::finish_commands() {
    gateway.draining = true;
    co_await gateway.tasks.wait();
    co_await completions_.drain();
}

Task<> Part::stop() {
    stopping_ = true;
    tasks_.cancel();
    co_await tasks_.wait();
    departing_.cancel();
    co_await departing_.wait();
    // The next server makes the files that this one has no time for.
    completing_.cancel();
    co_await completing_.wait();
    co_await lookups_.wait();
    co_await read_marks_.settle_all(shard_.index());
    co_await file_parts_.stop(shard_.index());
}

}  // namespace banter::app
