// What an operator can set: one struct, from flags, BANTER_… variables and banter.toml, in that
// order.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banter::app {

/// An issuer of OpenID Connect, as OidcClient has it, with the file of the client's secret.
struct OidcConfig {
    std::string name;
    std::string issuer;
    std::string client_id;
    /// Its first line; empty: the client is a public one.
    std::filesystem::path client_secret_file;
    std::vector<std::string> scopes{"profile"};
};

struct Config {
    std::string listen = "127.0.0.1:8080";
    std::filesystem::path data = "data";
    /// "sqlite:PATH", "postgresql://…", or empty: banter.db in the data directory.
    std::string database;
    /// "redis://…" or "rediss://…"; empty: no other node is told anything.
    std::string redis;
    /// The origin that browsers see, such as "https://chat.example.com"; empty: the listened
    /// address.
    std::string public_url;
    std::vector<std::string> allowed_origins;
    /// Networks and addresses of the reverse proxies in front of the server.
    std::vector<std::string> trusted_proxies;
    /// "open", "invite", "closed"; empty: open if loopback_only(), else invite.
    std::string sign_up;
    /// The Frontend API URL of a Clerk instance, such as "https://clerk.example.com"; empty: none.
    std::string clerk_issuer;
    /// Of the same instance, as its scripts want it ("pk_live_…"); empty: the web app knows nothing
    /// of Clerk.
    std::string clerk_publishable_key;
    /// Its public key in PEM; empty: its keys are asked for over HTTPS.
    std::filesystem::path clerk_jwt_key_file;
    /// Secrets of its web hooks, one a line; empty: those are not taken.
    std::filesystem::path clerk_webhook_secret_file;
    /// Its secret key; empty: it is not asked for its users.
    std::filesystem::path clerk_secret_key_file;
    /// Where that is asked.
    std::string clerk_api = "https://api.clerk.com";
    /// Origins of the pages whose tokens are taken; none: all.
    std::vector<std::string> clerk_authorized_parties;
    /// "default" or "refuse".
    std::string clerk_personal = "default";
    /// Each name and each issuer once.
    std::vector<OidcConfig> oidc;
    /// 0: the cores that the process may use.
    std::size_t shards = 0;
    double limit_sends = 50;
    double limit_requests = 100;
    std::uint32_t limit_failed_tokens = 10;
    /// "disk:PATH", "s3://BUCKET/…", or empty: files in the data directory.
    std::string files;
    /// Whether a bucket that has the files of another installation is used all the same.
    bool files_take_over = false;
    /// In the form of ~/.aws/credentials; empty: the environment has the key.
    std::filesystem::path s3_credentials_file;
    /// The origin under which this server gives files out, if it is another than its own.
    std::string files_origin;
    /// The CloudFront distribution in front of the bucket, such as "https://d111.cloudfront.net";
    /// empty: this server gives files out itself.
    std::string cdn;
    std::string cdn_key_pair_id;
    std::filesystem::path cdn_key_file;
    /// "sha1" or "sha256".
    std::string cdn_hash = "sha1";
    /// Patterns of media types; no allowed ones: all.
    std::vector<std::string> files_allow;
    std::vector<std::string> files_deny;
    /// ADDRESS:PORT, or the path of a socket; empty: files aren't looked through.
    std::string clamd;
    std::uint64_t limit_file_bytes = std::uint64_t{5} << 30;
    /// 0: no limit.
    std::uint64_t limit_user_file_bytes = 0;
    std::uint64_t limit_total_file_bytes = 0;
    /// Of a user, on a shard, at the same time; 0: no limit.
    std::size_t limit_uploads = 10;
    /// Files that are in no message are removed after so long.
    std::chrono::seconds files_unlinked_for{24 * 3600};
    std::size_t cache_mebibytes = 64;
    std::chrono::milliseconds drain_within{15'000};
    std::filesystem::path metrics_token_file;
    std::string log_level = "info";
    /// Whether a crash may leave what is in memory in a file.
    bool core_dumps = false;

    /// Whether it is a server's, and no file of this machine.
    [[nodiscard]] bool database_on_server() const;
    /// Of a database that is a file.
    [[nodiscard]] std::filesystem::path database_path() const;
    /// Where files lie on this machine; nothing if they lie in a bucket.
    [[nodiscard]] std::optional<std::filesystem::path> files_path() const;
    /// Whether only this machine can reach it: it listens on loopback, names no proxy through which
    /// others come, and no other host as the one that browsers see.
    [[nodiscard]] bool loopback_only() const;
};

/// One line of the configuration: everything that is known of an option is known from here.
struct Option {
    std::string_view name;  // "limit-sends"; BANTER_LIMIT_SENDS; limit-sends in banter.toml
    /// Empty: it is a flag, and without a value it says "true".
    std::string_view value_name;
    std::string_view help;
    /// Sets the field; returns what is wrong with the value, or nothing.
    std::string (*set)(Config&, const std::string& value);
    std::string (*show)(const Config&);
    /// It counts for one start. The file and the environment may not say it, as they say the same
    /// at the next one.
    bool only_flag = false;
    /// Between the parts of a list, which a flag that is given several times is too. Zero: such a
    /// flag is refused, and lists have commas.
    char separator = 0;
};

[[nodiscard]] const std::vector<Option>& options();

/// What was asked for on the command line.
struct Invocation {
    std::string command = "serve";
    Config config;
    // banter token
    std::string subject;
    std::size_t count = 0;
    std::chrono::seconds ttl{3600};
    /// banter backup, banter restore
    std::filesystem::path file;
    /// Everything that is wrong, a sentence each; nothing may be started unless it is empty.
    std::vector<std::string> problems;
    /// Set by --help: to be printed, and then to exit with success.
    std::optional<std::string> help;
};

/// environment: "NAME=value" strings, as in environ.
[[nodiscard]] Invocation parse_invocation(
    const std::vector<std::string>& arguments,
    const std::vector<std::string>& environment
);

/// The known name that is nearest to `name` by edit distance; empty if none is near.
[[nodiscard]] std::string nearest(std::string_view name, const std::vector<std::string>& known);

/// "90s", "15m", "2h", "30d", or seconds.
[[nodiscard]] std::optional<std::chrono::seconds> parse_duration(std::string_view text);

/// "512", "64K", "20M", "5G", "2T": bytes, with powers of 1,024.
[[nodiscard]] std::optional<std::uint64_t> parse_bytes(std::string_view text);

}  // namespace banter::app
