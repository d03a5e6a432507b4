#include "service/checked_signatures.hpp"

#include <algorithm>
#include <cstring>

namespace banter::service {

bool CheckedSignatures::Marks::contains(const Mark& mark) const {
    const auto& chunk = chunks_[mark[0] % chunks_.size()];
    if (chunk == nullptr) return false;
    const Bucket& bucket = (*chunk)[mark[0] / chunks_.size() % chunk->size()];
    return std::ranges::find(bucket, mark) != bucket.end();
}

void CheckedSignatures::Marks::add(const Mark& mark) {
    auto& chunk = chunks_[mark[0] % chunks_.size()];
    if (chunk == nullptr) chunk = std::make_unique<Chunk>();
    Bucket& bucket = (*chunk)[mark[0] / chunks_.size() % chunk->size()];
    std::shift_right(bucket.begin(), bucket.end(), 1);
    bucket.front() = mark;
}

CheckedSignatures::CheckedSignatures(const Loops& loops, metrics::Counter& checks)
    : known_(loops, [](std::size_t) { return std::make_unique<Known>(); }), checks_(checks) {}

bool CheckedSignatures::is_signed_by(
    const VerificationKey& key,
    std::string_view signed_text,
    std::string_view signature,
    std::size_t loop
) {
    const Mark mark = mark_of(key, signed_text, signature);
    Known& here = known_.local(loop);
    if (here.right.contains(mark)) return true;
    if (here.wrong.contains(mark)) return false;
    checks_.add();
    if (!key.verifies(signed_text, signature)) {
        here.wrong.add(mark);
        return false;
    }
    for (std::size_t each = 0; each < known_.size(); ++each) {
        if (each == loop) {
            here.right.add(mark);
        } else {
            known_.post(each, [mark](Known& there) { there.right.add(mark); });
        }
    }
    return true;
}

CheckedSignatures::Mark CheckedSignatures::mark_of(
    const VerificationKey& key,
    std::string_view signed_text,
    std::string_view signature
) {
    const Digest digest =
        Sha256().bytes(key.fingerprint()).text(signed_text).text(signature).finish();
    Mark mark;
    std::memcpy(mark.data(), digest.data(), sizeof mark);
    return mark;
}

}  // namespace banter::service
