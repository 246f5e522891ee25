//! A picture of how series went on, as SVG: a panel for each, with its first and last value and its ends. Everything in it is
//! drawn here and nothing is fetched, so it can be shown anywhere.

use std::fmt::Write;

use super::progress::{Progress, SeriesView};
use crate::medicine::decimal::Decimal;

const WIDTH: i64 = 720;
const PANEL: i64 = 180;
const LEFT: i64 = 90;
const RIGHT: i64 = 20;
const TOP: i64 = 40;
const BOTTOM: i64 = 34;

/// Draws them.
pub fn draw(progress: &Progress) -> String {
    let height = PANEL * i64::try_from(progress.series.len().max(1)).unwrap_or(1);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n<title>Progress</title>\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
    );
    let mut top = 0;
    for series in &progress.series {
        panel(&mut svg, series, top);
        top += PANEL;
    }
    svg.push_str("</svg>\n");
    svg
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c => safe.push(c),
        }
    }
    safe
}

fn text(svg: &mut String, (x, y): (i64, i64), anchor: &str, said: &str) {
    // A String takes whatever is written.
    let _ =
        writeln!(svg, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" fill=\"#222222\">{}</text>", escaped(said));
}

/// Where `value` lies between `low` and `high`, in thousandths; in the middle where they are one.
fn thousandths(value: Decimal, low: Decimal, high: Decimal) -> i64 {
    let part = || {
        let span = high.checked_sub(low).filter(|span| !span.is_zero())?;
        let place = value.checked_sub(low)?.checked_mul(Decimal::from(1000))?.checked_div(span)?;
        i64::try_from(place.round()).ok()
    };
    part().unwrap_or(500).clamp(0, 1000)
}

fn panel(svg: &mut String, series: &SeriesView, top: i64) {
    let (bottom, width) = (top + PANEL - BOTTOM, WIDTH - LEFT - RIGHT);
    text(svg, (LEFT, top + 22), "start", &format!("{} ({})", series.label, series.unit));
    let _ = writeln!(
        svg,
        "<rect x=\"{LEFT}\" y=\"{}\" width=\"{width}\" height=\"{}\" fill=\"none\" stroke=\"#bbbbbb\"/>",
        top + TOP,
        bottom - top - TOP
    );
    let lows = series.points.iter().map(|point| point.low.unwrap_or(point.value).0);
    let highs = series.points.iter().map(|point| point.high.unwrap_or(point.value).0);
    let (Some(low), Some(high)) = (lows.min(), highs.max()) else {
        text(svg, (LEFT + width / 2, (top + TOP + bottom) / 2), "middle", "no values");
        return;
    };
    let (Some(first), Some(last)) = (series.points.first(), series.points.last()) else { return };
    let x = |at: i64| {
        let span = last.at.millis() - first.at.millis();
        LEFT + if span == 0 { width / 2 } else { (at - first.at.millis()) * width / span }
    };
    let y = |value: Decimal| bottom - thousandths(value, low, high) * (bottom - top - TOP) / 1000;
    text(svg, (LEFT - 8, bottom), "end", &low.to_string());
    text(svg, (LEFT - 8, top + TOP + 10), "end", &high.to_string());
    text(svg, (LEFT, bottom + 20), "start", &first.at.date().to_string());
    text(svg, (WIDTH - RIGHT, bottom + 20), "end", &last.at.date().to_string());
    for point in &series.points {
        if let (Some(low), Some(high)) = (point.low, point.high) {
            let x = x(point.at.millis());
            let _ =
                writeln!(svg, "<path d=\"M{x} {} V{}\" stroke=\"#9ec5e8\" stroke-width=\"4\"/>", y(low.0), y(high.0));
        }
    }
    let line: Vec<_> =
        series.points.iter().map(|point| format!("{},{}", x(point.at.millis()), y(point.value.0))).collect();
    let _ =
        writeln!(svg, "<polyline points=\"{}\" fill=\"none\" stroke=\"#1565c0\" stroke-width=\"2\"/>", line.join(" "));
    for point in &series.points {
        let _ = writeln!(
            svg,
            "<circle cx=\"{}\" cy=\"{}\" r=\"3\" fill=\"#1565c0\"/>",
            x(point.at.millis()),
            y(point.value.0)
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::progress::{Point, Trend};
    use super::*;
    use crate::medicine::decimal::Number;
    use crate::platform::clock::Timestamp;

    fn series(label: &str, values: &[&str]) -> SeriesView {
        let point = |(day, value): (usize, &&str)| Point {
            at: Timestamp::from_millis(86_400_000 * i64::try_from(day).unwrap()),
            value: Number(value.parse().unwrap()),
            low: None,
            high: None,
        };
        SeriesView {
            name: "x".to_owned(),
            label: label.to_owned(),
            unit: "kg".to_owned(),
            points: values.iter().enumerate().map(point).collect(),
            change: None,
            trend: Trend::Unknown,
            left_out: 0,
        }
    }

    #[test]
    fn a_picture_shows_each_series_within_its_panel() {
        let svg = draw(&Progress { series: vec![series("weight", &["70.0", "72.5", "71"]), series("height", &[])] });
        assert!(svg.contains("viewBox=\"0 0 720 360\"") && svg.contains("no values"));
        assert!(svg.contains("points=\"90,146 395,40 700,"), "{svg}");
        assert_eq!(svg.matches("<circle").count(), 3);
    }

    #[test]
    fn what_people_write_cannot_draw() {
        let svg = draw(&Progress { series: vec![series("<script>alert(1)</script>&\"", &["1"])] });
        assert!(!svg.contains("<script") && svg.contains("&lt;script&gt;"));
    }

    #[test]
    fn one_value_and_equal_values_are_drawn_in_the_middle() {
        for values in [&["5"][..], &["5", "5"][..]] {
            let svg = draw(&Progress { series: vec![series("x", values)] });
            assert!(svg.contains("cy=\"93\""), "{svg}");
        }
    }
}
