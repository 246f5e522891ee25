//! `POST /v1/orders/{id}/transitions`: the staff moves an order along.

use shared::api::prelude::*;
use shared::catalog::lots::LotRef;
use shared::orders::cart::MAX_LINES;
use shared::orders::status::Status;
use shared::orders::view::OrderView;
use shared::orders::{MAX_SCANS, NamedLot, Orders, Packing, Transition};
use shared::platform::ids::{OrderId, ProductId};
use shared::platform::text;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle).knows_rules();

/// A step.
#[derive(Deserialize, ToSchema)]
pub struct TransitionRequest {
    /// The state that the order shall come to.
    #[schema(value_type = Status)]
    to: Field<String>,
    /// For the history, at most 500 characters.
    note: Option<Field<String>>,
    /// The carrier's number or link, at most 200 characters.
    tracking: Option<Field<String>>,
    /// When it is packed: the lots of some products, at most 100. Of the others those that expire first are taken.
    #[schema(value_type = Option<Vec<NamedLotRequest>>, max_items = 100)]
    lots: Option<Field<Vec<NamedLotRequest>>>,
    /// When it is packed: the GS1 codes of packs, as the scanner sends them or in brackets, at most 30.
    #[schema(value_type = Option<Vec<String>>, max_items = 30, example = json!(["(01)09506000134352(17)280131(10)A1(21)S7"]))]
    scans: Option<Field<Vec<String>>>,
    /// Products that the pharmacist leaves out of the order, at most 50; with `verified` alone.
    #[schema(value_type = Option<Vec<String>>, max_items = 50)]
    reject: Option<Field<Vec<String>>>,
}

/// A lot that whoever packs has taken.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NamedLotRequest {
    /// Of which product.
    #[schema(value_type = String)]
    product_id: Field<String>,
    /// Which lot, or `unlotted`.
    #[schema(value_type = String)]
    lot_id: Field<String>,
    /// How many packs.
    #[schema(value_type = u32, minimum = 1)]
    quantity: Field<u32>,
}

/// The most lots that can be named.
const MAX_LOTS: usize = 100;

impl NamedLotRequest {
    fn check(self) -> Result<NamedLot, FieldErrors> {
        let (product_id, lot_id, quantity) = all((
            self.product_id.parse("product_id", |id| ProductId::parse(&id)),
            self.lot_id.parse("lot_id", |id| LotRef::parse(&id)),
            self.quantity.parse("quantity", |packs| match packs {
                0 => Err(Invalid::new("out_of_range", wording::field::at_least(1))),
                packs => Ok(packs),
            }),
        ))?;
        Ok(NamedLot { product_id, lot_id, quantity })
    }
}

fn few<T>(items: Vec<T>, most: usize) -> Result<Vec<T>, Invalid> {
    if items.len() > most { Err(Invalid::new("too_many", wording::field::at_most(most))) } else { Ok(items) }
}

/// What only a parcel that is being packed can be told.
fn packing(to: Status, lots: Option<Vec<NamedLot>>, scans: Option<Vec<String>>) -> Result<Packing, FieldErrors> {
    let mut errors = FieldErrors::new();
    for (given, name) in [(lots.is_some(), "lots"), (scans.is_some(), "scans")] {
        if given && to != Status::Packed {
            errors.push(Invalid::new("not_here", wording::orders::only_when_packed()).at(name));
        }
    }
    let packing = Packing { lots: lots.unwrap_or_default(), scans: scans.unwrap_or_default() };
    if errors.is_empty() { Ok(packing) } else { Err(errors) }
}

struct Step(Transition);

impl TryFrom<TransitionRequest> for Step {
    type Error = FieldErrors;

    fn try_from(body: TransitionRequest) -> Result<Self, FieldErrors> {
        let lots = match body.lots {
            None | Some(Field::Missing) => Ok(None),
            Some(lots) => {
                let check = |lots| few(lots, MAX_LOTS).map_err(|invalid| vec![invalid.at("")]);
                lots.nested("lots", |lots| each(check(lots)?, NamedLotRequest::check)).map(Some)
            }
        };
        let to = body.to.parse("to", Status::parse);
        let verifies = to.as_ref().is_ok_and(|to| *to == Status::Verified);
        let (to, note, tracking, lots, scans, reject) = all((
            to,
            body.note.parse_optional("note", |note| text::paragraph(&note, 500)),
            body.tracking.parse_optional("tracking", |tracking| text::line(&tracking, 200)),
            lots,
            body.scans.parse_optional("scans", |scans| few(scans, MAX_SCANS)),
            products(body.reject),
        ))?;
        if !reject.is_empty() && !verifies {
            return Err(vec![Invalid::new("conflict", wording::orders::only_when_verified()).at("reject")]);
        }
        let packing = packing(to, lots, scans)?;
        Ok(Self(Transition { to, note, tracking, packing, reject }))
    }
}

fn products(reject: Option<Field<Vec<String>>>) -> Result<Vec<ProductId>, FieldErrors> {
    let Some(reject) = reject.optional("reject")? else { return Ok(Vec::new()) };
    if reject.len() > MAX_LINES {
        return Err(vec![Invalid::new("too_many", wording::field::entries_at_most(MAX_LINES)).at("reject")]);
    }
    let read = |ids| each(ids, |id: String| ProductId::parse(&id).map_err(|invalid| vec![invalid.at("")]));
    Field::Present(reject).nested("reject", read)
}

/// Moves an order along. At `verified` and `packed` every prescription medicine in it must be covered by an approved,
/// unexpired prescription that names it as it is today, and nobody does either with their own order. With `reject`, lines are
/// left out at `verified`: their units and fills go back, the rest is priced again, and never costs more than before. An order
/// of which nothing would be left is cancelled.
///
/// # Errors
/// 400 for products at `reject` that the order does not have; 403 `own_order`; 404; 409 `invalid_transition`, `no_suitable_lot`,
/// `serial_packed`, `payment_required`, `payment_not_captured`, `disputed`; 422 `wrong_pack`, `dispensing_refused` with a typed problem for
/// every line.
#[utoipa::path(post, path = "/v1/orders/{id}/transitions", tag = "Orders",
    params(("id" = String, Path, description = "The order"),
           ("If-Match" = Option<String>, Header, description = "The version that is meant")),
    request_body = TransitionRequest,
    responses((status = 200, body = OrderView), (status = 403, description = "`own_order`"), (status = 409, description = "`invalid_transition`; `no_suitable_lot`, with all the lots that were looked at; `serial_packed`; `payment_required`, `payment_not_captured`, `disputed`"),
              (status = 412, description = "`version_mismatch`"), (status = 422, description = "`dispensing_refused`; `wrong_pack`, with every scan that is wrong")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let id: OrderId = request.path("id")?;
    let Step(transition) = request.json::<TransitionRequest, _>()?;
    let (order, warnings) =
        app.orders().step(caller, id, &transition, &request.precondition()?, &request.actor()?).await?;
    // Where it has come to the gate has just let it pass, or there is none ahead.
    let view = OrderView::new(&order, Vec::new(), &Orders::viewer(&order, caller), &app.config().media_base_url);
    Ok(ok(&OrderView { warnings, ..view })?.version(order.version))
}
