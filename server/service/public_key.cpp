#include "service/public_key.hpp"

#include "base/check.hpp"
#include "base/openssl.hpp"

#include <openssl/err.h>

namespace banter::service {

std::shared_ptr<EVP_PKEY> make_public_key(const char* kind, OSSL_PARAM_BLD* numbers) {
    const openssl::Parameters parameters(OSSL_PARAM_BLD_to_param(numbers));
    const openssl::Context context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
    CHECK(parameters != nullptr && context != nullptr);
    CHECK(EVP_PKEY_fromdata_init(context.get()) == 1);
    EVP_PKEY* made = nullptr;
    const int done = EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get());
    std::shared_ptr<EVP_PKEY> key(made, EVP_PKEY_free);
    ERR_clear_error();
    if (done != 1) key.reset();
    return key;
}

}  // namespace banter::service
