// The table of options.
#include "storage/s3/options.hpp"

#include "api/http/proxies.hpp"
#include "app/config.hpp"
#include "app/oidc_option.hpp"
#include "app/option_values.hpp"
#include "base/log.hpp"
#include "storage/clamd/address.hpp"
#include "storage/redis/options.hpp"

#include <boost/asio/ip/address.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace banter::app {

namespace {

std::string set_listen(Config& config, const std::string& value) {
    const std::size_t colon = value.rfind(':');
    if (colon == std::string::npos) return "has to be ADDRESS:PORT, such as 127.0.0.1:8080";
    std::string host = value.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    boost::system::error_code error;
    static_cast<void>(boost::asio::ip::make_address(host, error));
    unsigned port = 0;
    const std::string trouble = set_number(port, value.substr(colon + 1), 0U, 65'535U);
    if (error)
        return "needs a numeric address before the port, such as 127.0.0.1 or 0.0.0.0 or [::1]";
    if (!trouble.empty()) return "needs a port from 0 to 65535 after the colon";
    config.listen = value;
    return {};
}

std::string set_database(Config& config, const std::string& value) {
    constexpr std::string_view scheme = "sqlite:";
    if (is_postgres_url(value)) {
        config.database = value;
        return {};
    }
    if (!value.starts_with(scheme)) {
        return "has to be sqlite:PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE";
    }
    const std::filesystem::path file = value.substr(scheme.size());
    if (!file.has_filename()) return "has to name a file, as in sqlite:/srv/banter/banter.db";
    config.database = value;
    return {};
}

std::string set_redis(Config& config, const std::string& value) {
    const auto options = redis::parse_options(value);
    if (!options) return options.error().detail;
    config.redis = value;
    return {};
}

std::string set_public_url(Config& config, const std::string& value) {
    std::string origin = value;
    if (origin.ends_with('/')) origin.pop_back();
    if (!is_origin(origin))
        return "has to be an origin such as https://chat.example.com, without a path";
    config.public_url = origin;
    return {};
}

std::string set_trusted_proxies(Config& config, const std::string& value) {
    for (const std::string& network : split(value)) {
        if (!api::http::parse_network(network)) {
            return fmt::format(
                "has {} in it, which is no network such as 10.0.0.0/8, and no address", network
            );
        }
    }
    config.trusted_proxies = split(value);
    return {};
}

std::string set_oidc(Config& config, const std::string& value) {
    return parse_oidc(config.oidc, value);
}

std::string set_sign_up(Config& config, const std::string& value) {
    if (value != "open" && value != "invite" && value != "closed")
        return "has to be open, invite or closed";
    config.sign_up = value;
    return {};
}

std::string set_clerk_personal(Config& config, const std::string& value) {
    if (value != "refuse" && value != "default") return "has to be refuse or default";
    config.clerk_personal = value;
    return {};
}

std::string set_log_level(Config& config, const std::string& value) {
    if (!log::set_level(value)) return "has to be debug, info, warning, error or off";
    config.log_level = value;
    return {};
}

std::string set_drain(Config& config, const std::string& value) {
    const auto duration = parse_duration(value);
    if (!duration || duration->count() < 1 || duration->count() > 17)
        return "has to be from 1s to 17s";
    config.drain_within = *duration;
    return {};
}

std::string set_files(Config& config, const std::string& value) {
    constexpr std::string_view disk = "disk:";
    config.files = value;
    if (value.starts_with("s3://")) {
        const auto options = s3::parse_options(value);
        return options ? std::string() : options.error().detail;
    }
    if (!value.starts_with(disk)) return "has to be disk:PATH, or s3://BUCKET";
    if (value.size() == disk.size()) return "has to name a directory, as in disk:/srv/banter/files";
    return {};
}

std::string set_origin(std::string& field, std::string value) {
    if (value.ends_with('/')) value.pop_back();
    if (!is_origin(value)) return "has to be an origin such as https://files.example.com";
    field = std::move(value);
    return {};
}

std::string set_cdn_hash(Config& config, const std::string& value) {
    if (value != "sha1" && value != "sha256") return "has to be sha1 or sha256";
    config.cdn_hash = value;
    return {};
}

std::string set_media_types(std::vector<std::string>& field, const std::string& value) {
    for (const std::string& pattern : split(value)) {
        const std::size_t slash = pattern.find('/');
        if (slash == 0 || slash == std::string::npos || slash + 1 == pattern.size()) {
            return fmt::format(
                "has {} in it, which is no type such as image/* or text/csv", pattern
            );
        }
    }
    field = split(value);
    return {};
}

std::string set_clamd(Config& config, const std::string& value) {
    config.clamd = value;
    const auto address = clamd::parse_address(value);
    return address ? std::string() : address.error().detail;
}

std::string set_bytes(std::uint64_t& field, const std::string& value) {
    const auto bytes = parse_bytes(value);
    if (!bytes) return "has to be a number of bytes, such as 500M or 5G";
    field = *bytes;
    return {};
}

std::string set_file_bytes(Config& config, const std::string& value) {
    std::string trouble = set_bytes(config.limit_file_bytes, value);
    if (trouble.empty() && config.limit_file_bytes == 0) return "has to be above 0";
    return trouble;
}

std::string set_unlinked_for(Config& config, const std::string& value) {
    const auto duration = parse_duration(value);
    if (!duration || duration->count() < 1)
        return "has to be a duration of at least 1s, such as 24h";
    config.files_unlinked_for = *duration;
    return {};
}

}  // namespace

const std::vector<Option>& options() {
    static const std::vector<Option> table{
        {"listen",
         "ADDRESS:PORT",
         "where to listen; port 0 picks a free one",
         set_listen,
         [](const Config& config) { return config.listen; }},
        {"data",
         "DIR",
         "the directory of the database, the files and the signing key",
         [](Config& config, const std::string& value) {
             config.data = value;
             return std::string(value.empty() ? "is empty" : "");
         },
         [](const Config& config) { return config.data.string(); }},
        {"database",
         "URL",
         "sqlite:PATH, or postgresql://USER:PASSWORD@HOST:PORT/DATABASE of a PostgreSQL server (15 "
         "or "
         "newer), as libpq takes it; without it banter.db in the data directory",
         set_database,
         [](const Config& config) {
             return config.database_on_server() ? without_password(config.database)
                                                : config.database;
         }},
        {"redis",
         "URL",
         "redis://USER:PASSWORD@HOST:PORT of a Redis (7 or newer), by which several servers of one "
         "database tell each other at once what happens; rediss:// for TLS",
         set_redis,
         [](const Config& config) {
             if (config.redis.empty()) return std::string();
             return redis::parse_options(config.redis)->shown();
         }},
        {"public-url",
         "URL",
         "the origin that browsers see; decides about cookies and the origins that may connect",
         set_public_url,
         [](const Config& config) { return config.public_url; }},
        {"allowed-origins",
         "URL,…",
         "further origins whose pages may connect",
         [](Config& config, const std::string& value) {
             return set_origins(config.allowed_origins, value);
         },
         [](const Config& config) { return joined(config.allowed_origins); }},
        {"clerk-issuer",
         "URL",
         "the Frontend API URL of a Clerk instance: its session tokens sign in, and whoever has "
         "one "
         "becomes a user here",
         [](Config& config, const std::string& value) {
             return set_issuer(config.clerk_issuer, value);
         },
         [](const Config& config) { return config.clerk_issuer; }},
        {"clerk-publishable-key",
         "KEY",
         "the instance's publishable key (pk_live_…): with it people sign in at Clerk from the web "
         "app",
         [](Config& config, const std::string& value) {
             return set_publishable_key(config.clerk_publishable_key, value);
         },
         [](const Config& config) { return config.clerk_publishable_key; }},
        {"clerk-jwt-key-file",
         "FILE",
         "the instance's public key in PEM (\"JWT public key\" in its dashboard); without it the "
         "keys are fetched from the issuer and kept fresh",
         [](Config& config, const std::string& value) {
             return set_existing(config.clerk_jwt_key_file, value);
         },
         [](const Config& config) { return config.clerk_jwt_key_file.string(); }},
        {"clerk-authorized-parties",
         "URL,…",
         "origins of the pages whose tokens are taken (the azp claim); without it those of every "
         "page of the instance",
         [](Config& config, const std::string& value) {
             return set_origins(config.clerk_authorized_parties, value);
         },
         [](const Config& config) { return joined(config.clerk_authorized_parties); }},
        {"clerk-personal",
         "refuse|default",
         "what becomes of session tokens without an organization: they act in the default "
         "workspace "
         "(default), or are refused",
         set_clerk_personal,
         [](const Config& config) { return config.clerk_personal; }},
        {"clerk-webhook-secret-file",
         "FILE",
         "the signing secret (whsec_…) of the instance's endpoint for web hooks, or several, one a "
         "line, while they are changed; without it no web hooks are taken",
         [](Config& config, const std::string& value) {
             return set_existing(config.clerk_webhook_secret_file, value);
         },
         [](const Config& config) { return config.clerk_webhook_secret_file.string(); }},
        {"clerk-secret-key-file",
         "FILE",
         "the instance's secret key (sk_live_… or sk_test_…): names and pictures of its users are "
         "asked for at its Backend API, also if no web hook tells of them",
         [](Config& config, const std::string& value) {
             return set_existing(config.clerk_secret_key_file, value);
         },
         [](const Config& config) { return config.clerk_secret_key_file.string(); }},
        {"clerk-api",
         "URL",
         "where the Backend API of Clerk is, if a proxy stands before it",
         [](Config& config, const std::string& value) {
             return set_safe_origin(config.clerk_api, value);
         },
         [](const Config& config) { return config.clerk_api; }},
        {"oidc",
         "issuer=URL,client-id=ID,name=NAME,…",
         "an issuer of OpenID Connect at which people sign in; may be given several times, or "
         "several with semicolons between them; further parts are client-secret-file=FILE, and "
         "scopes=… with spaces between them, without it profile",
         set_oidc,
         [](const Config& config) { return oidc_text(config.oidc); },
         false,
         ';'},
        {"trusted-proxies",
         "CIDR,…",
         "reverse proxies in front: their X-Forwarded-For and X-Forwarded-Proto count",
         set_trusted_proxies,
         [](const Config& config) { return joined(config.trusted_proxies); }},
        {"sign-up",
         "open|invite|closed",
         "who may register; without it open where only this machine can reach it, else invite",
         set_sign_up,
         [](const Config& config) { return config.sign_up; }},
        {"shards",
         "N",
         "event loops; 0: one for each core that the process may use",
         [](Config& config, const std::string& value) {
             return set_number(config.shards, value, std::size_t{0}, std::size_t{256});
         },
         [](const Config& config) { return std::to_string(config.shards); }},
        {"limit-sends",
         "N",
         "messages per second and user, twice as many at once; 0: no limit",
         [](Config& config, const std::string& value) {
             return set_number(config.limit_sends, value, 0.0, 1e6);
         },
         [](const Config& config) { return fmt::format("{}", config.limit_sends); }},
        {"limit-requests",
         "N",
         "other requests per second and user, twice as many at once; 0: no limit",
         [](Config& config, const std::string& value) {
             return set_number(config.limit_requests, value, 0.0, 1e6);
         },
         [](const Config& config) { return fmt::format("{}", config.limit_requests); }},
        {"limit-failed-tokens",
         "N",
         "tokens per minute and address that may be wrong; 0: no limit",
         [](Config& config, const std::string& value) {
             return set_number(
                 config.limit_failed_tokens, value, std::uint32_t{0}, std::uint32_t{1'000'000}
             );
         },
         [](const Config& config) { return std::to_string(config.limit_failed_tokens); }},
        {"files",
         "URL",
         "where the bytes of files lie: disk:PATH or s3://BUCKET/PREFIX?region=…&endpoint=…; "
         "without it the directory files in the data directory",
         set_files,
         [](const Config& config) { return config.files; }},
        {"files-take-over",
         "",
         "start though the files in the bucket are those of another server, or of this one before "
         "it was restored; only as a flag, for one start, if no other server uses them",
         [](Config& config, const std::string& value) {
             return set_truth(config.files_take_over, value);
         },
         [](const Config& config) { return std::string(config.files_take_over ? "true" : ""); },
         true},
        {"s3-credentials-file",
         "FILE",
         "the key for S3, as Amazon's tools write it, read again when it changes; without it from "
         "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN",
         [](Config& config, const std::string& value) {
             return set_existing(config.s3_credentials_file, value);
         },
         [](const Config& config) { return config.s3_credentials_file.string(); }},
        {"files-origin",
         "URL",
         "another origin by which this server is reached, under which alone it gives files out",
         [](Config& config, const std::string& value) {
             return set_origin(config.files_origin, value);
         },
         [](const Config& config) { return config.files_origin; }},
        {"files-allow",
         "TYPE,…",
         "the only media types that are taken, by what is in the files: image/*, text/csv",
         [](Config& config, const std::string& value) {
             return set_media_types(config.files_allow, value);
         },
         [](const Config& config) { return joined(config.files_allow); }},
        {"files-deny",
         "TYPE,…",
         "media types that are not taken, by what is in the files",
         [](Config& config, const std::string& value) {
             return set_media_types(config.files_deny, value);
         },
         [](const Config& config) { return joined(config.files_deny); }},
        {"clamd",
         "ADDRESS",
         "the clamd that looks through every file for malware: the path of its socket, or "
         "ADDRESS:PORT; without it none does",
         set_clamd,
         [](const Config& config) { return config.clamd; }},
        {"files-unlinked-for",
         "DURATION",
         "how long a file that is in no message is kept, and what a crash left of others",
         set_unlinked_for,
         [](const Config& config) {
             return fmt::format("{}s", config.files_unlinked_for.count());
         }},
        {"limit-uploads",
         "N",
         "uploads of a user that run at once on an event loop; 0: no limit but that of all",
         [](Config& config, const std::string& value) {
             return set_number(config.limit_uploads, value, std::size_t{0}, std::size_t{1'000});
         },
         [](const Config& config) { return std::to_string(config.limit_uploads); }},
        {"limit-file-bytes",
         "BYTES",
         "of one file, such as 500M or 5G",
         set_file_bytes,
         [](const Config& config) { return std::to_string(config.limit_file_bytes); }},
        {"limit-user-file-bytes",
         "BYTES",
         "of all files of a user; 0: no limit",
         [](Config& config, const std::string& value) {
             return set_bytes(config.limit_user_file_bytes, value);
         },
         [](const Config& config) { return std::to_string(config.limit_user_file_bytes); }},
        {"limit-total-file-bytes",
         "BYTES",
         "of all files; 0: no limit but the disk's",
         [](Config& config, const std::string& value) {
             return set_bytes(config.limit_total_file_bytes, value);
         },
         [](const Config& config) { return std::to_string(config.limit_total_file_bytes); }},
        {"cdn",
         "URL",
         "the CloudFront distribution in front of the bucket; without it this server gives files "
         "out",
         [](Config& config, const std::string& value) { return set_origin(config.cdn, value); },
         [](const Config& config) { return config.cdn; }},
        {"cdn-key-pair-id",
         "ID",
         "of the public key that the distribution trusts",
         [](Config& config, const std::string& value) {
             config.cdn_key_pair_id = value;
             return std::string();
         },
         [](const Config& config) { return config.cdn_key_pair_id; }},
        {"cdn-key-file",
         "FILE",
         "the private half of that key, in PEM",
         [](Config& config, const std::string& value) {
             return set_existing(config.cdn_key_file, value);
         },
         [](const Config& config) { return config.cdn_key_file.string(); }},
        {"cdn-hash",
         "sha1|sha256",
         "the hash of the signatures of links",
         set_cdn_hash,
         [](const Config& config) { return config.cdn_hash; }},
        {"cache-mebibytes",
         "N",
         "memory for copies of what the database said, over all shards",
         [](Config& config, const std::string& value) {
             return set_number(config.cache_mebibytes, value, std::size_t{0}, std::size_t{65'536});
         },
         [](const Config& config) { return std::to_string(config.cache_mebibytes); }},
        {"drain-within",
         "DURATION",
         "how long a stopping server may take to finish what it accepted",
         set_drain,
         [](const Config& config) {
             using std::chrono::seconds;
             return fmt::format(
                 "{}s", std::chrono::duration_cast<seconds>(config.drain_within).count()
             );
         }},
        {"metrics-token-file",
         "FILE",
         "a file with the token that lets other hosts read /metrics; without it only loopback may",
         [](Config& config, const std::string& value) {
             return set_existing(config.metrics_token_file, value);
         },
         [](const Config& config) { return config.metrics_token_file.string(); }},
        {"log-level",
         "LEVEL",
         "debug, info, warning, error or off",
         set_log_level,
         [](const Config& config) { return config.log_level; }},
        {"core-dumps",
         "BOOL",
         "true: a crash may leave a core file, with whatever tokens, passwords and keys were in "
         "memory",
         [](Config& config, const std::string& value) {
             return set_truth(config.core_dumps, value);
         },
         [](const Config& config) { return std::string(config.core_dumps ? "true" : "false"); }},
    };
    return table;
}

}  // namespace banter::app
