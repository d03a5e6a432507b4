#include "app/commands.hpp"

#include "app/application.hpp"
#include "app/backup/backup.hpp"
#include "app/backup/new_file.hpp"
#include "app/backup/restore.hpp"
#include "app/config_doc.hpp"
#include "app/core_dumps.hpp"
#include "app/issuer_key.hpp"
#include "app/signals.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "storage/postgres/migrate.hpp"
#include "storage/sqlite/lock_file.hpp"
#include "storage/sqlite/maintenance.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <stdexcept>

namespace banter::app {

namespace {

constexpr int done = 0;
constexpr int failed = 1;
constexpr int wrong_usage = 2;

void print(const std::string& text) {
    fmt::print("{}\n", text);
    std::fflush(stdout);
}

int serve(const Config& config) {
    if (config.core_dumps) allow_core_dumps();
    const StopSignals
        signals;  // before any thread of execution is made, so that all inherit the mask
    Application application(config);
    application.start();
    std::string greeting = fmt::format(
        "Banter is at {} (data in {})",
        application.address(),
        std::filesystem::absolute(config.data).lexically_normal().string()
    );
    if (const auto code = application.setup_code()) {
        greeting += fmt::format(
            "\nIt has no owner yet: set it up at {}/setup with the code {}",
            config.public_url.empty() ? application.address() : config.public_url,
            *code
        );
    }
    print(greeting);
    signals.wait();
    log::info("stopping");
    application.stop();
    return done;
}

int print_tokens(const Invocation& invocation) {
    const service::LocalIssuer issuer = open_issuer(invocation.config.data);
    for (const std::string& token : make_tokens(issuer, invocation, SystemClock().now()))
        print(token);
    return done;
}

/// Throws when the operator has asked for an end, so that what was begun is taken back.
Interruption interruption_by(const StopSignals& signals) {
    return [&signals] {
        if (signals.arrived()) throw std::runtime_error("interrupted, nothing was made");
    };
}

/// A file of the machine is what these commands are about.
void require_own_database(const Config& config, const char* instead) {
    if (!config.database_on_server()) return;
    throw std::runtime_error(fmt::format("the database is on a PostgreSQL server: {}", instead));
}

int make_backup(const Invocation& invocation) {
    require_own_database(
        invocation.config,
        "back it up with pg_dump, and with it the signing key in the data directory and the files"
    );
    const StopSignals signals;
    const bool watched = ::isatty(STDERR_FILENO) == 1;
    const auto progress = [watched](const std::string& percent) {
        if (watched) fmt::print(stderr, "\rcopying the database: {} %", percent);
    };
    back_up(invocation.config, invocation.file, progress, interruption_by(signals));
    print(fmt::format(
        "{}{} holds the database and the signing key of {}: keep it secret",
        watched ? "\n" : "",
        invocation.file.string(),
        invocation.config.data.string()
    ));
    return done;
}

int restore_backup(const Invocation& invocation) {
    const StopSignals signals;
    print(restore(invocation.config, invocation.file, interruption_by(signals)));
    return done;
}

std::string renew_epoch(const Config& config) {
    SystemRandom random;
    if (config.database_on_server()) return postgres::renew_epoch(config.database, random);
    const std::filesystem::path file = config.database_path();
    if (!std::filesystem::exists(file))
        throw std::runtime_error(fmt::format("there is no {}", file.string()));
    const sqlite::LockFile lock(directory_of(file));
    return sqlite::renew_epoch(file, random);
}

int make_new_epoch(const Config& config) {
    const std::string epoch = renew_epoch(config);
    print(fmt::format("the epoch is {}: clients that come back fetch everything anew", epoch));
    if (!config.files_path())
        print("its bucket knows the old one: start once with --files-take-over");
    return done;
}

int check_config(const Config& config) {
    for (const Option& option : options()) {
        print(fmt::format("{} = {}", option.name, option.show(config)));
    }
    return done;
}

int carry_out(const Invocation& invocation) {
    if (invocation.command == "restore") return restore_backup(invocation);
    if (invocation.command == "version") {
        print("banter " BANTER_VERSION);
        return done;
    }
    if (invocation.command == "config-doc") {
        fmt::print("{}", config_doc());
        return done;
    }
    if (invocation.command == "check-config") return check_config(invocation.config);
    require_no_unfinished_restore(invocation.config.data);
    if (invocation.command == "backup") return make_backup(invocation);
    if (invocation.command == "new-epoch") return make_new_epoch(invocation.config);
    if (invocation.command == "token") return print_tokens(invocation);
    return serve(invocation.config);
}

}  // namespace

int run(const Invocation& invocation) {
    if (invocation.help) {
        print(*invocation.help);
        return done;
    }
    for (const std::string& problem : invocation.problems)
        fmt::print(stderr, "banter: {}\n", problem);
    if (!invocation.problems.empty()) return wrong_usage;
    try {
        return carry_out(invocation);
    } catch (const std::exception& error) {
        fmt::print(stderr, "banter: {}\n", error.what());
        return failed;
    }
}

}  // namespace banter::app
