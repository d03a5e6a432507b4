#include "storage/s3/idle_reads.hpp"

#include <chrono>

namespace banter::s3 {

namespace {

/// Who takes longer for one piece wouldn't notice another request to S3.
constexpr std::chrono::milliseconds idle_min{500};

}  // namespace

bool IdleReads::pause_one(SteadyTime now) {
    if (reads_.empty() || now - reads_.front().since < idle_min) return false;
    IdleRead* const slowest = reads_.front().read;
    reads_.pop_front();
    slowest->pause();
    return true;
}

}  // namespace banter::s3
