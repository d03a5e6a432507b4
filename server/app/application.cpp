#include "app/application.hpp"

#include "api/wire/events.hpp"
#include "app/backup/new_file.hpp"
#include "app/issuer_key.hpp"
#include "app/option_values.hpp"
#include "app/part.hpp"
#include "app/turn_end_calls.hpp"
#include "app/web_assets.hpp"
#include "base/heap.hpp"
#include "base/log.hpp"
#include "net/websocket/sessions.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/use_future.hpp>

#include <fmt/format.h>
#include <malloc.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <future>
#include <stdexcept>
#include <thread>
#include <utility>

namespace banter::app {

namespace {

/// Threads of execution for password hashing, and how many calls may wait for them.
constexpr std::size_t offload_threads = 2;
constexpr std::size_t offload_waiting_max = 256;
/// For compressing: links need no sign-in, and whoever follows many must not keep others from
/// signing in. A download has one call at a time.
constexpr std::size_t compressing_threads = 1;
constexpr std::size_t compressing_waiting_max = 1024;
/// Clients come back spread over so much, so that a restart is no storm.
constexpr std::uint64_t comeback_spread_ms = 10'000;

std::size_t shard_count(const Config& config) {
    if (config.shards > 0) return config.shards;
    cpu_set_t cores;
    CPU_ZERO(&cores);
    if (::sched_getaffinity(0, sizeof cores, &cores) != 0) return 1;
    return static_cast<std::size_t>(std::max(CPU_COUNT(&cores), 1));
}

net::Endpoint endpoint_of(const std::string& listen) {
    const std::size_t colon = listen.rfind(':');
    std::string host = listen.substr(0, colon);
    if (host.front() == '[') host = host.substr(1, host.size() - 2);
    return {
        asio::ip::make_address(host),
        static_cast<std::uint16_t>(std::stoi(listen.substr(colon + 1)))};
}

/// 99 bits in groups that people can copy by hand: lower case, nothing that looks like something
/// else. The same at each start and on every node, so that it counts wherever it is used.
std::string setup_code_of(const service::LocalIssuer& issuer) {
    constexpr std::string_view letters = "abcdefghjkmnpqrstuvwxyz23456789";
    constexpr std::size_t count = 20;
    const service::MacKey bytes = issuer.derive_key("setup code");
    static_assert(count <= std::tuple_size_v<service::MacKey>);
    std::string code;
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0 && i % 4 == 0) code += '-';
        code += letters[bytes[i] % letters.size()];
    }
    return code;
}

std::optional<std::string> read_token(const std::filesystem::path& file) {
    if (file.empty()) return std::nullopt;
    std::ifstream stream(file);
    if (!stream) {
        const std::string why = std::generic_category().message(errno);
        throw std::runtime_error(fmt::format("{} can't be read: {}", file.string(), why));
    }
    std::string token;
    std::getline(stream, token);
    if (token.empty())
        throw std::runtime_error(fmt::format("{} has no token in its first line", file.string()));
    return token;
}

/// What has been told to end, and doesn't, keeps nobody waiting.
constexpr std::chrono::seconds stop_time{2};

void await_end(
    std::string_view what,
    const std::future<void>& end,
    std::chrono::milliseconds within
) {
    if (end.wait_for(within) == std::future_status::ready) return;
    log::error("it did not end in time; ending without it", {{"what", what}});
    std::quick_exit(1);
}

/// As browsers write it into the Host header.
std::string host_of_origin(const std::string& origin) {
    const std::size_t scheme = origin.find("://");
    return scheme == std::string::npos ? std::string() : origin.substr(scheme + 3);
}

service::FileRules file_rules_of(const Config& config) {
    return {
        .intake =
            {.types = {.allowed = config.files_allow, .denied = config.files_deny},
             .file_bytes_max = config.limit_file_bytes},
        .quota =
            {.user_bytes_max = config.limit_user_file_bytes,
             .total_bytes_max = config.limit_total_file_bytes},
        .uploads_at_once = config.limit_uploads,
        .unlinked_lifetime = config.files_unlinked_for,
    };
}

const Config& with_data_directory(const Config& config) {
    make_data_directory(config.data);
    return config;
}

/// After the database was opened.
service::LocalIssuer issuer_of(const Config& config) {
    if (!config.database_on_server()) return open_issuer(config.data);
    return open_shared_issuer(config.data, config.database);
}

api::http::WebAppOptions web_app_of(const Config& config) {
    return {
        .assets = web_assets(),
        .script_hashes = web_script_hashes(),
        .files_origin = config.cdn.empty() ? config.files_origin : config.cdn,
        .clerk_origin = frontend_api_of(config.clerk_publishable_key),
    };
}

storage::Rate rate_of(double per_second) {
    return {.per_second = per_second, .burst = 2 * per_second};
}

}  // namespace

Application::RunningShards::RunningShards(std::size_t count, const net::Limits& limits)
    : shards(count, limits) {
    shards.start();
}

Application::Application(const Config& config)
    : config_(with_data_directory(config)),
      metrics_token_(read_token(config.metrics_token_file)),
      running_(shard_count(config), limits_),
      turn_ends_(make_turn_ends()),
      bus_part_(config, running_.shards.loops(), clock_, random_, registry_),
      bus_(bus_part_.bus()),
      database_(
          config,
          sqlite_options(),
          {running_.shards.loops(), clock_, random_, registry_, bus_}
      ),
      issuer_(issuer_of(config)),
      setup_code_(config.loopback_only() ? "" : setup_code_of(issuer_)),
      clerk_(config, running_.shards, clock_),
      checked_signatures_(
          running_.shards.loops(),
          registry_.counter(
              "banter_token_signature_checks_total",
              "signatures of tokens that had to be checked"
          )
      ),
      oidc_(config, running_.shards, clock_),
      rates_(running_.shards.loops(), clock_),
      presence_(running_.shards.loops(), clock_, bus_, registry_),
      offload_(offload_threads, offload_waiting_max),
      compressing_(compressing_threads, compressing_waiting_max),
      files_(config, issuer_, running_.shards, clock_),
      file_rules_(file_rules_of(config)),
      web_app_(web_app_of(config)),
      waiting_marks_(
          running_.shards.loops(),
          [](std::size_t) { return std::make_unique<service::WaitingMarks>(); }
      ),
      server_(running_.shards, limits_, registry_) {
    if (auto* file = database_.file()) {
        control_.emplace(
            running_.shards[0],
            *file,
            clock_,
            Control::Files{
                .database = config.database_path(),
                .data = config.data,
                .files = config.files_path().value_or("")}
        );
    }
    files_.claim_bucket(config_, running_.shards, database_.installation().epoch);
    if (!config.clerk_secret_key_file.empty()) {
        clerk_backend_.emplace(
            config,
            ClerkBackend::Parts{
                running_.shards,
                clock_,
                registry_,
                database_.database(),
                database_.installation(),
                rates_,
                offload_}
        );
    }
    make_issuers();
    registry_.computed_gauge(memory_metric, memory_help, "part=\"free in the allocator\"", [] {
        return static_cast<std::int64_t>(::mallinfo2().fordblks);
    });
    make_parts();
    bus_.set_receiver([this](const model::SharedEvent& event) { deliver(event); });
    bus_.set_revocation_receiver([this](std::size_t loop, const model::Revocation& revocation) {
        parts_[loop]->revoke(revocation);
    });
    bus_part_.local().set_gap_reader([this](const memory::Gap& gap) {
        return parts_[home_of(gap.thread.hash())]->read_gap(gap);
    });
    if (database_.changes() != nullptr) make_comparison();
    if (auto* node = bus_part_.node()) {
        exchange_.emplace(nodes::StateExchange::Parts{
            running_.shards.loops().front(), *node, presence_, rates_, clock_, {}});
        bus_part_.set_installation(database_.installation().epoch, [this] {
            comparison_->look_now();
            exchange_->begin_anew();
        });
    }
}

Application::~Application() {
    stop();
    database_.stop();
    running_.shards.stop();
}

/// Hubs tell which threads somebody here has to do with; what events leave out is looked for.
void Application::make_comparison() {
    std::vector<api::ws::Hub*> hubs;
    for (const auto& part : parts_) {
        hubs.push_back(&part->hub);
        part->hub.set_interest(bus_part_);
    }
    comparison_.emplace(Comparison::Parts{
        running_.shards.loops(), std::move(hubs), bus_part_.local(), *database_.changes()});
}

std::size_t Application::home_of(std::size_t hash) { return bus_part_.local().home_of(hash); }

std::vector<std::unique_ptr<TurnEndCalls>> Application::make_turn_ends() {
    std::vector<std::unique_ptr<TurnEndCalls>> calls;
    for (std::size_t i = 0; i < running_.shards.size(); ++i) {
        calls.push_back(std::make_unique<TurnEndCalls>(running_.shards[i]));
    }
    return calls;
}

sqlite::SqliteOptions Application::sqlite_options() {
    sqlite::SqliteOptions options;
    if (config_.database_on_server()) return options;
    const std::filesystem::path file = config_.database_path();
    options.directory = directory_of(file);
    options.file_name = file.filename();
    options.in_flight = [this](std::size_t loop, bool in_flight) {
        net::Shard& shard = running_.shards[loop];
        in_flight ? shard.hold_flush() : shard.release_flush();
    };
    options.at_turn_end = [this](std::size_t loop, std::function<void()> call) {
        turn_ends_[loop]->add(std::move(call));
    };
    return options;
}

void Application::make_issuers() {
    for (std::size_t i = 0; i < running_.shards.size(); ++i) {
        service::Issuers& issuers = issuers_.emplace_back(checked_signatures_, i);
        issuers.add(issuer_.issuer());
        auto clerk = clerk_.issuer(i);
        if (!clerk) continue;
        if (clerk_backend_)
            clerk->note_user = [this, i](std::string_view subject) {
                clerk_backend_->see(i, subject);
            };
        issuers.add(*std::move(clerk));
    }
}

void Application::make_parts() {
    const std::size_t cache_bytes = config_.cache_mebibytes * 1024 * 1024 / running_.shards.size();
    // A file is never away.
    const std::size_t kept_bytes = config_.database_on_server() ? cache_bytes / 4 : 0;
    const Common common{
        .database = database_.database(),
        .installation = database_.installation(),
        .bus = bus_,
        .rates = rates_,
        .presence = presence_,
        .offload = offload_,
        .waiting_marks = waiting_marks_,
        .issuer = issuer_,
        .issuers = issuers_,
        .oidc_issuers = oidc_.issuers(),
        .clerk_hooks = clerk_.hook_rules(),
        .clock = clock_,
        .registry = registry_,
        .registration_rules =
            {.sign_up = model::parse_sign_up(config_.sign_up),
             .loopback_only = config_.loopback_only(),
             .setup_code = setup_code_},
        .sends = rate_of(config_.limit_sends),
        .requests = rate_of(config_.limit_requests),
        .failed_tokens = storage::per_minute(config_.limit_failed_tokens),
        .file_rules = file_rules_,
        .files = files_,
        .makes_backup = [this] { return control_ && control_->makes_backup(); },
        .keep_database = [this] { return database_.keep(); },
        .cache_bytes = cache_bytes - kept_bytes,
        .kept_bytes = kept_bytes,
        .shared_cache = bus_part_.shared_cache(),
    };
    for (std::size_t i = 0; i < running_.shards.size(); ++i) {
        parts_.push_back(std::make_unique<Part>(common, running_.shards[i]));
        parts_.back()->hub.set_encoder([this, i](std::string_view payload) {
            return net::websocket::LocalFrame(server_.sessions(i).encode(payload));
        });
        parts_.back()->tell_activity = [this](const model::SharedEvent& activity) {
            broadcast(activity);
        };
    }
}

/// On the home shard of the event's thread or user.
void Application::deliver(const model::SharedEvent& event) {
    broadcast(event);
    const std::size_t home = home_of(model::home_hash(*event));
    if (const auto activity = parts_[home]->activity.offer(*event, clock_.steady()))
        broadcast(activity);
}

/// Encodes the event once, and hands it to the hub of every shard.
void Application::broadcast(const model::SharedEvent& event) {
    const std::size_t home = home_of(model::home_hash(*event));
    net::websocket::Sessions& sessions = server_.sessions(home);
    const service::FileLinks& links = parts_[home]->services.file_links;
    api::ws::Broadcast broadcast{event, sessions.encode(api::wire::encode(*event, links))};
    if (const std::string own = api::wire::encode_own(*event); !own.empty())
        broadcast.own_frame = sessions.encode(own);
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        if (i == home) {
            parts_[i]->deliver(broadcast);
        } else {
            running_.shards[i].post([part = parts_[i].get(), broadcast] {
                part->deliver(broadcast);
            });
        }
    }
}

std::string Application::address() const {
    const net::Endpoint endpoint = endpoint_of(config_.listen);
    const bool any = endpoint.address().is_unspecified();
    std::string host = any ? "localhost" : endpoint.address().to_string();
    if (endpoint.address().is_v6() && !any) host = "[" + host + "]";
    return fmt::format("http://{}:{}", host, server_.port());
}

std::unique_ptr<net::http::Application> Application::make_http(std::size_t shard) {
    const api::http::Origins::Own own{
        .public_url = config_.public_url,
        .listened_addresses = {endpoint_of(config_.listen).address().to_string()},
        .port = server_.port(),
    };
    api::http::Site site{
        .origins = api::http::Origins(own, config_.allowed_origins),
        .proxies = api::http::Proxies(config_.trusted_proxies),
        .registry = registry_,
        .address = config_.public_url.empty() ? address() : config_.public_url,
        .sends_per_second = config_.limit_sends,
        .requests_per_second = config_.limit_requests,
        .file_bytes_max = config_.limit_file_bytes,
        .clerk_publishable_key = config_.clerk_publishable_key,
        .files_host = host_of_origin(config_.files_origin),
        .downloads = downloads_,
        .compressing = &compressing_,
        .web_app = &web_app_,
        .metrics_token = metrics_token_,
        .ready = nullptr,
    };
    return parts_[shard]->make_router(std::move(site), registry_);
}

void Application::start() {
    server_.start(endpoint_of(config_.listen), [this](std::size_t shard) {
        return make_http(shard);
    });
    started_ = true;
    if (control_) control_->start();
    if (comparison_) start_with_other_nodes();
    running_.shards[0].post([this] {
        clerk_.start();
        if (clerk_backend_) clerk_backend_->start();
    });
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        running_.shards[i].post([part = parts_[i].get()] { part->start(); });
    }
}

void Application::start_with_other_nodes() {
    bus_part_.start();
    running_.shards[0].post([this] {
        comparison_->start();
        if (exchange_) exchange_->start();
    });
}

std::optional<std::string> Application::setup_code() {
    if (setup_code_.empty()) return std::nullopt;
    auto asking = parts_.front()->needs_setup();
    const bool needed =
        asio::co_spawn(running_.shards[0].executor(), std::move(asking), asio::use_future).get();
    return needed ? std::optional(setup_code_) : std::nullopt;
}

bool Application::on_every_part(Task<> (*work)(Part& part), std::chrono::milliseconds within) {
    bool ended = true;
    std::vector<std::future<void>> ends;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        ends.push_back(
            asio::co_spawn(running_.shards[i].executor(), work(*parts_[i]), asio::use_future)
        );
    }
    const auto until = std::chrono::steady_clock::now() + within;
    for (std::future<void>& end : ends) {
        if (end.wait_until(until) != std::future_status::ready) {
            log::warning("a shard did not finish its work in time");
            ended = false;
            continue;
        }
        try {
            end.get();
        } catch (const std::exception& failure) {
            log::warning(
                "a shard could not finish its work", {{"why", std::string_view(failure.what())}}
            );
        }
    }
    return ended;
}

std::future<void> Application::run_on_first(Task<> work) {
    return asio::co_spawn(running_.shards[0].executor(), std::move(work), asio::use_future);
}

void Application::stop() {
    if (!std::exchange(started_, false)) return;
    const auto until = std::chrono::steady_clock::now() + config_.drain_within;
    const auto left = [until] {
        const auto time = until - std::chrono::steady_clock::now();
        return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(time), {});
    };
    std::future<void> control_stopped;
    if (control_) control_stopped = run_on_first(control_->stop());
    const auto finish = [](Part& part) { return part.finish_commands(); };
    on_every_part(finish, config_.drain_within / 2);
    const auto farewell = [] {
        thread_local SystemRandom random;
        return fmt::format("{{\"retryAfterMs\":{}}}", 500 + random.below(comeback_spread_ms));
    };
    const bool drained = server_.drain(left(), farewell);
    if (!drained || !on_every_part(finish, left() + std::chrono::milliseconds(500))) {
        log::error("requests did not end in time; ending without them");
        std::quick_exit(1);
    }
    if (!on_every_part([](Part& part) { return part.stop(); }, stop_time)) {
        log::error("writes did not end in time; ending without them");
        std::quick_exit(1);
    }
    if (exchange_)
        await_end("what other nodes are told", run_on_first(exchange_->stop()), stop_time);
    await_end("presence", run_on_first(presence_.stop()), stop_time);
    if (clerk_backend_)
        await_end("questions to Clerk", run_on_first(clerk_backend_->stop()), stop_time);
    await_end("the keys of issuers", run_on_first(clerk_.stop()), stop_time);
    if (comparison_) await_end("the comparison", run_on_first(comparison_->stop()), stop_time);
    if (control_) await_end("a backup", control_stopped, left() + stop_time);
    await_end("the database", run_on_first(database_.finish()), stop_time);
    await_end("the event bus", run_on_first(bus_part_.stop()), stop_time);
    database_.stop();
    running_.shards.stop();
}

}  // namespace banter::app
