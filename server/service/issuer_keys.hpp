// The keys of an issuer elsewhere, as it published them last: every loop finds them at once, one
// loop asks for them.
#pragma once

#include "base/clock.hpp"
#include "base/sharded.hpp"
#include "base/task.hpp"
#include "service/key_set.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace banter::service {

class IssuerKeys {
public:
    /// The text of the key set, or why there is none, for the operator's log. Called on the first
    /// loop, not again before it has ended; it ends by itself.
    using Fetch = std::function<Task<Result<std::string>>()>;

    /// Between two questions for keys that tokens name, and between two that were not answered.
    static constexpr std::chrono::seconds asked_at_most_every{30};
    /// After this the set is asked for even if every key is known: the issuer may have dropped one.
    static constexpr std::chrono::minutes fresh_for{5};
    /// So long keys count of an issuer that does not answer.
    static constexpr std::chrono::hours kept_for{24};

    /// issuer: for the log.
    IssuerKeys(
        const Loops& loops,
        const Clock& clock,
        std::string issuer,
        Fetch fetch,
        KeySetRules rules = {}
    );
    ~IssuerKeys();

    /// On the loop of this index. Null: it is not known now.
    [[nodiscard]] std::shared_ptr<const VerificationKey> find(
        std::size_t loop,
        std::string_view key_id
    );

    /// A token names a key that find did not know: asks the issuer, or waits for who asks already.
    /// Comes back at once if the key has come meanwhile, or if a key was asked for within
    /// asked_at_most_every. On any loop, which knows the answer before it returns.
    [[nodiscard]] Task<> look_for_key(std::string key_id);

    /// Every minute or so, on the first loop: asks if the set is no more fresh, and drops it if it
    /// was kept too long.
    [[nodiscard]] Task<> renew();

private:
    struct Known {
        KeySet keys;
    };

    [[nodiscard]] Task<> look_on_first(std::string key_id);
    [[nodiscard]] Task<> ask();
    [[nodiscard]] Task<> ask_if_due(std::optional<SteadyTime>& last);
    void publish(const KeySet& keys);

    const Loops loops_;
    const Clock& clock_;
    std::string issuer_;
    Fetch fetch_;
    const KeySetRules rules_;
    Sharded<Known> known_;
    // Of the first loop:
    /// For a key that was not known; and because it was time.
    std::optional<SteadyTime> looked_at_;
    std::optional<SteadyTime> renewed_at_;
    std::optional<SteadyTime> answered_at_;
    bool asking_ = false;
    bool away_ = false;
    /// Ends for those who wait when the answer is there.
    Timer answered_;
};

}  // namespace banter::service
