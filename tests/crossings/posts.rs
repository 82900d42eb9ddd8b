//! The posts: two files of them, which are edited, written anew and read again.

use std::collections::HashMap;
use std::fmt::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use copydesk::corpus::{Corpus, Loaded, Row, Segment, Sources, body, load};
use copydesk::model::{Digest, PostId};

use crate::naive::Asked;

/// The id of each post and the file that it stands in. Two posts of one file share an id, and so do two of
/// both files.
pub(crate) const POSTS: [(&str, usize); 7] =
    [("p", 0), ("twin", 0), ("twin", 0), ("x", 0), ("q", 1), ("x", 1), ("r", 1)];
pub(crate) const FILES: [&str; 2] = ["a", "b"];
pub(crate) const VERSIONS: usize = 4;

/// What stands in the files.
pub(crate) struct Corpora {
    folder: PathBuf,
    /// The version of the text of each post.
    pub(crate) versions: [usize; POSTS.len()],
    is_out: [bool; POSTS.len()],
    /// Counts up with every writing: what is volatile changes with it.
    written: usize,
    /// The order of each file.
    orders: [usize; FILES.len()],
    /// The digest of each version, as it was first read.
    digests: Vec<String>,
    read: HashMap<String, Rc<Posts>>,
}

/// The posts of some files, as a command reads them.
pub(crate) struct Posts {
    pub(crate) sources: Sources,
    pub(crate) segments: Vec<std::sync::Arc<Segment>>,
    pub(crate) corpus: Corpus,
    pub(crate) rows: Vec<Post>,
}

/// One post of those.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    pub(crate) row: Row,
    /// Its number in [`POSTS`].
    pub(crate) number: usize,
    pub(crate) root: usize,
    pub(crate) id: PostId,
    pub(crate) digest: Digest,
}

impl Corpora {
    pub(crate) fn new(folder: &Path) -> Self {
        let versions = std::array::from_fn(|number| number % 3);
        let (is_out, orders) = ([false; POSTS.len()], [0; FILES.len()]);
        let mut corpora = Self {
            folder: folder.to_owned(),
            versions,
            is_out,
            written: 0,
            orders,
            digests: Vec::new(),
            read: HashMap::new(),
        };
        let text: String = (0..VERSIONS).map(|version| corpora.line("p", version, 0)).collect();
        let sources = Sources::in_memory(vec![("posts.jsonl".to_owned(), text.into_bytes())]);
        let posts = Posts::load(sources);
        corpora.digests = posts.rows.iter().map(|post| post.digest.to_string()).collect();
        corpora
    }

    /// Everything as in the beginning.
    pub(crate) fn reset(&mut self) {
        self.versions = std::array::from_fn(|number| number % 3);
        (self.is_out, self.orders) = ([false; POSTS.len()], [0; FILES.len()]);
        (0..FILES.len()).for_each(|file| self.write(file));
    }

    pub(crate) fn edit(&mut self, number: usize, version: usize) {
        self.versions[number] = version;
        self.write(POSTS[number].1);
    }

    /// Takes a post out of its file, or puts it back. Some post always stays.
    pub(crate) fn drop_or_put_back(&mut self, number: usize) {
        let file = POSTS[number].1;
        self.is_out[number] ^= true;
        if self.numbers(file).is_empty() {
            self.is_out[number] = false;
        }
        self.write(file);
    }

    /// Writes the same posts in another order and spelling, with other counts.
    pub(crate) fn write_again(&mut self, file: usize, order: usize) {
        self.orders[file] = order;
        self.write(file);
    }

    /// The posts of a file, in its order.
    fn numbers(&self, file: usize) -> Vec<usize> {
        let is_in = |number: &usize| POSTS[*number].1 == file && !self.is_out[*number];
        let mut numbers: Vec<usize> = (0..POSTS.len()).filter(is_in).collect();
        let by = self.orders[file] % numbers.len().max(1);
        numbers.rotate_left(by);
        if self.orders[file] > 3 {
            numbers.reverse();
        }
        numbers
    }

    fn line(&self, id: &str, version: usize, spelling: usize) -> String {
        let body = format!("The text of version {version}.\\n\\nA second paragraph.");
        let views = self.written;
        match spelling % 2 {
            0 => format!(
                "{{\"id\":\"{id}\",\"title\":\"on version {version}\",\"body\":\"{body}\",\"checklist\":[\"first\",\"second\"],\"view_count\":{views}}}\n"
            ),
            _ => format!(
                "{{ \"view_count\":{views}, \"checklist\": [\"first\", \"second\"], \"body\":\"{body}\", \"title\":\"on version {version}\", \"id\":\"{id}\" }}\n"
            ),
        }
    }

    fn write(&mut self, file: usize) {
        self.written += 1;
        let mut text = String::new();
        for number in self.numbers(file) {
            let line = self.line(POSTS[number].0, self.versions[number], self.orders[file]);
            text.write_str(&line).unwrap();
        }
        std::fs::write(self.path(file), text).unwrap();
        self.read.clear();
    }

    pub(crate) fn path(&self, file: usize) -> PathBuf {
        self.folder.join(format!("{}.jsonl", FILES[file]))
    }

    /// Reads some files, by their names: `a`, `b` or `ab`.
    pub(crate) fn read(&mut self, opened: &str) -> Rc<Posts> {
        if let Some(posts) = self.read.get(opened) {
            return Rc::clone(posts);
        }
        let files: Vec<usize> = files_of(opened);
        let paths: Vec<PathBuf> = files.iter().map(|file| self.path(*file)).collect();
        let mut posts = Posts::load(Sources::open(&paths).unwrap().0);
        let numbers = files.iter().enumerate().flat_map(|(root, file)| {
            self.numbers(*file).into_iter().map(move |number| (root, number)).collect::<Vec<_>>()
        });
        for (post, (root, number)) in posts.rows.iter_mut().zip(numbers) {
            (post.root, post.number) = (root, number);
            assert_eq!(post.id.as_str(), POSTS[number].0);
            assert_eq!(post.digest.to_string(), self.digests[self.versions[number]], "written again");
        }
        let posts = Rc::new(posts);
        self.read.insert(opened.to_owned(), Rc::clone(&posts));
        posts
    }
}

/// The numbers of some files by their names.
pub(crate) fn files_of(opened: &str) -> Vec<usize> {
    FILES.iter().enumerate().filter(|(_, name)| opened.contains(**name)).map(|(file, _)| file).collect()
}

impl Posts {
    fn load(sources: Sources) -> Self {
        let (mut corpus, mut segments) = (Corpus::default(), Vec::new());
        load(&sources, &mut |loaded| {
            match loaded {
                Loaded::Segment(segment) => {
                    drop(corpus.push(std::sync::Arc::clone(&segment)));
                    segments.push(segment);
                }
                Loaded::Problem(problem) => panic!("{problem:?}"),
                Loaded::Progress { .. } | Loaded::Restart => {}
            }
            ControlFlow::Continue(())
        });
        let rows: Vec<Row> = corpus.rows().collect();
        let digests: HashMap<Row, Option<Digest>> =
            body::digests(&sources, &corpus, &rows).into_iter().collect();
        let post = |row: Row| Post {
            row,
            number: 0,
            root: 0,
            id: PostId::new(corpus.get(row).unwrap().id()),
            digest: digests[&row].unwrap(),
        };
        let rows = rows.into_iter().map(post).collect();
        Self { sources, segments, corpus, rows }
    }

    pub(crate) fn numbered(&self, number: usize) -> Option<&Post> {
        self.rows.iter().find(|post| post.number == number)
    }

    /// The digests of the other posts with the id of this one.
    pub(crate) fn siblings(&self, post: &Post) -> Vec<Digest> {
        let twins = self.rows.iter().filter(|other| other.id == post.id && other.row != post.row);
        twins.map(|twin| twin.digest).collect()
    }

    /// What the fold is asked about a post. `digests` are those of the posts, as text.
    pub(crate) fn asked<'a>(&'a self, at: usize, digests: &'a [String]) -> Asked<'a> {
        let post = &self.rows[at];
        let twins =
            self.rows.iter().zip(digests).filter(|(other, _)| other.id == post.id && other.row != post.row);
        Asked {
            id: post.id.as_str(),
            digest: &digests[at],
            twins: twins.map(|(_, digest)| digest.as_str()).collect(),
        }
    }

    pub(crate) fn digests(&self) -> Vec<String> {
        self.rows.iter().map(|post| post.digest.to_string()).collect()
    }
}
