#include "app/s3_credentials.hpp"

#include "app/read_file.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

#include <cstdlib>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace banter::app {

namespace {

namespace fs = std::filesystem;

s3::Credentials read_credentials(const fs::path& file) {
    const std::string text = read_file(file);
    try {
        return parse_credentials(text);
    } catch (const std::runtime_error& failure) {
        throw std::runtime_error(file.string() + " " + failure.what());
    }
}

std::string from_environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

/// The file as it was when it was read last.
class RenewedCredentials {
public:
    explicit RenewedCredentials(fs::path file) : file_(std::move(file)) {
        changed_at_ = fs::last_write_time(file_);
        credentials_ = read_credentials(file_);
    }

    s3::Credentials operator()() {
        std::error_code failure;
        const auto changed_at = fs::last_write_time(file_, failure);
        if (failure || changed_at == changed_at_) return credentials_;
        try {
            credentials_ = read_credentials(file_);
            changed_at_ = changed_at;
        } catch (const std::runtime_error& unreadable) {
            log::warning("the key for S3 stays the old one", {{"why", unreadable.what()}});
        }
        return credentials_;
    }

private:
    fs::path file_;
    fs::file_time_type changed_at_;
    s3::Credentials credentials_;
};

}  // namespace

s3::Credentials parse_credentials(std::string_view text) {
    s3::Credentials credentials;
    bool counts = true;
    while (!text.empty()) {
        const std::string_view line = trimmed(take_until(text, '\n'));
        if (line.starts_with('[')) {
            const bool has_some = !credentials.key_id.empty() || !credentials.secret.empty();
            if (line == "[default]") credentials = {};
            counts = line == "[default]" || !has_some;
        }
        const std::size_t equals = line.find('=');
        if (!counts || equals == std::string_view::npos || line.starts_with('#')) continue;
        const std::string_view name = trimmed(line.substr(0, equals));
        const std::string value(trimmed(line.substr(equals + 1)));
        if (name == "aws_access_key_id") credentials.key_id = value;
        if (name == "aws_secret_access_key") credentials.secret = value;
        if (name == "aws_session_token") credentials.session_token = value;
    }
    if (credentials.key_id.empty() || credentials.secret.empty()) {
        throw std::runtime_error("has no aws_access_key_id and aws_secret_access_key");
    }
    return credentials;
}

std::function<s3::Credentials()> s3_credentials(const fs::path& file) {
    if (!file.empty()) return RenewedCredentials(file);
    s3::Credentials credentials{
        .key_id = from_environment("AWS_ACCESS_KEY_ID"),
        .secret = from_environment("AWS_SECRET_ACCESS_KEY"),
        .session_token = from_environment("AWS_SESSION_TOKEN"),
    };
    if (credentials.key_id.empty() || credentials.secret.empty()) {
        throw std::runtime_error(
            "files in S3 need a key: set s3-credentials-file, or AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY in the environment"
        );
    }
    return [credentials = std::move(credentials)] { return credentials; };
}

}  // namespace banter::app
