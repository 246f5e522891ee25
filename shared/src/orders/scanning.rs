//! Scans of the packs that go into a parcel: each must be of a product of the order, of a lot that was picked for it, and
//! still good. Pure rules.

use serde::Serialize;
use utoipa::ToSchema;

use super::order::OrderLine;
use crate::catalog::Offer;
use crate::catalog::gs1::Pack;
use crate::catalog::lots::{LotNumber, LotRef, PackedLot};
use crate::platform::clock::Date;
use crate::platform::error::{Error, Kind};
use crate::platform::ids::ProductId;
use crate::platform::wording::{self, Words};

/// What is wrong with a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WrongPack {
    /// Its code cannot be read.
    Unreadable,
    /// No product of the order has its GTIN.
    OtherProduct,
    /// It is of a lot that was not picked.
    OtherLot,
    /// Its lot has another last day than was written down when it came in.
    OtherDate,
    /// Its last day has passed.
    Expired,
    /// There are more packs of it than the order has.
    TooMany,
    /// The same pack was scanned twice.
    ScannedTwice,
}

/// A scan that is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ScanProblem {
    /// Which of the scans, from 0 on.
    pub scan: usize,
    /// What is wrong.
    pub code: WrongPack,
    /// A sentence for whoever packs.
    #[schema(value_type = String)]
    pub detail: Words,
    /// The product, where it is of the order.
    #[schema(value_type = Option<String>)]
    pub product_id: Option<ProductId>,
}

/// What scans have found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scanned {
    /// What whoever packs should know.
    pub warnings: Vec<Words>,
}

/// Checks the scans against the lines, whose lots are picked, and writes the packs' serial numbers into them. `offers` are
/// those of today: they have the GTINs.
///
/// # Errors
/// All scans that are wrong.
pub fn check(
    scans: &[String],
    lines: &mut [OrderLine],
    offers: &[&Offer],
    today: Date,
) -> Result<Scanned, Vec<ScanProblem>> {
    let mut seen: Vec<Pack> = Vec::new();
    let (mut problems, mut scanned) = (Vec::new(), Scanned::default());
    for (scan, text) in scans.iter().enumerate() {
        let mut wrong = |code, detail: Words, product_id| {
            problems.push(ScanProblem { scan, code, detail, product_id });
        };
        let pack = match Pack::read(text, today) {
            Ok(pack) => pack,
            Err(why) => {
                wrong(WrongPack::Unreadable, wording::orders::unreadable(why), None);
                continue;
            }
        };
        let offer = offers.iter().find(|offer| offer.gtin == Some(pack.gtin));
        let known = offer.map(|offer| offer.product_id);
        let line = lines.iter_mut().find(|line| Some(line.offer.product_id) == known);
        let Some(line) = line else {
            wrong(WrongPack::OtherProduct, wording::orders::no_product_of_gtin(pack.gtin), None);
            continue;
        };
        let product = Some(line.offer.product_id);
        if pack.serial.is_some() && seen.iter().any(|other| (other.gtin, &other.serial) == (pack.gtin, &pack.serial)) {
            wrong(WrongPack::ScannedTwice, wording::orders::scanned_twice(), product);
            continue;
        }
        if let Some(day) = pack.expires_on.filter(|day| *day < today) {
            wrong(WrongPack::Expired, wording::orders::pack_expired(day), product);
            continue;
        }
        let of_product = seen.iter().filter(|other| other.gtin == pack.gtin).count();
        if u32::try_from(of_product).is_ok_and(|packs| packs >= line.quantity) {
            wrong(WrongPack::TooMany, wording::orders::order_has_only(line.quantity), product);
            continue;
        }
        let name = line.offer.name.clone();
        let Some(lot) = lot_of(&pack, line, &seen) else {
            let detail = match pack.lot.as_deref() {
                Some(number) => wording::orders::lot_not_picked(number),
                None => wording::orders::lot_without_number(),
            };
            wrong(WrongPack::OtherLot, detail, product);
            continue;
        };
        let differs = lot.expires_on.zip(pack.expires_on).filter(|(known, said)| known != said);
        if let Some((known, said)) = differs {
            wrong(WrongPack::OtherDate, wording::orders::another_day(said, known), product);
            continue;
        }
        if pack.month_alone {
            scanned.warnings.push(wording::orders::month_alone(&name));
        }
        lot.serials.extend(pack.serial.clone());
        seen.push(pack);
    }
    if problems.is_empty() { Ok(scanned) } else { Err(problems) }
}

/// The picked lot that a pack is of: the one of its number, while it is not full of other packs. What came in before lots
/// were written down may have any number.
fn lot_of<'a>(pack: &Pack, line: &'a mut OrderLine, seen: &[Pack]) -> Option<&'a mut PackedLot> {
    let number = pack.lot.as_deref();
    let of_lot = seen.iter().filter(|other| other.gtin == pack.gtin && other.lot == pack.lot).count();
    let room = |lot: &PackedLot| u32::try_from(of_lot).is_ok_and(|packs| packs < lot.quantity);
    let known = |lot: &PackedLot| number.is_some() && lot.number.as_ref().map(LotNumber::as_str) == number;
    let place = line.lots.iter().position(|lot| known(lot) && room(lot));
    let place = place.or_else(|| {
        let named = line.lots.iter().any(known);
        line.lots.iter().position(|lot| lot.lot_id == LotRef::Unlotted && !named)
    });
    line.lots.get_mut(place?)
}

/// The refusal of scans, with every reason.
pub fn wrong_pack(problems: &[ScanProblem]) -> Error {
    Error::new(Kind::Unprocessable, "wrong_pack", wording::orders::wrong_packs()).with_problems(&problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::gs1::Gtin;
    use crate::orders::cart::tests::offer;
    use crate::platform::clock::Timestamp;
    use crate::platform::ids::LotId;

    fn today() -> Date {
        Date::parse("2026-11-20").unwrap()
    }

    fn lot(number: &str, day: &str, quantity: u32) -> PackedLot {
        PackedLot {
            lot_id: LotRef::Lot(LotId::generate(Timestamp::from_millis(1))),
            number: Some(LotNumber::parse(number).unwrap()),
            expires_on: Some(Date::parse(day).unwrap()),
            quantity,
            serials: Vec::new(),
        }
    }

    fn line(lots: Vec<PackedLot>) -> OrderLine {
        let offer = Offer { gtin: Some(Gtin::parse("09506000134352").unwrap()), ..offer(1) };
        let quantity = lots.iter().map(|lot| lot.quantity).sum();
        OrderLine { offer, quantity, prescription_id: None, waited: false, patient: None, lots, discount: 0 }
    }

    fn scan(lines: &mut [OrderLine], scans: &[&str]) -> Result<Scanned, Vec<WrongPack>> {
        let offers: Vec<_> = lines.iter().map(|line| line.offer.clone()).collect();
        let offers: Vec<_> = offers.iter().collect();
        let scans: Vec<_> = scans.iter().map(|&scan| scan.to_owned()).collect();
        check(&scans, lines, &offers, today()).map_err(|wrong| wrong.into_iter().map(|one| one.code).collect())
    }

    #[test]
    fn packs_of_the_picked_lots_are_taken_with_their_serial_numbers() {
        let mut lines = [line(vec![lot("A1", "2028-01-31", 1), lot("B2", "2028-06-30", 2)])];
        let scans = [
            "(01)09506000134352(17)280630(10)B2(21)S2",
            "(01)09506000134352(17)280131(10)A1(21)S1",
            "(01)09506000134352(17)280600(10)B2(21)S3",
        ];
        let scanned = scan(&mut lines, &scans).unwrap();
        assert_eq!(scanned.warnings.len(), 1, "day 00 is read, and told");
        assert_eq!(lines[0].lots[0].serials, ["S1"]);
        assert_eq!(lines[0].lots[1].serials, ["S2", "S3"]);
    }

    #[test]
    fn a_pack_that_does_not_belong_is_named() {
        use WrongPack::{Expired, OtherDate, OtherLot, OtherProduct, ScannedTwice, TooMany, Unreadable};
        let lines = || [line(vec![lot("A1", "2028-01-31", 1), lot("B2", "2028-06-30", 1)])];
        let (a, b) = ("(01)09506000134352(17)280131(10)A1(21)S1", "(01)09506000134352(17)280630(10)B2(21)S2");
        for (scans, wrong) in [
            (vec!["nothing"], vec![Unreadable]),
            (vec!["(01)12312312312333(10)A1"], vec![OtherProduct]),
            (vec!["(01)09506000134352(10)C3"], vec![OtherLot]),
            (vec!["(01)09506000134352(10)a1"], vec![OtherLot]),
            (vec!["(01)09506000134352"], vec![OtherLot]),
            (vec!["(01)09506000134352(17)261119(10)A1"], vec![Expired]),
            (vec!["(01)09506000134352(17)280130(10)A1"], vec![OtherDate]),
            (vec![a, a], vec![ScannedTwice]),
            (vec![a, "(01)09506000134352(17)280131(10)A1(21)S9"], vec![OtherLot]),
            (vec![a, b, "(01)09506000134352(17)280131(10)A1(21)S9"], vec![TooMany]),
        ] {
            assert_eq!(scan(&mut lines(), &scans), Err(wrong), "{scans:?}");
        }
        assert!(
            scan(&mut lines(), &[a, b]).is_ok() && scan(&mut lines(), &[b]).is_ok() && scan(&mut lines(), &[]).is_ok()
        );
    }

    #[test]
    fn what_came_in_before_lots_may_have_any_number_that_is_not_anothers() {
        let loose = PackedLot { lot_id: LotRef::Unlotted, number: None, expires_on: None, ..lot("X", "2028-01-31", 1) };
        let mut lines = [line(vec![loose, lot("A1", "2028-01-31", 1)])];
        let scans = ["(01)09506000134352(17)270131(10)OLD(21)S1", "(01)09506000134352(17)280131(10)A1(21)S2"];
        assert!(scan(&mut lines, &scans).is_ok());
        assert_eq!((&lines[0].lots[0].serials[0], &lines[0].lots[1].serials[0]), (&"S1".to_owned(), &"S2".to_owned()));
    }
}
