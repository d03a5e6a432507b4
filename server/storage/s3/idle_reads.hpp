// Readers of objects that nobody asks for bytes now: their requests to S3 may be ended for others,
// as they can ask for what is left again. So a few hundred slow downloads hold nobody up.
#pragma once

#include "base/clock.hpp"

#include <list>

namespace banter::s3 {

class IdleRead {
public:
    /// Ends its request.
    virtual void pause() = 0;

protected:
    ~IdleRead() = default;
};

/// Of one loop.
class IdleReads {
public:
    void add(IdleRead& read, SteadyTime now) { reads_.push_back({&read, now}); }
    /// It may not be among them.
    void remove(const IdleRead& read) {
        reads_.remove_if([&](const Entry& entry) { return entry.read == &read; });
    }

    /// Pauses the one that has been idle for longest, if that is long enough for a client to be
    /// called slow. False: none was.
    [[nodiscard]] bool pause_one(SteadyTime now);

private:
    struct Entry {
        IdleRead* read;
        SteadyTime since;
    };

    /// In the order of `since`; as many as a client has calls, so they are just looked through.
    std::list<Entry> reads_;
};

}  // namespace banter::s3
