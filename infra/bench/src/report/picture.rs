//! The report as a picture: for each function its start against hello's and its weight, beside their budgets.

use std::fmt::Write;

use super::{Case, IS_ARM64, Report, START, ZIPS, zip_limit};
use crate::subject::HELLO;

const ROW: usize = 14;
const TOP: usize = 40;
const NAMES: f64 = 190.0;
const PANEL: f64 = 330.0;
const GAP: f64 = 40.0;

/// One of the two panels.
struct Panel {
    title: &'static str,
    left: f64,
    most: f64,
    budget: f64,
    label: &'static str,
}

impl Panel {
    fn x(&self, figure: f64) -> f64 {
        self.left + (figure / self.most).min(1.0) * PANEL
    }
}

/// An SVG document.
pub fn svg(report: &Report) -> String {
    let hello = report.functions.get(HELLO).cloned().unwrap_or_default();
    // What is built for this machine.
    let all = if IS_ARM64 { ZIPS[0] } else { ZIPS[1] };
    let start = Panel { title: "start, times hello", left: NAMES, most: 3.0, budget: START, label: "budget" };
    let zip = Panel {
        title: if IS_ARM64 { "zip for arm64, MB" } else { "zip for x86_64, MB" },
        left: NAMES + PANEL + GAP,
        most: 5.0,
        budget: all,
        label: "budget, and more for each client",
    };
    let measured: Vec<_> = report.functions.iter().filter(|(_, one)| one.size.is_some()).collect();
    let bottom = TOP + ROW * measured.len();
    let width = NAMES + 2.0 * PANEL + GAP + 60.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {}\" font-family=\"sans-serif\" \
         font-size=\"10\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
        bottom + 20
    );
    for (index, (name, one)) in measured.into_iter().enumerate() {
        let y = TOP + index * ROW;
        let _ = writeln!(svg, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{name}</text>", NAMES - 6.0, y + 10);
        let case = Case { name, one, hello: &hello };
        let figures = [
            (&start, case.times_hello(|speed| speed.start.p50).map(|times| (times, START))),
            (&zip, one.size.as_ref().map(|size| (size.zip as f64 / 1e6, zip_limit(all, Some(size))))),
        ];
        for (panel, figure) in figures {
            let Some((figure, limit)) = figure else { continue };
            let colour = if figure <= limit { "#3b7a57" } else { "#b5482f" };
            let bar = panel.x(figure) - panel.left;
            let _ = writeln!(
                svg,
                "<rect x=\"{}\" y=\"{}\" width=\"{bar:.1}\" height=\"{}\" fill=\"{colour}\"/>\
                 <text x=\"{:.1}\" y=\"{}\">{figure:.2}</text>",
                panel.left,
                y + 2,
                ROW - 4,
                panel.x(figure) + 4.0,
                y + 10
            );
        }
    }
    for panel in [&start, &zip] {
        let x = panel.x(panel.budget);
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"20\" font-weight=\"bold\">{}</text>\
             <line x1=\"{x:.1}\" y1=\"{}\" x2=\"{x:.1}\" y2=\"{bottom}\" stroke=\"#b5482f\" stroke-dasharray=\"3 3\"/>\
             <text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            panel.left,
            panel.title,
            TOP - 6,
            TOP - 8,
            panel.label
        );
    }
    svg + "</svg>\n"
}
