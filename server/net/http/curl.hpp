// libcurl, loaded when it is first needed: linked in, it and the thirty libraries behind it would
// cost every start of the server some 8 ms and 4 MiB.
#pragma once

#include <curl/curl.h>

namespace banter::net::http {

/// The functions of libcurl that are used, as its header declares them.
struct CurlLibrary {
    decltype(&curl_global_init) global_init;
    decltype(&curl_easy_init) easy_init;
    decltype(&curl_easy_cleanup) easy_cleanup;
    decltype(&curl_easy_setopt) easy_setopt;
    decltype(&curl_easy_getinfo) easy_getinfo;
    decltype(&curl_easy_pause) easy_pause;
    decltype(&curl_easy_strerror) easy_strerror;
    decltype(&curl_slist_append) slist_append;
    decltype(&curl_slist_free_all) slist_free_all;
    decltype(&curl_multi_init) multi_init;
    decltype(&curl_multi_cleanup) multi_cleanup;
    decltype(&curl_multi_setopt) multi_setopt;
    decltype(&curl_multi_add_handle) multi_add_handle;
    decltype(&curl_multi_remove_handle) multi_remove_handle;
    decltype(&curl_multi_socket_action) multi_socket_action;
    decltype(&curl_multi_info_read) multi_info_read;
};

/// Loads it at the first call, which blocks for some milliseconds; it stays for the life of the
/// process. Throws std::runtime_error with what to install.
[[nodiscard]] const CurlLibrary& curl();

}  // namespace banter::net::http
