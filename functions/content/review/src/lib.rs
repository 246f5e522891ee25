//! `POST /v1/pages/{slug}/{locale}/review`: approves or rejects a version of a page.

use shared::accounts::Language;
use shared::api::prelude::*;
use shared::content::PageSlug;
use shared::content::editing::Verdict;
use shared::content::view::PageVersionView;
use shared::platform::text;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What a reviewer decides.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageDecision {
    /// It may be published.
    Approve,
    /// It may not be published.
    Reject,
}

/// A review.
#[derive(Deserialize, ToSchema)]
pub struct ReviewPageRequest {
    /// The version that was read.
    #[schema(value_type = u32, minimum = 1)]
    version: Field<u32>,
    /// What is decided.
    #[schema(value_type = PageDecision)]
    decision: Field<PageDecision>,
    /// What was checked, or why not.
    #[schema(value_type = Option<String>, max_length = 500)]
    note: Option<Field<String>>,
}

struct Command(Verdict);

impl TryFrom<ReviewPageRequest> for Command {
    type Error = FieldErrors;

    fn try_from(body: ReviewPageRequest) -> Result<Self, FieldErrors> {
        let (version, decision, note) = all((
            body.version.parse("version", |version| match version {
                0 => Err(Invalid::new("out_of_range", wording::field::at_least(1))),
                version => Ok(u64::from(version)),
            }),
            body.decision.value("decision"),
            body.note.parse_optional("note", |note| text::paragraph(&note, 500)),
        ))?;
        Ok(Self(Verdict { version, approve: matches!(decision, PageDecision::Approve), note }))
    }
}

/// Decides on the latest version of a page, which somebody else wrote. Articles, faqs and leaflets are published only when
/// they are approved.
///
/// # Errors
/// 400 for fields that are not valid; 403 `own_page`; 404; 409 `version_moved` or `already_reviewed`.
#[utoipa::path(post, path = "/v1/pages/{slug}/{locale}/review", tag = "Content",
    params(("slug" = String, Path, description = "The page's name in URLs"),
           ("locale" = Language, Path, description = "The language")),
    request_body = ReviewPageRequest,
    responses((status = 200, body = PageVersionView), (status = 403, description = "`own_page`"),
              (status = 409, description = "`version_moved` or `already_reviewed`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let slug: PageSlug = request.path("slug")?;
    let locale: Language = request.path("locale")?;
    let Command(verdict) = request.json::<ReviewPageRequest, _>()?;
    let reviewed = app.editing().review(&request.actor()?, &slug, locale, verdict).await?;
    let view = PageVersionView::new(&reviewed, &[], app.today()?, &app.config().media_base_url);
    Ok(ok(&view)?.version(reviewed.version))
}
