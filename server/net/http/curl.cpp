#include "net/http/curl.hpp"

#include "base/shared_library.hpp"

#include <stdexcept>
#include <string>

namespace banter::net::http {

namespace {

CurlLibrary load() {
    const SharedLibrary library("libcurl.so.4", "libcurl4");
    CurlLibrary found{};
    library.find("curl_global_init", found.global_init);
    library.find("curl_easy_init", found.easy_init);
    library.find("curl_easy_cleanup", found.easy_cleanup);
    library.find("curl_easy_setopt", found.easy_setopt);
    library.find("curl_easy_getinfo", found.easy_getinfo);
    library.find("curl_easy_pause", found.easy_pause);
    library.find("curl_easy_strerror", found.easy_strerror);
    library.find("curl_slist_append", found.slist_append);
    library.find("curl_slist_free_all", found.slist_free_all);
    library.find("curl_multi_init", found.multi_init);
    library.find("curl_multi_cleanup", found.multi_cleanup);
    library.find("curl_multi_setopt", found.multi_setopt);
    library.find("curl_multi_add_handle", found.multi_add_handle);
    library.find("curl_multi_remove_handle", found.multi_remove_handle);
    library.find("curl_multi_socket_action", found.multi_socket_action);
    library.find("curl_multi_info_read", found.multi_info_read);
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
