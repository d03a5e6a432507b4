// Objects are known by the keys that messages and files name.
#pragma once

#include "model/object_key.hpp"

namespace banter::storage {

using model::ObjectKey;

}  // namespace banter::storage
