// The URLs of files, made for whoever asks, at the moment when an answer is encoded.
#pragma once

#include "base/clock.hpp"
#include "model/file.hpp"
#include "storage/cdn.hpp"

namespace banter::service {

/// One for each loop.
class FileLinks {
public:
    FileLinks(const storage::Cdn& cdn, const Clock& clock) : cdn_(cdn), clock_(clock) {}

    [[nodiscard]] storage::FileLink to(const model::File& file) const {
        return cdn_.link({file.object, file.name, file.media_type}, clock_.now());
    }
    [[nodiscard]] storage::FileLink to(const model::FileVariant& variant) const {
        return cdn_.link({variant.object, {}, variant.media_type}, clock_.now());
    }

private:
    const storage::Cdn& cdn_;
    const Clock& clock_;
};

}  // namespace banter::service
