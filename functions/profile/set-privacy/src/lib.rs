//! `PUT /v1/profile/privacy`: sets who may see the caller's profile.

use std::collections::BTreeSet;

use shared::accounts::{Group, Privacy, PrivacyView, SharedWith, Visibility};
use shared::api::prelude::*;
use shared::platform::ids::UserId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Who may see the profile.
#[derive(Deserialize, ToSchema)]
pub struct SetPrivacyRequest {
    /// `private`: nobody; `public`: everybody; `shared`: those in `shared_with`.
    #[schema(value_type = Visibility)]
    visibility: Field<Visibility>,
    /// With `shared`: with whom. Otherwise it is not kept.
    #[schema(value_type = Option<ShareWithRequest>)]
    shared_with: Option<Field<ShareWithRequest>>,
}

/// People and groups; neither or both may be left out.
#[derive(Deserialize, ToSchema)]
pub struct ShareWithRequest {
    /// People, by their ids. Whether they exist is not looked at.
    #[schema(value_type = Option<Vec<String>>, max_items = 50)]
    users: Option<Field<Vec<Field<String>>>>,
    /// Roles of those who work here.
    #[schema(value_type = Option<Vec<Group>>)]
    groups: Option<Field<Vec<Field<Group>>>>,
}

impl TryFrom<SetPrivacyRequest> for Privacy {
    type Error = FieldErrors;

    fn try_from(body: SetPrivacyRequest) -> Result<Self, FieldErrors> {
        let shared_with = match body.shared_with {
            None | Some(Field::Missing) => Ok(SharedWith::default()),
            Some(field) => field.nested("shared_with", ShareWithRequest::check),
        };
        let (visibility, shared_with) = all((body.visibility.value("visibility"), shared_with))?;
        Ok(Self::new(visibility, shared_with))
    }
}

impl ShareWithRequest {
    fn check(self) -> Result<SharedWith, FieldErrors> {
        let (users, groups) = all((
            list(self.users, "users", |id| id.parse("", |text| UserId::parse(&text))),
            list(self.groups, "groups", |group| group.value("")),
        ))?;
        SharedWith::new(users, groups)
    }
}

/// A list that may be left out, each member once.
fn list<T, U: Ord>(
    field: Option<Field<Vec<Field<T>>>>,
    name: &str,
    parse: impl Fn(Field<T>) -> Result<U, FieldErrors>,
) -> Result<BTreeSet<U>, FieldErrors> {
    match field {
        None | Some(Field::Missing) => Ok(BTreeSet::new()),
        Some(field) => field.nested(name, |items| Ok(each(items, parse)?.into_iter().collect())),
    }
}

/// Sets who may see the caller's profile, in place of what was set before.
///
/// # Errors
/// 404 without a profile; 412 `version_mismatch`.
#[utoipa::path(put, path = "/v1/profile/privacy", tag = "Profile",
    params(("If-Match" = Option<String>, Header, description = "The version that is meant")),
    request_body = SetPrivacyRequest,
    responses((status = 200, body = PrivacyView), (status = 404, description = "`not_found`, once the account is erased"),
              (status = 412, description = "`version_mismatch`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let privacy: Privacy = request.json::<SetPrivacyRequest, _>()?;
    let profile = app.profiles().set_privacy(&caller.user, &request.precondition()?, privacy).await?;
    let version = profile.version;
    Ok(ok(&PrivacyView::from(profile))?.version(version))
}
