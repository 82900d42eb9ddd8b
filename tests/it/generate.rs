//! Posts that are made up: the same for the same seed, in every layout, with the defects that the
//! truth file tells of and no others. What is a defect is worked out here anew, from the posts.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use copydesk::corpus::{Corpus, Loaded, Sources, body, load};
use copydesk::generate::{Form, KINDS, Output, Request, write_pages, write_posts};
use copydesk::model::Post;
use serde_json::Value;

use crate::support::shell::{Shell, fine};

/// Posts as JSONL, and the truth about them.
fn made(seed: u64, first: u64, count: u64, form: Form) -> (Vec<u8>, Vec<u8>) {
    let (mut posts, mut truth) = (Vec::new(), Vec::new());
    let request = Request { seed, first, count };
    let mut last = 0;
    write_posts(
        &request,
        form,
        &mut Output { name: "posts".to_owned(), to: &mut posts },
        Some(&mut Output { name: "truth".to_owned(), to: &mut truth }),
        &mut |done| last = done,
    )
    .unwrap();
    assert_eq!(last, count);
    (posts, truth)
}

fn lines(text: &[u8]) -> Vec<Value> {
    std::str::from_utf8(text).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn strings(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|item| item.as_str().unwrap()).collect()
}

/// What the project's own reader makes of some paths.
fn read(paths: &[PathBuf]) -> Vec<Post> {
    let (sources, problems) = Sources::open(paths).unwrap();
    assert_eq!(problems, []);
    let mut corpus = Corpus::default();
    load(&sources, &mut |loaded| {
        match loaded {
            Loaded::Segment(segment) => drop(corpus.push(segment)),
            Loaded::Problem(problem) => panic!("{problem}"),
            Loaded::Progress { .. } | Loaded::Restart => {}
        }
        ControlFlow::Continue(())
    });
    corpus.rows().map(|row| body::read(&sources, corpus.get(row).unwrap()).unwrap()).collect()
}

/// A changed digest means that every corpus of every seed is another one from now on: say so in
/// the changelog.
#[test]
fn a_seed_gives_the_same_posts_everywhere() {
    let (posts, truth) = made(1, 1, 1_000, Form::Jsonl);
    assert_eq!(
        (blake3::hash(&posts).to_hex().as_str(), blake3::hash(&truth).to_hex().as_str()),
        (
            "1350956ff81b59c4702282e7f7f192bd83077457b9e03788b9a7b4f867c5091d",
            "52af5e1e175fd495a4a058dd7ebda99df89d8372d13498ed6797910e5c5988bd"
        )
    );
    assert_ne!(made(2, 1, 1, Form::Jsonl).0, made(1, 1, 1, Form::Jsonl).0);
}

#[test]
fn a_post_is_the_same_alone_and_among_others() {
    let (all, truth) = made(7, 1, 2_000, Form::Jsonl);
    let all: Vec<&[u8]> = all.split_inclusive(|byte| *byte == b'\n').collect();
    for (index, post) in
        (1..).zip(&all).filter(|(index, _)| [1, 2, 63, 64, 65, 512, 1_024, 2_000].contains(index))
    {
        assert_eq!(made(7, index, 1, Form::Jsonl).0, *post, "{index}");
    }
    let (tail, tail_truth) = made(7, 1_501, 500, Form::Jsonl);
    assert_eq!(tail, all[1_500..].concat());
    assert!(!tail_truth.is_empty() && truth.ends_with(&tail_truth));
    assert_eq!(lines(&made(7, 1_000_000_000, 1, Form::Jsonl).0)[0]["id"], "inkwell-1000000000");
}

/// What a reader of the posts alone can find out about them, post by post.
#[derive(Default)]
struct Inspector {
    /// The posts that have a paragraph.
    paragraphs: HashMap<String, Vec<String>>,
    /// The first post with a body, and its title.
    bodies: HashMap<String, (String, String)>,
}

impl Inspector {
    fn inspect(&mut self, post: &Value) -> (BTreeSet<&'static str>, Option<String>) {
        let mut kinds = BTreeSet::new();
        let (title, body) = (post["title"].as_str().unwrap(), post["body"].as_str().unwrap());
        let blocks: Vec<&str> = body.split("\n\n").collect();
        let images = post["image_sources"].as_array().unwrap();
        let claim = post["revision"]["status"].as_str().unwrap();
        if post["flags"]["needs_human_review"] == true
            && ["reviewed", "approved", "published"].contains(&claim)
        {
            kinds.insert("claimed_reviewed");
        }
        let shown = blocks.iter().filter(|block| block.contains(". image source: ")).count();
        assert_eq!(shown, images.len(), "{post}");
        if post["flags"]["has_images"] == true && images.is_empty() {
            kinds.insert("images_missing");
        }
        for image in images {
            let (url, host) = (image["url"].as_str().unwrap(), image["source"].as_str().unwrap());
            assert!(url.starts_with(&format!("https://{host}/")), "{url}");
            assert!(
                body.contains(&format!("\n{}. image source: {host}", image["caption"].as_str().unwrap()))
            );
            if ![".png", ".webp", ".jpg", ".svg"].iter().any(|extension| url.ends_with(extension)) {
                kinds.insert("truncated_url");
            }
            if ["dummyimage.com", "placehold.co", "via.placeholder.com", "placekitten.com"].contains(&host) {
                kinds.insert("placeholder_image");
            }
        }
        let is_prose = |block: &&&str| !block.contains('\n') && block.ends_with(['.', '?', '!', '。']);
        if post["payload"]["paragraphs"] != blocks.iter().filter(is_prose).count() {
            kinds.insert("wrong_paragraphs");
        }
        let words = body.split_whitespace().filter(|word| *word != "•").count();
        if post["reading_time"] != words.div_ceil(110) {
            kinds.insert("wrong_reading_time");
        }
        let texts = [title, body, post["summary"].as_str().unwrap()];
        if texts.iter().any(|text| text.contains(|c: char| c.is_control() && c != '\n')) {
            kinds.insert("control_character");
        }
        let mut axes = post["score"].as_object().unwrap().values();
        if axes.any(|score| !(0..=100).contains(&score.as_i64().unwrap())) {
            kinds.insert("score_out_of_range");
        }
        let id = post["id"].as_str().unwrap().to_owned();
        // All paragraphs but one are those of an earlier post.
        let prose: Vec<&str> = blocks.iter().filter(is_prose).copied().collect();
        let mut shared: BTreeMap<String, usize> = BTreeMap::new();
        for paragraph in &prose {
            let holders = self.paragraphs.entry((*paragraph).to_owned()).or_default();
            holders.iter().for_each(|holder| *shared.entry(holder.clone()).or_default() += 1);
            holders.push(id.clone());
        }
        let near = shared.into_iter().find(|(_, count)| *count + 1 >= prose.len());
        let mut original = near.map(|(holder, _)| holder);
        let (first, first_title) =
            self.bodies.entry(body.to_owned()).or_insert_with(|| (id.clone(), title.to_owned()));
        if *first != id {
            assert_eq!(first_title, title);
            kinds.insert("exact_duplicate");
            original = Some(first.clone());
        } else if original.is_some() {
            kinds.insert("near_duplicate");
        }
        (kinds, original)
    }
}

#[test]
fn the_truth_is_what_is_in_the_posts_and_nothing_else_is() {
    let (posts, truth) = made(3, 1, 12_000, Form::Jsonl);
    let posts = lines(&posts);
    let truth = lines(&truth);
    let mut told: HashMap<&str, &Value> = HashMap::new();
    for line in &truth {
        assert!(told.insert(line["id"].as_str().unwrap(), line).is_none());
    }
    let mut inspector = Inspector::default();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, post) in (1..).zip(&posts) {
        let id = post["id"].as_str().unwrap();
        let (found, original) = inspector.inspect(post);
        found.iter().for_each(|kind| *counts.entry(kind).or_default() += 1);
        let Some(line) = told.get(id) else {
            assert!(found.is_empty(), "{id}: {found:?}, and nothing is said of it");
            continue;
        };
        assert_eq!(line["index"], index);
        assert_eq!(strings(&line["kinds"]).into_iter().collect::<BTreeSet<_>>(), found, "{id}");
        assert_eq!(line.get("of").map(|of| of.as_str().unwrap().to_owned()), original, "{id}");
    }
    // 480 are expected; the bounds are four standard deviations away.
    assert!((394..=566).contains(&truth.len()), "{}", truth.len());
    for kind in KINDS {
        let expected = kind.per_ten_thousand as usize * 12 / 10;
        // Each may also come second.
        let bounds = (expected - 4 * expected.isqrt())..=(expected * 6 / 5 + 4 * expected.isqrt());
        let count = counts.get(kind.name).copied().unwrap_or_default();
        assert!(count > 0 && bounds.contains(&count), "{}: {count}, expected {bounds:?}", kind.name);
    }
}

#[test]
fn a_copy_has_the_digest_of_its_original_and_a_near_one_most_of_its_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("posts.jsonl");
    let (posts, truth) = made(5, 1, 4_000, Form::Jsonl);
    fs::write(&path, posts).unwrap();
    let posts: HashMap<String, Post> =
        read(&[path]).into_iter().map(|post| (post.id.as_str().to_owned(), post)).collect();
    let mut seen = [0, 0];
    for line in lines(&truth).iter().filter(|line| line.get("of").is_some()) {
        let (copy, original) = (&posts[line["id"].as_str().unwrap()], &posts[line["of"].as_str().unwrap()]);
        if line["kinds"][0] == "exact_duplicate" {
            seen[0] += 1;
            assert_eq!(copy.digest(), original.digest(), "{}", copy.id);
        } else {
            seen[1] += 1;
            assert!(copy.title.starts_with(&original.title) && copy.title.len() > original.title.len());
            let words =
                |post: &Post| post.body.split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>();
            let (copied, first) = (words(copy), words(original));
            let common = copied.intersection(&first).count();
            assert!(common * 10 >= copied.union(&first).count() * 9, "{}", copy.id);
            assert!(copy.body.len() > original.body.len());
            assert_ne!(
                (copy.get("hash"), copy.get("reference")),
                (original.get("hash"), original.get("reference"))
            );
        }
    }
    assert!(seen.iter().all(|count| *count > 5), "{seen:?}");
}

#[test]
fn every_layout_is_read_as_the_same_posts() {
    let folder = tempfile::tempdir().unwrap();
    let (jsonl, json, pages) =
        (folder.path().join("a.jsonl"), folder.path().join("a.json"), folder.path().join("pages"));
    let (first, count) = (401, 1_200);
    let (posts, truth) = made(1, first, count, Form::Jsonl);
    fs::write(&jsonl, posts).unwrap();
    fs::write(&json, made(1, first, count, Form::Json).0).unwrap();
    fs::create_dir(&pages).unwrap();
    let mut page_truth = Vec::new();
    let output = &mut Output { name: "truth".to_owned(), to: &mut page_truth };
    write_pages(&Request { seed: 1, first, count }, &pages, Some(output), &mut |_| {}).unwrap();
    assert_eq!(page_truth, truth);
    let kinds: BTreeSet<String> = lines(&truth)
        .iter()
        .flat_map(|line| strings(&line["kinds"]).into_iter().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    assert_eq!(kinds.len(), KINDS.len(), "{kinds:?}");
    assert_eq!(fs::read_dir(pages.join("0000")).unwrap().count(), 600);
    assert_eq!(fs::read_dir(pages.join("0001")).unwrap().count(), 600);

    let posts = read(&[jsonl]);
    assert_eq!(posts.len(), 1_200);
    assert!(read(&[json]) == posts, "the list holds the same posts");
    for (page, post) in read(&[pages]).iter().zip(&posts) {
        assert_eq!(page, post);
    }
    let flawed: BTreeSet<String> =
        lines(&truth).iter().map(|line| line["id"].as_str().unwrap().to_owned()).collect();
    for post in posts.iter().filter(|post| !flawed.contains(post.id.as_str())) {
        assert_eq!(post.contradictions(), [], "{}", post.id);
    }
}

#[test]
fn posts_are_as_different_as_real_ones() {
    let (posts, _) = made(11, 1, 5_000, Form::Jsonl);
    let bytes = posts.len() / 5_000;
    assert!((4_000..5_000).contains(&bytes), "{bytes} bytes a post");
    let posts = lines(&posts);
    let share =
        |passes: &dyn Fn(&Value) -> bool| posts.iter().filter(|post| passes(post)).count() * 1000 / 5_000;
    let foreign = share(&|post| !post["title"].as_str().unwrap().is_ascii());
    assert!((50..70).contains(&foreign), "{foreign} of a thousand in other scripts");
    let body_too = share(&|post| {
        !post["title"].as_str().unwrap().is_ascii()
            && post["body"].as_str().unwrap().split("\n\n").next().is_some_and(|opening| !opening.is_ascii())
    });
    assert_eq!(body_too, foreign);
    let stacks: BTreeSet<&str> = posts.iter().map(|post| post["stack"][0].as_str().unwrap()).collect();
    assert!(stacks.len() > 35, "{}", stacks.len());

    // Bell-shaped: within ten of the mean stand half of them, and hardly any at the ends.
    let quality: Vec<i64> = posts.iter().map(|post| post["score"]["quality"].as_i64().unwrap()).collect();
    let mean = quality.iter().sum::<i64>() / 5_000;
    let near = quality.iter().filter(|score| (*score - mean).abs() <= 10).count();
    let far = quality.iter().filter(|score| (*score - mean).abs() > 30).count();
    assert!((55..75).contains(&mean), "{mean}");
    assert!((2_200..3_200).contains(&near) && (20..500).contains(&far), "{near} near, {far} far");
    // Correlated: a good text is mostly a clear one.
    let clear = |range: std::ops::Range<i64>| {
        let all: Vec<i64> = posts
            .iter()
            .filter(|post| range.contains(&post["score"]["quality"].as_i64().unwrap()))
            .map(|post| post["score"]["clarity"].as_i64().unwrap())
            .collect();
        all.iter().sum::<i64>() / i64::try_from(all.len()).unwrap()
    };
    let (low, high) = (clear(0..mean - 10), clear(mean + 10..101));
    assert!(high - low > 15, "{low} and {high}");
}

#[test]
fn the_readme_names_every_kind_and_its_share() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    for kind in KINDS {
        let (whole, rest) = (kind.per_ten_thousand / 100, kind.per_ten_thousand % 100);
        let row = format!("| `{}` | {whole}.{rest:02} % |", kind.name);
        assert!(readme.contains(&row), "expected in README.md: {row}");
    }
}

#[test]
fn the_command_writes_what_the_library_makes() {
    let shell = Shell::empty();
    let (posts, truth) = made(4, 11, 300, Form::Jsonl);
    let said = fine(shell.run("generate --count 300 --seed 4 --first 11 --out a.jsonl --truth t.jsonl"));
    assert_eq!(said, "300 posts in a.jsonl\n");
    assert_eq!(fs::read(shell.path("a.jsonl")).unwrap(), posts);
    assert_eq!(fs::read(shell.path("t.jsonl")).unwrap(), truth);
    assert_eq!(fine(shell.run("generate --count 300 --seed 4 --first 11 --out -")).into_bytes(), posts);
    assert_eq!(
        fine(shell.run("generate --count 300 --seed 4 --first 11 --as json --out -")).into_bytes(),
        made(4, 11, 300, Form::Json).0
    );
    fine(shell.run("generate --count 30 --seed 4 --first 11 --as pages --out pages"));
    assert_eq!(fine(shell.run("check pages")), "30 posts, no problem\n");
    assert_eq!(fine(shell.run("generate --count 1 --out -")).into_bytes(), made(1, 1, 1, Form::Jsonl).0);
    for threads in ["1", "3"] {
        let mut command = shell.command("generate --count 300 --seed 4 --first 11 --out -");
        assert!(
            command.env("RAYON_NUM_THREADS", threads).output().unwrap().stdout == posts,
            "{threads} threads"
        );
    }
    assert_eq!(shell.names(), ["a.jsonl", "pages", "t.jsonl"]);
}

#[test]
fn what_is_there_is_not_overwritten() {
    let shell = Shell::empty();
    for name in ["a.jsonl", "t.jsonl"] {
        fs::write(shell.path(name), "precious").unwrap();
    }
    fs::create_dir(shell.path("pages")).unwrap();
    fs::write(shell.path("pages/mine.txt"), "precious").unwrap();
    shell.refused("generate --count 5 --out a.jsonl", "a.jsonl exists and is kept as it is");
    shell.refused("generate --count 5 --out new.jsonl --truth t.jsonl", "--force");
    shell.refused("generate --count 5 --as pages --out pages", "pages exists");
    shell.refused("generate --count 5 --as pages --out a.jsonl --force", "is no folder");
    shell.refused("generate --count 5 --out pages --force", "is no regular file");
    for name in ["a.jsonl", "t.jsonl", "pages/mine.txt"] {
        assert_eq!(fs::read_to_string(shell.path(name)).unwrap(), "precious");
    }
    assert_eq!(shell.names(), ["a.jsonl", "pages", "t.jsonl"]);
    fine(shell.run("generate --count 5 --out a.jsonl --truth t.jsonl --force"));
    fine(shell.run("generate --count 5 --as pages --out pages --force"));
    assert_eq!(fs::read(shell.path("a.jsonl")).unwrap(), made(1, 1, 5, Form::Jsonl).0);
    assert_eq!(fs::read_to_string(shell.path("pages/mine.txt")).unwrap(), "precious");
    assert!(shell.path("pages/0000/inkwell-0000005.txt").exists());
    assert_eq!(shell.names(), ["a.jsonl", "pages", "t.jsonl"]);
}

#[test]
fn what_cannot_be_done_is_refused_in_a_sentence() {
    let shell = Shell::empty();
    shell.refused("generate --count 0 --out a.jsonl", "0 is not in 1..=1000000000");
    shell.refused("generate --count many --out a.jsonl", "invalid value 'many'");
    shell.refused("generate --count 1 --first 0 --out a.jsonl", "0 is not in 1..");
    shell.refused("generate --count 1", "--out");
    shell.refused("generate --out a.jsonl", "--count");
    shell.refused("generate --count 1 --as pages --out -", "name a folder");
    shell.refused("generate --count 1 --out a.jsonl --truth a.jsonl", "a file each");
    shell.refused("generate --count 1 --out a.jsonl --truth -", "a file of its own");
    shell.refused("generate --count 1 --out nowhere/a.jsonl", "cannot make nowhere/a.jsonl");
    shell.refused("generate --count 1 --as pages --out nowhere/pages", "cannot make nowhere/pages");
    assert_eq!(shell.names(), [""; 0]);
}

#[test]
fn a_reader_that_has_seen_enough_ends_it() {
    let shell = Shell::empty();
    let mut child = shell
        .command("generate --count 100000000 --out - --truth t.jsonl")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut start = [0; 20];
    child.stdout.take().unwrap().read_exact(&mut start).unwrap();
    assert_eq!(&start, b"{\"id\":\"inkwell-00000");
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), &b""[..]));
    // The truth about posts that were not all written is not one.
    assert_eq!(shell.names(), [""; 0]);
}
