//! Whole corpora, good and hostile, from bytes to rows and problems and back to bodies.

mod documents;
mod lines;
mod noise;

use std::ops::ControlFlow;

use crate::corpus::format::{Context, parse};
use crate::corpus::{Corpus, Loaded, Problem, Sources, body, load};

struct Read {
    sources: Sources,
    corpus: Corpus,
    problems: Vec<Problem>,
}

impl Read {
    fn ids(&self) -> Vec<&str> {
        self.corpus.rows().map(|row| self.corpus.get(row).unwrap().id()).collect()
    }

    /// Place and finding of every problem.
    fn found(&self) -> Vec<(u64, &str)> {
        self.problems.iter().map(|problem| (problem.line.unwrap(), problem.found.as_str())).collect()
    }
}

fn read_files(files: &[(&str, &[u8])]) -> Read {
    let files = files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    let sources = Sources::in_memory(files);
    let (mut corpus, mut problems) = (Corpus::default(), Vec::new());
    load(&sources, &mut |loaded| {
        match loaded {
            Loaded::Segment(segment) => drop(corpus.push(segment)),
            Loaded::Problem(problem) => problems.push(problem),
            Loaded::Restart => panic!("nothing is read twice"),
            Loaded::Progress { bytes, total } => assert!(bytes <= total),
        }
        ControlFlow::Continue(())
    });
    let read = Read { sources, corpus, problems };
    bodies_agree(&read, &files_of(&read));
    read
}

fn files_of(read: &Read) -> Vec<Vec<u8>> {
    read.sources
        .iter()
        .map(|source| source.open().unwrap().read(0, usize::try_from(source.len()).unwrap()).unwrap())
        .collect()
}

/// The body of every row is what its bytes give, and has the row's id and title.
fn bodies_agree(read: &Read, files: &[Vec<u8>]) {
    for row in read.corpus.rows() {
        let row = read.corpus.get(row).unwrap();
        let source = read.sources.get(row.source()).unwrap();
        let place = row.place();
        let start = usize::try_from(place.offset).unwrap();
        let record = &files[row.source()][start..start + place.length as usize];
        let context = Context::new(source.format(), place.offset, source.stem());
        let (post, _) = parse(record, &context).unwrap();
        assert_eq!(body::read(&read.sources, row).unwrap(), post);
        assert_eq!((row.id(), row.title()), (post.id.as_str(), post.title.as_str()));
        let before = memchr::memchr_iter(b'\n', &files[row.source()][..start]).count();
        assert_eq!(place.line as usize, before + 1);
    }
}

fn jsonl(text: &str) -> Read {
    read_files(&[("posts.jsonl", text.as_bytes())])
}

fn json(text: &str) -> Read {
    read_files(&[("posts.json", text.as_bytes())])
}

#[test]
fn the_first_segment_is_small_and_loading_can_be_stopped() {
    let file: Vec<String> = (0..20_000).map(|n| format!("{{\"id\":{n}}}\n")).collect();
    let file = file.concat();
    let sources = Sources::in_memory(vec![
        ("a.jsonl".into(), file.clone().into_bytes()),
        ("b.jsonl".into(), file.into_bytes()),
    ]);
    let mut lengths = Vec::new();
    load(&sources, &mut |loaded| {
        if let Loaded::Segment(segment) = loaded {
            lengths.push(segment.len());
        }
        if lengths.len() == 9 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(lengths, [64, 128, 256, 512, 1024, 2048, 4096, 8192, 3680]);
}

#[test]
fn rows_of_many_ids_are_found_in_one_pass() {
    let read = jsonl("{\"id\":\"a\"}\n{\"id\":\"b\",\"n\":1}\n{\"id\":\"c\"}\n{\"id\":\"b\",\"n\":2}\n");
    let found = |ids: &[&'static str]| {
        let mut found: Vec<(&str, Vec<u32>)> = Vec::new();
        for (id, rows) in read.corpus.rows_with_ids(ids.iter().copied()) {
            assert_eq!(rows, read.corpus.rows_with_id(id));
            found.push((id, rows.iter().map(|row| row.0).collect()));
        }
        found.sort();
        found
    };
    assert_eq!(found(&["c", "b", "x", "b"]), [("b", vec![1, 3]), ("c", vec![2])]);
    assert_eq!(found(&["b"]), [("b", vec![1, 3])]);
    assert_eq!((found(&["x"]), found(&[])), (Vec::new(), Vec::new()));
}
