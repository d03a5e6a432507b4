#include "service/key_set.hpp"

#include "base/encoding.hpp"
#include "model/limits.hpp"
#include "service/es256.hpp"
#include "service/refusals.hpp"
#include "service/rs256.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <optional>

namespace banter::service {

namespace {

namespace json = boost::json;

std::string_view text_of(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    return found != nullptr && found->is_string() ? std::string_view(found->get_string())
                                                  : std::string_view();
}

using Key = std::shared_ptr<const VerificationKey>;

/// Whether the key is one of this type for signatures of this algorithm; what is not said is not
/// against it.
bool is_for(const json::object& key, std::string_view type, std::string_view algorithm) {
    if (text_of(key, "kty") != type) return false;
    if (key.contains("use") && text_of(key, "use") != "sig") return false;
    return !key.contains("alg") || text_of(key, "alg") == algorithm;
}

bool is_for_es256(const json::object& key) {
    return text_of(key, "crv") == "P-256" && is_for(key, "EC", "ES256");
}

Key read_rs256(const json::object& object) {
    const auto modulus = from_base64url(text_of(object, "n"));
    const auto exponent = from_base64url(text_of(object, "e"));
    return modulus && exponent ? Rs256PublicKey::from_numbers(*modulus, *exponent) : nullptr;
}

Key read_es256(const json::object& object) {
    const auto x = from_base64url(text_of(object, "x"));
    const auto y = from_base64url(text_of(object, "y"));
    return x && y ? Es256PublicKey::from_coordinates(*x, *y) : nullptr;
}

/// Nothing: it is malformed. Without a key it is for something else.
std::optional<NamedKey> read_key(const json::object& object, KeySetRules rules) {
    const bool elliptic = rules.elliptic && is_for_es256(object);
    if (!elliptic && !is_for(object, "RSA", "RS256")) return NamedKey{};
    const std::string_view id = text_of(object, "kid");
    const bool named = !id.empty() || (rules.nameless && !object.contains("kid"));
    if (!named || id.size() > model::limits::claim_bytes_max) return std::nullopt;
    Key key = elliptic ? read_es256(object) : read_rs256(object);
    if (key == nullptr) return std::nullopt;
    return NamedKey{std::string(id), std::move(key)};
}

}  // namespace

Result<KeySet> parse_key_set(std::string_view text, KeySetRules rules) {
    if (text.size() > key_set_bytes_max) return bad_request("the key set is too large");
    json::error_code failed;
    json::parse_options options;
    options.max_depth = model::limits::token_depth_max;
    const json::value set = json::parse(text, failed, {}, options);
    const json::value* const listed =
        failed || !set.is_object() ? nullptr : set.get_object().if_contains("keys");
    if (listed == nullptr || !listed->is_array()) return bad_request("it is no JWK set");
    if (listed->get_array().size() > keys_max) return bad_request("the key set has too many keys");
    KeySet keys;
    for (const json::value& each : listed->get_array()) {
        if (!each.is_object()) return bad_request("the key set has a key that is no object");
        auto key = read_key(each.get_object(), rules);
        if (!key) return bad_request("the key set has a key that is malformed or too short");
        if (key->key == nullptr) continue;
        if (find_key(keys, key->id) != nullptr)
            return bad_request("the key set has two keys of one kid");
        keys.push_back(*std::move(key));
    }
    if (keys.empty())
        return bad_request(
            rules.elliptic ? "the key set has no key for RS256 or ES256"
                           : "the key set has no key for RS256"
        );
    return keys;
}

std::shared_ptr<const VerificationKey> find_key(const KeySet& keys, std::string_view id) {
    const auto found = std::ranges::find(keys, id, &NamedKey::id);
    return found == keys.end() ? nullptr : found->key;
}

}  // namespace banter::service
