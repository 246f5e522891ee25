//! `POST /v1/pages/{slug}/unpublish`: takes back what is published of a page.

use shared::accounts::Language;
use shared::api::prelude::*;
use shared::content::PageSlug;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What to take back.
#[derive(Deserialize, ToSchema)]
pub struct UnpublishPageRequest {
    /// In which language; in all where it is absent.
    #[schema(value_type = Option<Language>)]
    locale: Option<Field<Language>>,
}

struct Command(Option<Language>);

impl TryFrom<UnpublishPageRequest> for Command {
    type Error = FieldErrors;

    fn try_from(body: UnpublishPageRequest) -> Result<Self, FieldErrors> {
        body.locale.optional("locale").map(Self)
    }
}

/// Takes back what is published of a page, and calls off what is to be. Its versions stay. Caches show it for a minute more;
/// the assistant and lists for some seconds.
///
/// # Errors
/// 404; 409 `version_moved`.
#[utoipa::path(post, path = "/v1/pages/{slug}/unpublish", tag = "Content",
    params(("slug" = String, Path, description = "The page's name in URLs")),
    request_body = UnpublishPageRequest,
    responses((status = 204, description = "It is not published"),
              (status = 409, description = "`version_moved`: it has changed just now")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let slug: PageSlug = request.path("slug")?;
    let Command(locale) = request.json::<UnpublishPageRequest, _>()?;
    app.publishing().unpublish(&request.actor()?, &slug, locale).await?;
    no_content()
}
