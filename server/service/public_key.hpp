// Public keys from the numbers that others publish.
#pragma once

#include <openssl/param_build.h>
#include <openssl/types.h>

#include <memory>

namespace banter::service {

/// A key of OpenSSL's kind ("RSA", "EC") with these parameters. Null: they are no such key.
[[nodiscard]] std::shared_ptr<EVP_PKEY> make_public_key(const char* kind, OSSL_PARAM_BLD* numbers);

}  // namespace banter::service
