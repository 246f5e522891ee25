//! Tantivy, with the same words in one field and what a page shows stored, in one segment on disk.

use std::path::Path;

use tantivy::collector::{Count, TopDocs};
use tantivy::merge_policy::NoMergePolicy;
use tantivy::query::{FuzzyTermQuery, Query, TermQuery};
use tantivy::schema::{IndexRecordOption, STORED, Schema, TEXT, Value};
use tantivy::{Index, IndexWriter, Searcher, TantivyDocument, Term};

use crate::measured::{Measured, SORTS, peak_memory, timed};
use crate::products::{card, queries};

/// How many products a page shows.
const PAGE: usize = 24;
/// How much memory it writes with.
const ARENA: usize = 200_000_000;

/// Writes it.
pub fn write(size: usize, place: &Path) -> Measured {
    let place = place.join("tantivy");
    std::fs::create_dir_all(&place).unwrap();
    let mut schema = Schema::builder();
    let words = schema.add_text_field("words", TEXT);
    let shown = schema.add_text_field("shown", STORED);
    let index = Index::create_in_dir(&place, schema.build()).unwrap();
    // The writer has threads of its own, whose time counts too.
    let begun = cpu_time::ProcessTime::now();
    let mut writer: IndexWriter = index.writer_with_num_threads(1, ARENA).unwrap();
    // What is merged is merged below, and by nobody else at the same time.
    writer.set_merge_policy(Box::new(NoMergePolicy));
    for number in 0..size {
        let card = card(number);
        let ingredient = card.ingredients.first().map(|one| one.name.clone()).unwrap_or_default();
        let mut document = TantivyDocument::default();
        document.add_text(words, format!("{} {} {ingredient}", card.name, card.brand.as_deref().unwrap_or_default()));
        document.add_text(
            shown,
            serde_json::json!({"id": card.id, "slug": card.slug, "name": card.name, "brand": card.brand,
                "ingredients": card.ingredients, "price": card.price, "pack_size": card.pack_size})
            .to_string(),
        );
        writer.add_document(document).unwrap();
    }
    writer.commit().unwrap();
    let segments = index.searchable_segment_ids().unwrap();
    if segments.len() > 1 {
        writer.merge(&segments).wait().unwrap();
    }
    writer.wait_merging_threads().unwrap();
    let mut measured = Measured::default();
    measured.note_time("written", begun.elapsed());
    let files = std::fs::read_dir(&place).unwrap();
    measured.note("size", files.map(|file| file.unwrap().metadata().unwrap().len() as f64).sum());
    measured
}

/// Opens it and searches.
pub fn search(size: usize, place: &Path) -> Measured {
    let first = queries(size, "word").remove(0);
    let mut measured = Measured::default();
    let (searcher, time) = timed(|| {
        let index = Index::open_in_dir(place.join("tantivy")).unwrap();
        let searcher = index.reader().unwrap().searcher();
        assert!(ask(&searcher, "word", &first) > 0, "{first}");
        searcher
    });
    measured.note_time("opened", time);
    for sort in SORTS {
        let mut times = Vec::new();
        for query in queries(size, sort) {
            times.push(timed(|| ask(&searcher, sort, &query)).1);
        }
        measured.note_queries(sort, times);
    }
    measured.note("memory", peak_memory());
    measured
}

fn ask(searcher: &Searcher, sort: &str, query: &str) -> usize {
    let schema = searcher.schema();
    let (words, shown) = (schema.get_field("words").unwrap(), schema.get_field("shown").unwrap());
    let term = Term::from_field_text(words, query);
    let slips = if query.chars().count() < 8 { 1 } else { 2 };
    let query: Box<dyn Query> = match sort {
        "word" => Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)),
        "beginning" => Box::new(FuzzyTermQuery::new_prefix(term, 0, true)),
        _ => Box::new(FuzzyTermQuery::new_prefix(term, slips, true)),
    };
    let (top, count) = searcher.search(&*query, &(TopDocs::with_limit(PAGE).order_by_score(), Count)).unwrap();
    for (_, address) in top {
        let document: TantivyDocument = searcher.doc(address).unwrap();
        assert!(
            document.get_first(shown).and_then(|shown| shown.as_str().map(str::len)).is_some_and(|length| length > 0)
        );
    }
    count
}
