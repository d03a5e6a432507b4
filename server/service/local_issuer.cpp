#include "service/local_issuer.hpp"

#include "base/encoding.hpp"
#include "service/es256.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace banter::service {

namespace {

std::string header_of(const std::string& key_id) {
    return base64url(R"({"alg":"ES256","typ":"JWT","kid":")" + key_id + R"("})");
}

std::string jwks_of(const Es256PublicKey& key, const std::string& key_id) {
    return R"({"keys":[{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":")" + key_id +
           R"(","x":")" + key.x() + R"(","y":")" + key.y() + R"("}]})";
}

std::int64_t seconds_of(Timestamp time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace

struct LocalIssuer::Key {
    explicit Key(const std::string& pem)
        : private_key(pem),
          public_key(private_key.public_key()),
          id(public_key->thumbprint()),
          header(header_of(id)),
          jwks(jwks_of(*public_key, id)) {}

    Es256PrivateKey private_key;
    std::shared_ptr<const Es256PublicKey> public_key;
    std::string id;
    /// The encoded first part of every token.
    std::string header;
    std::string jwks;
};

std::string LocalIssuer::make_key() { return Es256PrivateKey::make_pem(); }

LocalIssuer::LocalIssuer(const std::string& private_key_pem)
    : key_(std::make_shared<const Key>(private_key_pem)) {}

LocalIssuer::~LocalIssuer() = default;

std::string LocalIssuer::sign(const TokenRequest& request) const {
    boost::json::object claims;
    claims["iss"] = issuer_name;
    claims["sub"] = request.subject;
    if (request.sign_in) claims["sid"] = request.sign_in->text();
    claims["iat"] = seconds_of(request.issued_at);
    claims["exp"] = seconds_of(request.expires_at);
    std::string token = key_->header + "." + base64url(boost::json::serialize(claims));
    const std::string signature = key_->private_key.sign(token);
    token += '.';
    token += base64url(signature);
    return token;
}

const std::string& LocalIssuer::jwks() const { return key_->jwks; }

MacKey LocalIssuer::derive_key(std::string_view purpose) const {
    return key_->private_key.derive(purpose);
}

Issuer LocalIssuer::issuer() const {
    auto find_key = [key = key_](std::string_view key_id) {
        return key_id == key->id ? std::shared_ptr<const VerificationKey>(key->public_key)
                                 : nullptr;
    };
    return {.name = std::string(issuer_name), .find_key = std::move(find_key)};
}

}  // namespace banter::service
