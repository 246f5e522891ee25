//! `GET /v1/inventory`: what there is of each product, how long it lasts, what to order.

use shared::api::prelude::*;
use shared::catalog::inventory::{InventoryFilter, InventoryItem, ListInventory};
use shared::catalog::{Manager, Place};
use shared::platform::signing::KeyRing;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// How soon `expiring` is, and for how long `dead` has been, where nobody says.
const WITHIN_DAYS: i64 = 90;

/// Which products.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InventoryQuery {
    /// `low`: to be ordered; `expiring`: with units that expire within `within_days`; `expired`; `quarantined`: with units
    /// that are set aside; `dead`: nothing was sold for `within_days`. All products without it.
    #[param(value_type = Option<String>, example = "low", pattern = "^(low|expiring|expired|quarantined|dead)$")]
    filter: Option<Field<String>>,
    /// 1 to 3650, 90 by default; what was sold is known for 90 days.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 3650)]
    within_days: Option<Field<String>>,
    /// 1 to 100, 20 by default.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<Field<String>>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Field<String>>,
}

/// What a list is called, so that a cursor serves that one alone.
fn name(filter: Option<InventoryFilter>, within_days: i64) -> String {
    format!("inventory {filter:?} {within_days}")
}

impl InventoryQuery {
    fn check(self, keys: &KeyRing) -> Result<ListInventory, FieldErrors> {
        let paging = PageQuery { limit: self.limit, cursor: self.cursor };
        let filters = all((
            self.filter.parse_optional("filter", InventoryFilter::parse),
            self.within_days.parse_optional("within_days", |text| {
                let days = text.parse().ok().filter(|days| (1..=3650).contains(days));
                days.ok_or_else(|| Invalid::new("out_of_range", wording::field::between(1, 3650)))
            }),
        ));
        let (filter, within_days) = match filters {
            Ok(filters) => filters,
            Err(mut errors) => {
                // A cursor can only be read when it is known which list it should belong to.
                errors.extend(PageQuery { cursor: None, ..paging }.check("", keys).err().unwrap_or_default());
                return Err(errors);
            }
        };
        let within_days = within_days.unwrap_or(WITHIN_DAYS);
        let page = paging.check(&name(filter, within_days), keys)?;
        let after = page.after.as_deref().and_then(Place::parse);
        Ok(ListInventory { filter, within_days, limit: page.limit, after })
    }
}

/// What there is of each product: units, how long they last, what to order, and the lots. A page may hold fewer than
/// `limit` and still have a `next_cursor`. A seller sees their own products.
///
/// # Errors
/// 400 for parameters that are not valid.
#[utoipa::path(get, path = "/v1/inventory", tag = "Catalogue", params(InventoryQuery),
    responses((status = 200, body = Page<InventoryItem>)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let manager = Manager::of(request.caller()?, Permission::ManageStock)?;
    let keys = app.signing_keys()?;
    let list = request.query_with(|query: InventoryQuery| query.check(&keys))?;
    let (items, next) = app.inventory().list(&manager, &list).await?;
    let name = name(list.filter, list.within_days);
    let next_cursor = next.map(|place| seal(&place.to_string(), &name, &keys));
    ok(&Page::<InventoryItem> { items, next_cursor })
}
