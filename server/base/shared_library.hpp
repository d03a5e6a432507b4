// A library that is loaded when it is needed, where linking it in would cost every start.
#pragma once

namespace banter {

/// Stays loaded for as long as the process lives.
class SharedLibrary {
public:
    /// Throws std::runtime_error with a sentence for the operator.
    ///
    /// name     "libcurl.so.4"
    /// package  of Debian, which brings it: "libcurl4"
    SharedLibrary(const char* name, const char* package);

    /// Throws std::runtime_error if it has no such function: it is too old.
    template <typename Function>
    void find(const char* function, Function& found) const {
        found = reinterpret_cast<Function>(address_of(function));
    }

private:
    [[nodiscard]] void* address_of(const char* function) const;
    [[noreturn]] void fail() const;

    const char* name_;
    const char* package_;
    void* library_;
};

}  // namespace banter
