//! Scans of the packs that go into a parcel: each must be of a product of the order, of a lot that was picked for it, and
//! still good. Pure rules.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::order::OrderLine;
use crate::catalog::Stock;
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
    /// Its last day comes before those of whoever takes it are over.
    ExpiresTooEarly,
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

/// What packs are checked beside.
#[derive(Clone, Copy)]
pub struct Beside<'a> {
    /// Those of today: they have the GTINs, and the lots of each product.
    pub stocks: &'a [Stock],
    /// Lots of the packs that their product had, and its stock does not keep any more.
    pub spent: &'a [(ProductId, LotNumber)],
    /// Until when packs of a product must be good.
    pub until: &'a dyn Fn(ProductId) -> Date,
    /// Today.
    pub today: Date,
}

impl Beside<'_> {
    /// Whether a product has, or had, a lot of this number; whatever became of it.
    fn knows(&self, line: &OrderLine, number: &str) -> bool {
        let product = line.offer.product_id;
        let spent = self.spent.iter().any(|(of, known)| *of == product && known.as_str() == number);
        spent || is_kept(self.stocks, line, number)
    }
}

/// The lots of the packs that the stocks of their products do not keep, where a pack may go to what has no lot: they are to be looked
/// up, since a lot of which nothing was left is forgotten there.
pub fn to_look_up(scans: &[String], lines: &[OrderLine], stocks: &[Stock], today: Date) -> Vec<(ProductId, LotNumber)> {
    let mut numbers = BTreeSet::new();
    for pack in scans.iter().filter_map(|text| Pack::read(text, today).ok()) {
        let Some(number) = pack.lot.as_deref().and_then(|lot| LotNumber::parse(lot).ok()) else { continue };
        let of_gtin = of_gtin(&pack, lines, stocks);
        if of_gtin.iter().any(|(_, line)| line.lots.iter().any(|lot| lot.lot_id == LotRef::Unlotted)) {
            let unknown = of_gtin.iter().filter(|(_, line)| !is_kept(stocks, line, number.as_str()));
            numbers.extend(unknown.map(|(_, line)| (line.offer.product_id, number.clone())));
        }
    }
    numbers.into_iter().collect()
}

/// Whether the stock of a line's product keeps a lot of this number.
fn is_kept(stocks: &[Stock], line: &OrderLine, number: &str) -> bool {
    let lots = find(stocks, line).and_then(|stock| stock.housing.lots.as_ref());
    lots.into_iter().flatten().any(|(_, units)| units.number.as_str() == number)
}

/// Checks the scans against the lines, whose lots are picked, and writes the packs' serial numbers into them.
///
/// Several lines have the same GTIN where several sellers have the product. The lot on a pack decides then whose it is: it goes
/// into the first of these lines that it was picked for and that has room for it, in the order of the lines.
///
/// # Errors
/// All scans that are wrong.
pub fn check(scans: &[String], lines: &mut [OrderLine], beside: Beside<'_>) -> Result<Scanned, Vec<ScanProblem>> {
    let today = beside.today;
    let mut seen: Vec<(Pack, Place)> = Vec::new();
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
        let of_gtin = of_gtin(&pack, lines, beside.stocks);
        let Some((_, first)) = of_gtin.first() else {
            wrong(WrongPack::OtherProduct, wording::orders::no_product_of_gtin(pack.gtin), None);
            continue;
        };
        let product = Some(first.offer.product_id);
        if pack.serial.is_some()
            && seen.iter().any(|(other, _)| (other.gtin, &other.serial) == (pack.gtin, &pack.serial))
        {
            wrong(WrongPack::ScannedTwice, wording::orders::scanned_twice(), product);
            continue;
        }
        if let Some(day) = pack.expires_on.filter(|day| *day < today) {
            wrong(WrongPack::Expired, wording::orders::pack_expired(day), product);
            continue;
        }
        let place = match place_of(&pack, &of_gtin, &seen, beside) {
            Ok(place) => place,
            Err((code, detail)) => {
                wrong(code, detail, product);
                continue;
            }
        };
        let Some(line) = lines.get_mut(place.line) else { continue };
        if pack.month_alone {
            scanned.warnings.push(wording::orders::month_alone(&line.offer.name));
        }
        if let Some(lot) = line.lots.get_mut(place.lot) {
            lot.serials.extend(pack.serial.clone());
        }
        seen.push((pack, place));
    }
    if problems.is_empty() { Ok(scanned) } else { Err(problems) }
}

/// Where a pack goes: which line, and which of its lots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    line: usize,
    lot: usize,
}

/// The lines whose product has the GTIN of a pack today, in their order.
fn of_gtin<'a>(pack: &Pack, lines: &'a [OrderLine], stocks: &[Stock]) -> Vec<(usize, &'a OrderLine)> {
    let has = |line: &OrderLine| {
        let offer = find(stocks, line).map(|stock| &stock.offer);
        offer.is_some_and(|offer| offer.gtin == Some(pack.gtin))
    };
    lines.iter().enumerate().filter(|(_, line)| has(line)).collect()
}

fn find<'a>(stocks: &'a [Stock], line: &OrderLine) -> Option<&'a Stock> {
    stocks.iter().find(|stock| stock.offer.product_id == line.offer.product_id)
}

/// Where a pack goes of these lines: to the lot of its number, where that has the same last day and is not full of other packs.
/// What came in before lots were written down may have any number, but none of a lot that one of these products has or had: that
/// may be called back, and a recall finds only what was packed of its lot. It must last as long as what is picked must.
fn place_of(
    pack: &Pack,
    lines: &[(usize, &OrderLine)],
    seen: &[(Pack, Place)],
    beside: Beside<'_>,
) -> Result<Place, (WrongPack, Words)> {
    let number = pack.lot.as_deref();
    let filled = |is: &dyn Fn(Place) -> bool| seen.iter().filter(|(_, place)| is(*place)).count();
    let has_room = |is: &dyn Fn(Place) -> bool, most: u32| u32::try_from(filled(is)).is_ok_and(|packs| packs < most);
    let mut lots = Vec::new();
    let mut all_full = true;
    for (at, line) in lines {
        if has_room(&|place: Place| place.line == *at, line.quantity) {
            all_full = false;
            for (lot, picked) in line.lots.iter().enumerate() {
                let here = Place { line: *at, lot };
                if has_room(&|place: Place| place == here, picked.quantity) {
                    lots.push((here, *line, picked));
                }
            }
        }
    }
    if all_full {
        let all: u32 = lines.iter().map(|(_, line)| line.quantity).sum();
        return Err((WrongPack::TooMany, wording::orders::order_has_only(all)));
    }
    let is_it = |lot: &PackedLot| number.is_some() && lot.number.as_ref().map(LotNumber::as_str) == number;
    let mut differs = None;
    for (place, _, lot) in lots.iter().filter(|(_, _, lot)| is_it(lot)) {
        match lot.expires_on.zip(pack.expires_on).filter(|(known, said)| known != said) {
            None => return Ok(*place),
            other => differs = differs.or(other),
        }
    }
    if let Some((known, said)) = differs {
        return Err((WrongPack::OtherDate, wording::orders::another_day(said, known)));
    }
    let picked = lines.iter().any(|(_, line)| line.lots.iter().any(is_it));
    let is_known = picked || number.is_some_and(|number| lines.iter().any(|(_, line)| beside.knows(line, number)));
    let mut too_early = None;
    for (place, line, _) in lots.iter().filter(|(_, _, lot)| lot.lot_id == LotRef::Unlotted && !is_known) {
        let until = (beside.until)(line.offer.product_id);
        match pack.expires_on.filter(|day| *day < until) {
            None => return Ok(*place),
            Some(day) => too_early = too_early.or(Some((day, until))),
        }
    }
    if let Some((day, until)) = too_early {
        return Err((WrongPack::ExpiresTooEarly, wording::orders::pack_expires_too_early(day, until)));
    }
    let detail = match number {
        Some(number) => wording::orders::lot_not_picked(number),
        None => wording::orders::lot_without_number(),
    };
    Err((WrongPack::OtherLot, detail))
}

/// The refusal of scans, with every reason.
pub fn wrong_pack(problems: &[ScanProblem]) -> Error {
    Error::new(Kind::Unprocessable, "wrong_pack", wording::orders::wrong_packs()).with_problems(&problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Offer;
    use crate::catalog::gs1::Gtin;
    use crate::catalog::lots::{Housing, LotUnits};
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
        line_of(1, lots)
    }

    /// One of a product of its own, with the GTIN of all others.
    fn line_of(product: u128, lots: Vec<PackedLot>) -> OrderLine {
        let offer = Offer { gtin: Some(Gtin::parse("09506000134352").unwrap()), ..offer(product) };
        let quantity = lots.iter().map(|lot| lot.quantity).sum();
        OrderLine { offer, quantity, prescription_id: None, waited: false, patient: None, lots, discount: 0 }
    }

    fn loose(quantity: u32) -> PackedLot {
        PackedLot { lot_id: LotRef::Unlotted, number: None, expires_on: None, ..lot("X", "2028-01-31", quantity) }
    }

    /// The stock of a line, with these lots on the shelf.
    fn stock(line: &OrderLine, lots: &[&str]) -> Stock {
        let lots = (1..).zip(lots).map(|(place, number)| {
            let units = LotUnits::of(LotNumber::parse(number).unwrap(), Date::parse("2028-01-31").unwrap(), 5);
            (LotId::first_at(Timestamp::from_millis(place)), units)
        });
        let housing = Housing { lots: Some(lots.collect()), ..Housing::default() };
        Stock { offer: line.offer.clone(), available: 9, reserved: 0, sold: 0, version: 1, housing }
    }

    fn scan(lines: &mut [OrderLine], scans: &[&str]) -> Result<Scanned, Vec<WrongPack>> {
        let stocks: Vec<_> = lines.iter().map(|line| stock(line, &[])).collect();
        scan_beside(lines, &stocks, scans)
    }

    fn scan_beside(lines: &mut [OrderLine], stocks: &[Stock], scans: &[&str]) -> Result<Scanned, Vec<WrongPack>> {
        let until = |_: ProductId| today();
        scan_among(lines, Beside { stocks, spent: &[], until: &until, today: today() }, scans)
    }

    fn scan_among(lines: &mut [OrderLine], beside: Beside<'_>, scans: &[&str]) -> Result<Scanned, Vec<WrongPack>> {
        let scans: Vec<_> = scans.iter().map(|&scan| scan.to_owned()).collect();
        check(&scans, lines, beside).map_err(|wrong| wrong.into_iter().map(|one| one.code).collect())
    }

    /// The serial numbers in each lot of each line.
    fn serials(lines: &[OrderLine]) -> Vec<Vec<Vec<&str>>> {
        let mut all = Vec::new();
        for line in lines {
            all.push(line.lots.iter().map(|lot| lot.serials.iter().map(String::as_str).collect()).collect());
        }
        all
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
        let mut lines = [line(vec![loose(1), lot("A1", "2028-01-31", 1)])];
        let old = "(01)09506000134352(17)270131(10)OLD(21)S1";
        assert!(scan(&mut lines.clone(), &[old, "(01)09506000134352(17)280131(10)A1(21)S2"]).is_ok());
        // There was one alone.
        let another = "(01)09506000134352(17)270131(10)OLD(21)S3";
        assert_eq!(scan(&mut lines, &[old, another]), Err(vec![WrongPack::OtherLot]));
        assert_eq!(serials(&lines), [[vec!["S1"], vec![]]]);
    }

    #[test]
    fn of_a_gtin_that_two_sellers_have_the_lot_says_whose_pack_it_is() {
        let mut lines = [line_of(1, vec![lot("A1", "2028-01-31", 1)]), line_of(2, vec![lot("B2", "2028-06-30", 2)])];
        let [a, b, c] = [
            "(01)09506000134352(17)280131(10)A1(21)S1",
            "(01)09506000134352(17)280630(10)B2(21)S2",
            "(01)09506000134352(17)280630(10)B2(21)S3",
        ];
        let fresh = lines.clone();
        assert!(scan(&mut lines, &[b, a, c]).is_ok());
        assert_eq!(serials(&lines), [[vec!["S1"]], [vec!["S2", "S3"]]]);
        for (scans, wrong) in [
            // The line of the other has room, but not for this lot.
            (vec![a, "(01)09506000134352(17)280131(10)A1(21)S9"], WrongPack::OtherLot),
            (vec![a, b, c, "(01)09506000134352(17)280131(10)A1(21)S9"], WrongPack::TooMany),
            (vec![a, "(01)09506000134352(17)280630(10)B2(21)S1"], WrongPack::ScannedTwice),
            (vec!["(01)09506000134352(17)280131(10)B2"], WrongPack::OtherDate),
        ] {
            assert_eq!(scan(&mut fresh.clone(), &scans), Err(vec![wrong]), "{scans:?}");
        }
    }

    #[test]
    fn of_a_lot_that_two_sellers_have_the_first_line_is_filled_first() {
        let mut lines = [line_of(1, vec![lot("A1", "2028-01-31", 1)]), line_of(2, vec![lot("A1", "2028-01-31", 2)])];
        let scans = ["S1", "S2", "S3"].map(|serial| format!("(01)09506000134352(17)280131(10)A1(21){serial}"));
        assert!(scan(&mut lines, &scans.each_ref().map(String::as_str)).is_ok());
        assert_eq!(serials(&lines), [[vec!["S1"]], [vec!["S2", "S3"]]]);
        // Where they say another day of it, the day decides too.
        let mut lines = [line_of(1, vec![lot("A1", "2028-06-30", 1)]), line_of(2, vec![lot("A1", "2028-01-31", 1)])];
        assert!(scan(&mut lines, &[scans[0].as_str()]).is_ok());
        assert_eq!(serials(&lines), [[vec![]], [vec!["S1"]]]);
    }

    #[test]
    fn what_has_no_lot_is_never_filled_by_a_lot_of_another_seller() {
        let lines = [line_of(1, vec![loose(1)]), line_of(2, vec![lot("B2", "2028-06-30", 1)])];
        let of = |lots: [&[&str]; 2], scans: &[&str]| {
            let mut lines = lines.clone();
            let stocks = [stock(&lines[0], lots[0]), stock(&lines[1], lots[1])];
            scan_beside(&mut lines, &stocks, scans).map(|_| format!("{:?}", serials(&lines)))
        };
        let (b, c) = ("(01)09506000134352(17)280630(10)B2(21)S1", "(01)09506000134352(17)280131(10)C3(21)S2");
        assert_eq!(of([&[], &["B2", "C3"]], &[b]), Ok(r#"[[[]], [["S1"]]]"#.to_owned()));
        assert_eq!(of([&[], &["B2", "C3"]], &[c]), Err(vec![WrongPack::OtherLot]), "it is the other's");
        assert_eq!(of([&[], &["B2"]], &[c]), Ok(r#"[[["S2"]], [[]]]"#.to_owned()), "nobody knows it");
        assert_eq!(of([&["C3"], &["C3"]], &[c]), Err(vec![WrongPack::OtherLot]), "both have it");
        assert_eq!(of([&["C3"], &[]], &[c]), Err(vec![WrongPack::OtherLot]), "it is of a lot, and that was not picked");
    }

    #[test]
    fn what_has_no_lot_is_never_filled_by_a_lot_that_the_product_has_whatever_became_of_it() {
        use crate::catalog::lots::LotStatus::{Expired, Quarantined, Recalled, Sellable};
        let lines = [line(vec![loose(1)])];
        let pack = "(01)09506000134352(17)280131(10)R1";
        let until = |_: ProductId| today();
        for status in [Sellable, Recalled, Expired, Quarantined] {
            let mut stock = stock(&lines[0], &["R1"]);
            stock.housing.lots.iter_mut().flatten().for_each(|(_, units)| units.status = status);
            let refused = scan_beside(&mut lines.clone(), &[stock], &[pack]);
            assert_eq!(refused, Err(vec![WrongPack::OtherLot]), "{status:?}");
        }
        // The stock has forgotten it, and it is looked up.
        let stocks = [stock(&lines[0], &["A1"])];
        let (scans, product) = ([pack.to_owned()], lines[0].offer.product_id);
        let spent = to_look_up(&scans, &lines, &stocks, today());
        assert_eq!(spent, [(product, LotNumber::parse("R1").unwrap())]);
        let beside = Beside { stocks: &stocks, spent: &spent, until: &until, today: today() };
        assert_eq!(scan_among(&mut lines.clone(), beside, &[pack]), Err(vec![WrongPack::OtherLot]));
        let unknown = Beside { spent: &[], ..beside };
        assert!(scan_among(&mut lines.clone(), unknown, &[pack]).is_ok(), "nobody ever knew it");
        // Nothing is looked up that its stock keeps, or where all that was picked has lots.
        let kept = ["(01)09506000134352(10)A1".to_owned()];
        assert!(to_look_up(&kept, &lines, &stocks, today()).is_empty());
        assert!(to_look_up(&scans, &[line(vec![lot("A1", "2028-01-31", 1)])], &stocks, today()).is_empty());
    }

    #[test]
    fn what_has_no_lot_lasts_as_long_as_it_is_taken() {
        let lines = [line_of(1, vec![loose(1)]), line_of(2, vec![loose(1)])];
        let stocks = [stock(&lines[0], &[]), stock(&lines[1], &[])];
        let needed = Date::parse("2026-12-20").unwrap();
        let first = lines[0].offer.product_id;
        let until = |product: ProductId| if product == first { needed } else { today() };
        let beside = Beside { stocks: &stocks, spent: &[], until: &until, today: today() };
        let (long, short) = ("(01)09506000134352(17)261220(21)S1", "(01)09506000134352(17)261219(21)S2");
        let mut both = lines.clone();
        assert!(scan_among(&mut both, beside, &[short, long]).is_ok(), "it goes to whoever needs it no longer");
        assert_eq!(serials(&both), [[vec!["S1"]], [vec!["S2"]]]);
        let mut one = [lines[0].clone()];
        assert_eq!(scan_among(&mut one, beside, &[short]), Err(vec![WrongPack::ExpiresTooEarly]));
        assert!(scan_among(&mut one, beside, &[long]).is_ok());
        let without = "(01)09506000134352(21)S3";
        assert!(scan_among(&mut [lines[0].clone()], beside, &[without]).is_ok(), "nobody says until when");
    }
}
