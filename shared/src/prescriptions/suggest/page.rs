//! A page as a reader of pictures gives it: lines of text, and where they stand.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where something stands on a page, in thousandths of its width and height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaceOnPage)]
pub struct Place {
    /// From the left edge.
    pub left: u16,
    /// From the upper edge.
    pub top: u16,
    /// How wide it is.
    pub width: u16,
    /// How high it is.
    pub height: u16,
}

/// A line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// As it was read.
    pub text: String,
    /// How sure the reader is, in percent. It is no proof: wrong letters are read with 99.
    pub confidence: u8,
    /// Where it stands.
    pub place: Place,
    /// How much it falls on a thousand of the page's width; below zero it rises.
    pub slope: i32,
}

/// The lines of one page, in no order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The lines.
    pub lines: Vec<Line>,
}

impl Page {
    /// The lines from the top to the bottom and from the left to the right, as if the sheet lay straight.
    pub fn levelled(&self) -> Vec<&Line> {
        // Short lines say little about how a sheet lies.
        let mut slopes: Vec<_> =
            self.lines.iter().filter(|line| line.place.width >= 150).map(|line| line.slope).collect();
        slopes.sort_unstable();
        let slope = slopes.get(slopes.len() / 2).copied().unwrap_or_default();
        let level = |line: &Line| {
            let (left, top) = (i32::from(line.place.left), i32::from(line.place.top));
            top - slope.saturating_mul(left) / 1000
        };
        let mut lines: Vec<_> = self.lines.iter().collect();
        lines.sort_by_key(|line| (level(line), line.place.left));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, (left, top, width): (u16, u16, u16), slope: i32) -> Line {
        Line { text: text.to_owned(), confidence: 99, place: Place { left, top, width, height: 20 }, slope }
    }

    #[test]
    fn a_tilted_sheet_is_read_as_if_it_lay_straight() {
        // It rises to the right: what stands beside the second line is photographed above the first.
        let (first, second) = (line("first", (100, 300, 300), -100), line("second", (100, 340, 300), -100));
        let beside = line("beside the second", (700, 281, 200), -100);
        let page = Page { lines: vec![beside, second, first] };
        let texts: Vec<_> = page.levelled().iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["first", "second", "beside the second"]);
    }
}
