//! How what was measured went on: series as numbers, and as a picture.

use serde::Serialize;
use utoipa::ToSchema;

use super::code;
use super::details::Details;
use super::measurement::Quantity;
use super::record::Record;
use crate::medicine::decimal::{Decimal, Number, rounded};
use crate::platform::clock::{Date, Timestamp};
use crate::platform::fields::Invalid;
use crate::platform::wording;

/// The most series that are asked for at once.
pub const MAX_SERIES: usize = 8;

/// Which series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Series {
    /// What is measured at home or in a practice.
    Measured(Quantity),
    /// Results of a laboratory with this code of LOINC.
    Lab(String),
}

impl Series {
    /// Reads a list such as `weight,glucose,loinc:4548-4`.
    ///
    /// # Errors
    /// An unknown name, no name, or too many.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, Invalid> {
        let names: Vec<_> = text.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        if names.is_empty() || names.len() > MAX_SERIES {
            return Err(Invalid::new("wrong_count", wording::field::entries_between(MAX_SERIES)));
        }
        let one = |name: &str| match name.strip_prefix("loinc:") {
            Some(loinc) => code::loinc(loinc).map(Self::Lab),
            None => Quantity::parse(name).map(Self::Measured),
        };
        names.into_iter().map(one).collect()
    }
}

/// Over which time values are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bucket {
    /// A day.
    Day,
    /// A week, from Monday.
    Week,
    /// A month.
    Month,
}

impl Bucket {
    /// Reads a name.
    ///
    /// # Errors
    /// Another.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "day" => Ok(Self::Day),
            "week" => Ok(Self::Week),
            "month" => Ok(Self::Month),
            _ => Err(Invalid::new("unknown_value", wording::field::one_of("day, week, month"))),
        }
    }

    /// When the one begins that a moment lies in, in UTC.
    fn beginning(self, at: Timestamp) -> Timestamp {
        let day = at.date();
        // 1970-01-05 was a Monday.
        let monday =
            || Date::parse("1970-01-05").map_or(day, |first| day.plus_days(-(day.days_since(first).rem_euclid(7))));
        let first = || {
            let text = day.to_string();
            text.get(..7).and_then(|month| Date::parse(&format!("{month}-01")).ok()).unwrap_or(day)
        };
        match self {
            Self::Day => day.begins(),
            Self::Week => monday().begins(),
            Self::Month => first().begins(),
        }
    }
}

/// Where a series is going.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProgressTrend)]
pub enum Trend {
    /// The later half lies more than 2% above the earlier half.
    Rising,
    /// The later half lies more than 2% below the earlier half.
    Falling,
    /// Neither.
    Steady,
    /// There are fewer than four points.
    Unknown,
}

/// A point of a series: a value, or the mean of a bucket with its least and most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ProgressPoint)]
pub struct Point {
    /// When; of a bucket, when it begins.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The value.
    #[schema(value_type = String)]
    pub value: Number,
    /// The least of a bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub low: Option<Number>,
    /// The most of a bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub high: Option<Number>,
}

/// A series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ProgressSeries)]
pub struct SeriesView {
    /// `weight`, `blood_pressure.systolic`, `loinc:4548-4`.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// UCUM; all points are in it.
    pub unit: String,
    /// The points, the oldest first.
    pub points: Vec<Point>,
    /// The last value less the first; `null` with fewer than two.
    #[schema(value_type = Option<String>)]
    pub change: Option<Number>,
    /// Where it is going.
    pub trend: Trend,
    /// How many results were left out: in another unit, not measured exactly, or no numbers.
    pub left_out: usize,
}

/// The series that were asked for; one without a value has no points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Progress {
    /// In the order that they were asked for.
    pub series: Vec<SeriesView>,
}

fn mean(values: &[Decimal]) -> Option<Decimal> {
    let sum = values.iter().copied().try_fold(Decimal::ZERO, Decimal::checked_add)?;
    sum.checked_div(Decimal::from(values.len()))
}

fn trend(values: &[Decimal]) -> Trend {
    if values.len() < 4 {
        return Trend::Unknown;
    }
    let (earlier, later) = values.split_at(values.len() / 2);
    let (Some(earlier), Some(later)) = (mean(earlier), mean(later)) else { return Trend::Unknown };
    let margin = earlier.abs().checked_mul(Decimal::new(2, 2)).unwrap_or_default();
    match later.checked_sub(earlier) {
        Some(difference) if difference > margin => Trend::Rising,
        Some(difference) if difference < Decimal::ZERO.saturating_sub(margin) => Trend::Falling,
        Some(_) => Trend::Steady,
        None => Trend::Unknown,
    }
}

fn series(
    name: String,
    label: String,
    unit: String,
    mut values: Vec<(Timestamp, Decimal)>,
    bucket: Option<Bucket>,
    left_out: usize,
) -> SeriesView {
    values.sort_by_key(|(at, _)| *at);
    let points = match bucket {
        None => {
            values.iter().map(|(at, value)| Point { at: *at, value: Number(*value), low: None, high: None }).collect()
        }
        Some(bucket) => {
            let mut points: Vec<Point> = Vec::new();
            for group in values.chunk_by(|one, other| bucket.beginning(one.0) == bucket.beginning(other.0)) {
                let own: Vec<_> = group.iter().map(|(_, value)| *value).collect();
                if let (Some((at, _)), Some(value)) = (group.first(), mean(&own)) {
                    points.push(Point {
                        at: bucket.beginning(*at),
                        value: Number(rounded(value, 2)),
                        low: own.iter().min().copied().map(Number),
                        high: own.iter().max().copied().map(Number),
                    });
                }
            }
            points
        }
    };
    let shown: Vec<_> = points.iter().map(|point| point.value.0).collect();
    let change = match shown.as_slice() {
        [first, .., last] => last.checked_sub(*first).map(Number),
        _ => None,
    };
    SeriesView { name, label, unit, trend: trend(&shown), points, change, left_out }
}

impl Progress {
    /// Of these records, between two moments.
    pub fn of(
        wanted: &[Series],
        records: &[Record],
        from: Option<Timestamp>,
        to: Option<Timestamp>,
        bucket: Option<Bucket>,
    ) -> Self {
        let within = |at: Timestamp| from.is_none_or(|from| at >= from) && to.is_none_or(|to| at < to);
        let mut all = Vec::new();
        for one in wanted {
            match one {
                Series::Measured(quantity) => all.extend(measured(*quantity, records, within, bucket)),
                Series::Lab(loinc) => all.push(lab(loinc, records, within, bucket)),
            }
        }
        Self { series: all }
    }
}

fn measured(
    quantity: Quantity,
    records: &[Record],
    within: impl Fn(Timestamp) -> bool,
    bucket: Option<Bucket>,
) -> Vec<SeriesView> {
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for record in records {
        let Details::Measurements(measurement) = &record.details else { continue };
        if measurement.kind == quantity
            && within(measurement.taken_at)
            && let Some((value, other)) = measurement.compared()
        {
            first.push((measurement.taken_at, value));
            second.extend(other.map(|other| (measurement.taken_at, other)));
        }
    }
    let (name, unit) = (quantity.as_str(), quantity.unit().to_owned());
    let label = name.replace('_', " ");
    if quantity == Quantity::BloodPressure {
        let one = |part: &str, values| {
            series(format!("{name}.{part}"), format!("{label}, {part}"), unit.clone(), values, bucket, 0)
        };
        return vec![one("systolic", first), one("diastolic", second)];
    }
    vec![series(name.to_owned(), label, unit, first, bucket, 0)]
}

/// Results come as laboratories report them: the unit of the latest one counts, and what is in another is left out and said.
fn lab(loinc: &str, records: &[Record], within: impl Fn(Timestamp) -> bool, bucket: Option<Bucket>) -> SeriesView {
    let results = records.iter().filter_map(|record| match &record.details {
        Details::Labs(lab) if lab.loinc.as_deref() == Some(loinc) && within(lab.taken_at) => Some(lab),
        _ => None,
    });
    let results: Vec<_> = results.collect();
    let latest = results.iter().filter(|lab| lab.unit.is_some()).max_by_key(|lab| lab.taken_at);
    let unit = latest.and_then(|lab| lab.unit.clone()).unwrap_or_else(|| "1".to_owned());
    let label = latest.map_or_else(|| loinc.to_owned(), |lab| lab.name.clone());
    let exact = |lab: &&&super::details::Lab| lab.comparator.is_none() && lab.unit.as_deref() == Some(unit.as_str());
    let values: Vec<_> = results.iter().filter(exact).filter_map(|lab| Some((lab.taken_at, lab.value?.0))).collect();
    let left_out = results.len().saturating_sub(values.len());
    series(format!("loinc:{loinc}"), label, unit.clone(), values, bucket, left_out)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::input::{Moment, read};
    use super::super::kind::Kind;
    use super::super::record::{Author, Part};
    use super::*;
    use crate::patients::of_owner;
    use crate::platform::ids::{RecordId, UserId};

    fn record(kind: Kind, body: serde_json::Value) -> Record {
        let now = Timestamp::parse("2026-11-29T10:00:00Z").unwrap();
        let details = read(kind, body, Moment { now, today: now.date() }).unwrap();
        let author = Author { user: UserId::nobody(), part: Part::Owner };
        Record::new(RecordId::generate(now), of_owner(&UserId::nobody()), details, author, now)
    }

    fn weight(value: &str, unit: &str, at: &str) -> Record {
        record(Kind::Measurements, json!({"kind": "weight", "value": value, "unit": unit, "taken_at": at}))
    }

    fn values(view: &SeriesView) -> Vec<Decimal> {
        view.points.iter().map(|point| point.value.0).collect()
    }

    fn decimals(texts: &[&str]) -> Vec<Decimal> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn values_of_all_units_are_one_series_in_the_order_of_time() {
        let records = [
            weight("154", "[lb_av]", "2026-11-03T08:00:00Z"),
            weight("71.5", "kg", "2026-11-01T08:00:00Z"),
            weight("69.0", "kg", "2026-11-10T08:00:00Z"),
        ];
        let progress = Progress::of(&[Series::Measured(Quantity::Weight)], &records, None, None, None);
        let weight = &progress.series[0];
        assert_eq!(values(weight), decimals(&["71.5", "69.85", "69"]));
        assert_eq!((weight.change.unwrap().0, weight.trend), (decimals(&["-2.5"])[0], Trend::Unknown));
        let from = Timestamp::parse("2026-11-02T00:00:00Z").ok();
        assert_eq!(
            Progress::of(&[Series::Measured(Quantity::Weight)], &records, from, None, None).series[0].points.len(),
            2
        );
    }

    #[test]
    fn a_bucket_has_its_mean_and_its_ends() {
        let records: Vec<_> = [("70", "2026-11-02"), ("72", "2026-11-08"), ("80", "2026-11-09")]
            .map(|(value, day)| weight(value, "kg", &format!("{day}T08:00:00Z")))
            .into();
        let of = |bucket| {
            Progress::of(&[Series::Measured(Quantity::Weight)], &records, None, None, Some(bucket)).series.remove(0)
        };
        let weeks = of(Bucket::Week);
        assert_eq!(values(&weeks), decimals(&["71", "80"]));
        assert_eq!(vec![weeks.points[0].low.unwrap().0, weeks.points[0].high.unwrap().0], decimals(&["70", "72"]));
        assert_eq!(weeks.points[0].at.to_string(), "2026-11-02T00:00:00.000Z", "a Monday");
        assert_eq!((of(Bucket::Month).points.len(), of(Bucket::Day).points.len()), (1, 3));
    }

    #[test]
    fn a_blood_pressure_is_two_series() {
        let records = [record(
            Kind::Measurements,
            json!({"kind": "blood_pressure", "systolic": 120, "diastolic": 80, "unit": "mm[Hg]", "taken_at": "2026-11-01T08:00:00Z"}),
        )];
        let progress = Progress::of(&[Series::Measured(Quantity::BloodPressure)], &records, None, None, None);
        let names: Vec<_> = progress.series.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["blood_pressure.systolic", "blood_pressure.diastolic"]);
    }

    #[test]
    fn results_in_another_unit_are_left_out_and_said() {
        let lab = |value: &str, unit: &str, day: u8| {
            record(
                Kind::Labs,
                json!({"loinc": "4548-4", "name": "HbA1c", "value": value, "unit": unit, "taken_at": format!("2026-11-{day:02}T08:00:00Z")}),
            )
        };
        let records = [lab("6.80", "%", 3), lab("51", "mmol/mol", 2), lab("6.40", "%", 1)];
        let view = Progress::of(&[Series::Lab("4548-4".to_owned())], &records, None, None, None).series.remove(0);
        assert_eq!((values(&view), view.left_out, view.unit.as_str()), (decimals(&["6.4", "6.8"]), 1, "%"));
        assert_eq!(view.points[1].value.0.to_string(), "6.80", "a value by itself keeps its precision");
    }

    #[test]
    fn a_trend_needs_four_points_and_two_percent() {
        let of = |values: &[i64]| trend(&values.iter().map(|value| Decimal::from(*value)).collect::<Vec<_>>());
        assert_eq!(of(&[1, 2, 3]), Trend::Unknown);
        assert_eq!(of(&[100, 100, 101, 101]), Trend::Steady);
        assert_eq!(of(&[100, 100, 103, 103]), Trend::Rising);
        assert_eq!(of(&[100, 100, 97, 97]), Trend::Falling);
    }

    #[test]
    fn names_of_series_are_read() {
        assert_eq!(
            Series::parse_all("weight, loinc:4548-4").unwrap(),
            [Series::Measured(Quantity::Weight), Series::Lab("4548-4".to_owned())]
        );
        for wrong in ["", "mood", "loinc:4548-5", "weight,weight,weight,weight,weight,weight,weight,weight,weight"] {
            assert!(Series::parse_all(wrong).is_err(), "{wrong}");
        }
    }
}
