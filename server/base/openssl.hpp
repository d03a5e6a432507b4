// Owners of what OpenSSL makes.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>

#include <memory>

namespace banter::openssl {

/// Lets `release` end the life of what a std::unique_ptr holds.
template <auto release>
struct Release {
    template <typename Held>
    void operator()(Held* held) const {
        release(held);
    }
};

using Bio = std::unique_ptr<BIO, Release<BIO_free>>;
using Digester = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;

}  // namespace banter::openssl
