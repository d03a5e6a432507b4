#include "base/shared_library.hpp"

#include <dlfcn.h>

#include <stdexcept>
#include <string>

namespace banter {

SharedLibrary::SharedLibrary(const char* name, const char* package)
    : name_(name), package_(package), library_(::dlopen(name, RTLD_NOW | RTLD_LOCAL)) {
    if (library_ == nullptr) fail();
}

void* SharedLibrary::address_of(const char* function) const {
    void* found = ::dlsym(library_, function);
    if (found == nullptr) fail();
    return found;
}

void SharedLibrary::fail() const {
    const char* why = ::dlerror();
    throw std::runtime_error(
        std::string("can't load ") + name_ + ", of Debian's package " + package_ + ": " +
        (why == nullptr ? "it is too old" : why)
    );
}

}  // namespace banter
