#include "api/http/site.hpp"

namespace banter::api::http {

bool Site::is_to_files_host(const net::http::Request& request) const {
    const std::string* host = request.headers.find("Host");
    return !files_host.empty() && host != nullptr &&
           net::http::equals_ignoring_case(*host, files_host);
}

}  // namespace banter::api::http
