#include "api/wire/clerk_hooks.hpp"

#include "api/wire/clerk_users.hpp"
#include "api/wire/json.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <utility>

namespace banter::api::wire {

namespace {

namespace json = boost::json;
using service::ClerkEvent;

Error no_event(const char* detail) { return {Errc::bad_request, detail, {}}; }

Result<ClerkEvent> read_user(const json::object& data) {
    auto user = read_clerk_user(data);
    if (!user) return no_event("data: id and updated_at of the user");
    return ClerkEvent(*std::move(user));
}

Result<ClerkEvent> read_user_end(const json::object& data) {
    auto subject = clerk_id_of(data, "id");
    if (!subject) return no_event("data: id of the user");
    return ClerkEvent(service::ClerkUserEnd{*std::move(subject)});
}

Result<ClerkEvent> read_session_end(const json::object& data) {
    auto session = clerk_id_of(data, "id");
    auto subject = clerk_id_of(data, "user_id");
    if (!session || !subject) return no_event("data: id and user_id of the session");
    return ClerkEvent(service::ClerkSessionEnd{*std::move(subject), *std::move(session)});
}

Result<ClerkEvent> read_organization(const json::object& data) {
    auto id = clerk_id_of(data, "id");
    const auto updated_at = clerk_time_of(data, "updated_at");
    if (!id || !updated_at) return no_event("data: id and updated_at of the organization");
    service::ClerkOrganization organization;
    organization.id = *std::move(id);
    organization.name = clerk_text_of(data, "name");
    organization.slug = clerk_text_of(data, "slug");
    organization.updated_at = *updated_at;
    return ClerkEvent(std::move(organization));
}

Result<ClerkEvent> read_organization_end(const json::object& data) {
    auto id = clerk_id_of(data, "id");
    if (!id) return no_event("data: id of the organization");
    return ClerkEvent(service::ClerkOrganizationEnd{*std::move(id)});
}

Result<ClerkEvent> read_member(const json::object& data) {
    auto member = read_clerk_member(data);
    if (!member) {
        return no_event(
            "data: organization.id, public_user_data.user_id, role and updated_at of the membership"
        );
    }
    return ClerkEvent(*std::move(member));
}

/// What comes is the membership as it last was: only the event says when it ended.
Result<ClerkEvent> read_member_end(const json::object& event, const json::object& data) {
    auto whose = read_clerk_membership(data);
    if (!whose) return no_event("data: organization.id and public_user_data.user_id");
    const auto at = clerk_time_of(event, "timestamp");
    if (!at) return no_event("an event of an end has a timestamp");
    service::ClerkMemberEnd end;
    end.organization = std::move(whose->organization);
    end.subject = std::move(whose->subject);
    end.at = *at;
    return ClerkEvent(std::move(end));
}

Result<ClerkEvent> read_of_organization(
    std::string_view type,
    const json::object& event,
    const json::object& data
) {
    if (type == "organization.created" || type == "organization.updated")
        return read_organization(data);
    if (type == "organization.deleted") return read_organization_end(data);
    if (type == "organizationMembership.created" || type == "organizationMembership.updated")
        return read_member(data);
    if (type == "organizationMembership.deleted") return read_member_end(event, data);
    return ClerkEvent();
}

}  // namespace

Result<ClerkEvent> read_clerk_hook(std::string_view body) {
    const Json text(without_depths(body));
    // What makes a client's text ambiguous does no harm in what an issuer has signed.
    const json::object* const event = text.object();
    if (event == nullptr) return no_event("the body is no object in JSON");
    const auto type = clerk_text_of(*event, "type");
    const json::object* const data = clerk_object_in(*event, "data");
    if (!type || data == nullptr) return no_event("an event has type and data");
    if (*type == "user.created" || *type == "user.updated") return read_user(*data);
    if (*type == "user.deleted") return read_user_end(*data);
    if (*type == "session.ended" || *type == "session.removed" || *type == "session.revoked")
        return read_session_end(*data);
    return read_of_organization(*type, *event, *data);
}

}  // namespace banter::api::wire
