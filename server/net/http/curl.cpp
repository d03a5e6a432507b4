#include "net/http/curl.hpp"

#include <dlfcn.h>

#include <stdexcept>
#include <string>

namespace banter::net::http {

namespace {

constexpr const char* library_name = "libcurl.so.4";

[[noreturn]] void fail() {
    const char* why = ::dlerror();
    throw std::runtime_error(
        std::string("can't load ") + library_name +
        ", of Debian's package libcurl4: " + (why == nullptr ? "it is too old" : why)
    );
}

template <typename Function>
void find(void* library, const char* name, Function& function) {
    function = reinterpret_cast<Function>(::dlsym(library, name));
    if (function == nullptr) fail();
}

CurlLibrary load() {
    void* library = ::dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) fail();
    CurlLibrary found{};
    find(library, "curl_global_init", found.global_init);
    find(library, "curl_easy_init", found.easy_init);
    find(library, "curl_easy_cleanup", found.easy_cleanup);
    find(library, "curl_easy_setopt", found.easy_setopt);
    find(library, "curl_easy_getinfo", found.easy_getinfo);
    find(library, "curl_easy_pause", found.easy_pause);
    find(library, "curl_easy_strerror", found.easy_strerror);
    find(library, "curl_slist_append", found.slist_append);
    find(library, "curl_slist_free_all", found.slist_free_all);
    find(library, "curl_multi_init", found.multi_init);
    find(library, "curl_multi_cleanup", found.multi_cleanup);
    find(library, "curl_multi_setopt", found.multi_setopt);
    find(library, "curl_multi_add_handle", found.multi_add_handle);
    find(library, "curl_multi_remove_handle", found.multi_remove_handle);
    find(library, "curl_multi_socket_action", found.multi_socket_action);
    find(library, "curl_multi_info_read", found.multi_info_read);
    const CURLcode begun = found.global_init(CURL_GLOBAL_ALL);
    if (begun != CURLE_OK) {
        throw std::runtime_error(std::string("libcurl: ") + found.easy_strerror(begun));
    }
    return found;
}

}  // namespace

const CurlLibrary& curl() {
    static const CurlLibrary library = load();
    return library;
}

}  // namespace banter::net::http
