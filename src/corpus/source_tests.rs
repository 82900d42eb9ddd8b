//! Files and folders as they are found on a disk.

use std::fs;
use std::io::Write;
use std::ops::ControlFlow;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::format::format_named;
use super::source::Sources;
use super::{Corpus, Loaded, Problem, Reading, RootKind, Row, SourceError, body, load};

const POST: &[u8] = b"{\"id\":1,\"title\":\"t\"}\n";

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn open(path: &Path) -> Result<(Sources, Vec<Problem>), SourceError> {
    Sources::open_with(&[path.to_owned()], &Reading::default(), &mut std::io::empty())
}

fn refused(path: &Path) -> String {
    open(path).map(|_| ()).unwrap_err().to_string()
}

/// The sources by their names below `folder`.
fn names(sources: &Sources, folder: &Path) -> Vec<String> {
    let below = |path: &Path| path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
    sources.iter().map(|source| below(source.path())).collect()
}

fn corpus(sources: &Sources) -> (Corpus, Vec<Problem>) {
    let (mut corpus, mut problems) = (Corpus::default(), Vec::new());
    load(sources, &mut |loaded| {
        match loaded {
            Loaded::Segment(segment) => drop(corpus.push(segment)),
            Loaded::Problem(problem) => problems.push(problem),
            Loaded::Progress { .. } | Loaded::Restart => {}
        }
        ControlFlow::Continue(())
    });
    (corpus, problems)
}

#[test]
fn a_folder_is_walked_in_the_order_of_its_paths() {
    let dir = folder(&[
        ("b.jsonl", POST),
        ("a/z.txt", b"a title"),
        ("a.txt", b"a title"),
        ("a/b.ndjson", POST),
        (".hidden.jsonl", POST),
        (".git/x.txt", b"x"),
        ("reviews.jsonl", POST),
        ("reviews-ann.jsonl", POST),
        ("b.jsonl.reviews.jsonl", POST),
        (".ignore", b"*.txt"),
        ("plain", POST),
        ("pretty.log", b"[{\"id\":1}]"),
        ("article.md", b"t\n\nbrand post meta\n\ntopicx"),
        ("reviews.txt", b"on reviews"),
    ]);
    let (sources, problems) = open(dir.path()).unwrap();
    let expected =
        ["a.txt", "a/b.ndjson", "a/z.txt", "article.md", "b.jsonl", "plain", "pretty.log", "reviews.txt"];
    assert_eq!((names(&sources, dir.path()), problems), (expected.map(String::from).to_vec(), vec![]));
    assert_eq!(sources.roots()[0].kind, RootKind::Folder);
    let formats: Vec<&str> = sources.iter().map(|source| source.format().name).collect();
    assert_eq!(formats, ["page", "jsonl", "page", "page", "jsonl", "jsonl", "json", "page"]);
    assert_eq!(sources.total_bytes(), sources.iter().map(super::Source::len).sum::<u64>());
}

#[test]
fn what_is_no_file_of_posts_is_named_and_left_out() {
    let dir = folder(&[
        ("a.jsonl", POST),
        ("c.bin", b"\0\xff"),
        ("d.jsonl", b"\xff\xfe{\0}\0"),
        ("e.md", b"# notes"),
        ("f.jsonl", b"\x1f\x8b\x08"),
    ]);
    symlink(dir.path(), dir.path().join("loop")).unwrap();
    symlink("nowhere", dir.path().join("dangling.txt")).unwrap();
    symlink("a.jsonl", dir.path().join("link.jsonl")).unwrap();
    nix::unistd::mkfifo(&dir.path().join("pipe.jsonl"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(dir.path().join("socket.txt")).unwrap();
    let (sources, problems) = open(dir.path()).unwrap();
    assert_eq!(names(&sources, dir.path()), ["a.jsonl", "link.jsonl"]);
    let mut found: Vec<(String, &str)> = problems
        .iter()
        .map(|problem| (problem.file.rsplit('/').next().unwrap().to_owned(), problem.found.as_str()))
        .collect();
    found.sort();
    let expected = [
        ("c.bin", "bytes that are no text"),
        ("d.jsonl", "what looks like UTF-16"),
        ("dangling.txt", "a link to nothing"),
        ("e.md", "what looks like Markdown"),
        ("f.jsonl", "a file packed with gzip"),
        ("loop", "a link to a folder that it stands in"),
        ("pipe.jsonl", "a FIFO"),
        ("socket.txt", "a socket"),
    ];
    assert_eq!(found, expected.map(|(file, found)| (file.to_owned(), found)));
}

#[test]
fn what_is_named_and_cannot_be_read_is_refused_in_a_sentence() {
    let dir = folder(&[
        ("a.jsonl", b"\xff\xfe{\0}\0"),
        ("b", b"\0\x01"),
        ("c.json", b"\x28\xb5\x2f\xfd"),
        ("empty/.x", b""),
        ("\u{1b}]0;x.jsonl", b"PK\x03\x04"),
    ]);
    let path = |name: &str| dir.path().join(name);
    for (name, sentence) in [
        ("none.jsonl", "there is no such file or folder; look at the name again"),
        ("a.jsonl", "convert it with `iconv -f utf-16 -t utf-8`"),
        ("b", "found bytes that are no text, expected posts as text: JSONL, JSON or post pages"),
        ("c.json", "unpack it first, for example with `zstd -dc FILE | copydesk -`"),
        ("empty", "found no posts in"),
        ("\u{1b}]0;x.jsonl", "␛]0;x.jsonl: found a file packed with zip"),
    ] {
        let error = refused(&path(name));
        assert!(error.contains(sentence), "{error}");
        assert!(!error.contains(char::is_control), "{error}");
    }
    for (name, kind) in [("/dev/null", "a device"), ("/dev/zero", "a device")] {
        assert!(refused(Path::new(name)).contains(kind));
    }
    assert!(matches!(open(Path::new("/proc/self/mem")), Err(SourceError::Unreadable { .. })));
    assert!(refused(Path::new("/proc/self/status")).contains("a file of the kernel without a length"));
    symlink("self", path("self")).unwrap();
    assert!(refused(&path("self")).contains("cannot read"));
}

#[test]
fn a_named_file_is_judged_as_strictly_as_one_in_a_folder() {
    let dir = folder(&[
        ("a.csv", b"id,title\n1,t\n"),
        ("b.md", b"---\ntitle: t\n---\nwords\n"),
        ("c.html", b"<p>words"),
        ("d.xml", b"<?xml version='1.0'?><rss/>"),
        ("e.js", b"window.posts = []"),
        ("f.log", b"words"),
        ("sub/1.md", b"# one"),
        ("sub/2.md", b"# two"),
        ("sub/3.png", b"\x89PNG\r\n"),
        ("sub/a.txt", b"a title"),
        ("blank.md", b" \n"),
    ]);
    let path = |name: &str| dir.path().join(name);
    for (name, found) in [
        ("a.csv", "what looks like CSV"),
        ("b.md", "what looks like Markdown"),
        ("c.html", "what looks like HTML"),
        ("d.xml", "what looks like XML"),
        ("e.js", "what looks like source code"),
        ("f.log", "plain text without a `post meta` line"),
    ] {
        let error = refused(&path(name));
        assert!(error.contains(found) && error.contains("JSONL") && error.contains("--as page"), "{error}");
        let mut stdin: &[u8] = &fs::read(path(name)).unwrap();
        let piped = Sources::open_with(&["-".into()], &Reading::default(), &mut stdin);
        assert!(matches!(piped, Err(SourceError::Refused { .. })), "{name}");
    }
    assert_eq!(corpus(&open(&path("blank.md")).unwrap().0).0.len(), 0);
    let (sources, problems) = open(&path("sub")).unwrap();
    assert_eq!(names(&sources, dir.path()), ["sub/a.txt"]);
    let said: Vec<String> = problems.iter().map(Problem::to_string).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said[0].contains("sub/1.md") && said[0].contains("Markdown, the first of 2 such files"),
        "{said:?}"
    );
    assert!(said[1].contains("sub/3.png") && said[1].contains("a picture"), "{said:?}");

    let page = Reading { format: format_named("page") };
    let (sources, _) = Sources::open_as(&[path("b.md")], &page).unwrap();
    assert_eq!(corpus(&sources).0.get(Row(0)).unwrap().title(), "---");
    let (sources, problems) = Sources::open_as(&[path("sub")], &page).unwrap();
    assert_eq!((sources.iter().count(), problems.len()), (3, 1));
    let (again, _) = sources.reopen().unwrap().unwrap();
    assert!(again.are(&sources));
}

#[test]
fn names_of_any_bytes_can_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let name = std::ffi::OsStr::from_bytes(b"-a\n\xff\x1b.txt");
    fs::write(dir.path().join(name), "a title").unwrap();
    for path in [dir.path().join(name), dir.path().to_owned()] {
        let (sources, problems) = open(&path).unwrap();
        assert_eq!(problems, []);
        assert!(sources.get(0).unwrap().name().ends_with("-a\n\u{fffd}\u{1b}.txt"));
        let (corpus, _) = corpus(&sources);
        assert_eq!(corpus.get(Row(0)).unwrap().title(), "a title");
        // A name that is no text is no id.
        assert!(corpus.get(Row(0)).unwrap().id().starts_with("text-"));
    }
}

#[test]
fn standard_input_is_kept_and_read_again() {
    let mut stdin = &b"{\"id\":1,\"title\":\"t\"}\n{\"id\":2}\n{\"id\":"[..];
    let dir = folder(&[("a.jsonl", POST)]);
    let paths = [PathBuf::from("-"), dir.path().join("a.jsonl")];
    let (sources, _) = Sources::open_with(&paths, &Reading::default(), &mut stdin).unwrap();
    assert_eq!(
        sources.roots().iter().map(|root| root.kind).collect::<Vec<_>>(),
        [RootKind::Stdin, RootKind::File]
    );
    let (corpus, problems) = corpus(&sources);
    assert_eq!((corpus.len(), problems[0].place().as_str()), (3, "-:3"));
    assert_eq!(body::read(&sources, corpus.get(Row(0)).unwrap()).unwrap().title, "t");
    assert_eq!(corpus.get(Row(2)).unwrap().source(), 1);
    let twice = Sources::open_with(&["-".into(), "-".into()], &Reading::default(), &mut std::io::empty());
    assert!(matches!(twice, Err(SourceError::StdinTwice)));
    let packed = Sources::open_with(&["-".into()], &Reading::default(), &mut &b"\x1f\x8b\x08"[..]);
    assert!(matches!(packed, Err(SourceError::Refused { .. })));
}

#[test]
fn a_folder_of_pages_shares_segments() {
    let files: Vec<(String, Vec<u8>)> =
        (0..300).map(|n| (format!("{n:03}.txt"), format!("title {n}").into_bytes())).collect();
    let dir =
        folder(&files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect::<Vec<_>>());
    let (sources, _) = open(dir.path()).unwrap();
    let (corpus, problems) = corpus(&sources);
    assert_eq!((corpus.len(), problems), (300, vec![]));
    assert_eq!(corpus.segments().map(|(_, segment)| segment.len()).collect::<Vec<_>>(), [64, 128, 108]);
    for row in corpus.rows() {
        let row = corpus.get(row).unwrap();
        let post = body::read(&sources, row).unwrap();
        assert_eq!((post.id.as_str(), post.title.as_str()), (row.id(), row.title()));
        assert_eq!(post.title, format!("title {}", row.source()));
        assert_eq!(row.id(), format!("{:03}", row.source()));
    }
}

#[test]
fn a_file_that_changed_is_noticed_and_one_that_only_grew_still_read() {
    let dir = folder(&[("a.jsonl", b"{\"id\":1,\"title\":\"one\"}\n{\"id\":2,\"title\":\"two\"}\n")]);
    let path = dir.path().join("a.jsonl");
    let (sources, _) = open(&path).unwrap();
    let source = sources.get(0).unwrap();
    let (corpus, _) = corpus(&sources);
    let title = |row| body::read(&sources, corpus.get(Row(row)).unwrap()).map(|post| post.title);
    assert!(!source.has_changed());

    fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(POST).unwrap();
    assert!(source.has_changed());
    assert_eq!(title(1).unwrap(), "two");

    let (start, end) = ("{\"id\":1,\"title\":\"one\"}\n", "{\"id\":2,\"title\":\"too\"}\n");
    fs::write(&path, format!("{start}{end}")).unwrap();
    assert_eq!(title(0).unwrap(), "one");
    let error = title(1).unwrap_err().to_string();
    assert!(error.ends_with(
        "has changed since it was read, and post 2 is no longer where it was; read the file again"
    ));

    fs::write(&path, "").unwrap();
    assert!(matches!(title(0), Err(body::BodyError::Changed { .. })));
    fs::remove_file(&path).unwrap();
    assert!(matches!(title(0), Err(body::BodyError::Unreadable { .. })));
    assert!(source.has_changed());
    let others = Sources::default();
    assert!(matches!(
        body::read(&others, corpus.get(Row(0)).unwrap()),
        Err(body::BodyError::NoSource { .. })
    ));
}

#[test]
fn a_file_that_vanishes_before_it_is_loaded_is_a_problem() {
    let dir = folder(&[("a.jsonl", POST), ("b.jsonl", POST)]);
    let (sources, _) = open(dir.path()).unwrap();
    fs::remove_file(dir.path().join("a.jsonl")).unwrap();
    let (corpus, problems) = corpus(&sources);
    assert_eq!((corpus.len(), problems.len()), (1, 1));
    assert!(problems[0].found.starts_with("a file that cannot be read (No such file"));
}
