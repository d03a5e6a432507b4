#include "service/passwords.hpp"

#include "base/check.hpp"
#include "base/result.hpp"
#include "model/limits.hpp"
#include "model/text.hpp"

#include <sodium/core.h>
#include <sodium/crypto_pwhash.h>

#include <array>

namespace banter::service {

namespace {

constexpr unsigned long long passes = 2;
constexpr std::size_t memory_bytes = 19 * 1024 * 1024;

/// May be called from several operating-system threads at once; only the first call works.
void start_sodium() { CHECK(sodium_init() >= 0); }

}  // namespace

bool is_password(const std::string& text) {
    namespace limits = model::limits;
    return text.size() >= limits::password_bytes_min && text.size() <= limits::password_bytes_max &&
           model::is_storable_text(text);
}

std::string hash_password(const std::string& password) {
    start_sodium();
    std::array<char, crypto_pwhash_STRBYTES> text;
    const int failed = crypto_pwhash_str_alg(
        text.data(),
        password.data(),
        password.size(),
        passes,
        memory_bytes,
        crypto_pwhash_ALG_ARGON2ID13
    );
    if (failed != 0) throw StorageFailure(Errc::busy, "no memory to hash a password");
    return text.data();
}

bool password_matches(const std::string& hash, const std::string& password) {
    start_sodium();
    password_verifications().add();
    return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

const std::string& nobodys_hash() {
    static const std::string hash =
        "$argon2id$v=19$m=19456,t=2,p=1$ssD6EWOkkHf1W2fWjNMQ2A$yHM/L+lk6ladYMxe84qiDq/"
        "PfbaaGqZm4P5Obmc/I7E";
    return hash;
}

metrics::Counter& password_verifications() {
    static metrics::Counter counter;
    return counter;
}

}  // namespace banter::service
