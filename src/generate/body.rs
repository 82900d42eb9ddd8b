//! The article of a post, written block by block as the inside of a JSON string.

use std::ops::Range;

use super::random::{Deck, Random};
use super::theme::Theme;
use super::words::{
    AFTERTHOUGHTS, CAPTIONS, CHECKS, CLOSINGS, HEADINGS, LAST_HEADINGS, LIST_HEADINGS, OPENINGS, PICTURES,
    SENTENCES,
};

/// Technical text is read more slowly than a novel: commands and figures stop the eye. Unit: words.
const WORDS_PER_MINUTE: u64 = 110;

/// A line feed inside a JSON string.
const LINE_FEED: &[u8] = b"\\n";

/// What opens an item of a list.
const BULLET: &[u8] = "  • ".as_bytes();

/// The items of a checklist.
#[derive(Clone)]
pub(super) struct Checklist {
    deck: Deck,
    count: u32,
}

impl Checklist {
    pub(super) fn new(random: &mut Random) -> Self {
        Self { deck: Deck::new(CHECKS, random), count: random.between(4, 7) }
    }

    /// The same ones each time.
    pub(super) fn items(&self) -> impl Iterator<Item = &'static str> + use<> {
        let mut deck = self.deck.clone();
        (0..self.count).map(move |_| deck.draw())
    }
}

/// What has to be known of a body while the rest of its post is written.
#[derive(Default)]
pub(super) struct Body {
    /// Where the first paragraph stands in the record.
    pub(super) opening: Range<usize>,
    /// Where the caption of each picture stands.
    pub(super) captions: Vec<Range<usize>>,
    pub(super) paragraphs: u64,
    /// How long it takes to read. Unit: minutes.
    pub(super) minutes: u64,
}

/// Writes a body; the pictures in it come from these hosts. `echo` is where a text that was there
/// before gets a sentence more, as a number of its paragraph.
pub(super) fn write(
    out: &mut Vec<u8>,
    theme: &Theme,
    hosts: &[&str],
    checklist: &Checklist,
    echo: Option<Echo>,
    random: &mut Random,
) -> Body {
    let start = out.len();
    let script = theme.script.map(|script| (Deck::new(script.sentences, random), script.gap));
    let sentences = Deck::new(SENTENCES, random);
    let mut writer =
        Writer { out, theme, random, sentences, script, echo, body: Body::default(), lines: 0, bullets: 0 };
    writer.article(hosts, checklist);
    let Writer { mut body, lines, bullets, .. } = writer;
    let text = out.get(start..).unwrap_or_default();
    let blanks = memchr::memchr_iter(b' ', text).count() as u64;
    let words = blanks - bullets * BULLET_BLANKS + lines;
    body.minutes = words.div_ceil(WORDS_PER_MINUTE);
    body
}

/// How many blanks of a line belong to its bullet.
const BULLET_BLANKS: u64 = 3;

/// The sentence more of a near duplicate.
#[derive(Clone, Copy)]
pub(super) struct Echo {
    paragraph: u64,
    sentence: &'static str,
}

impl Echo {
    pub(super) fn new(random: &mut Random) -> Self {
        // Every article has more than three paragraphs.
        Self { paragraph: u64::from(random.below(4)), sentence: random.pick(AFTERTHOUGHTS) }
    }
}

struct Writer<'w> {
    out: &'w mut Vec<u8>,
    theme: &'w Theme,
    random: &'w mut Random,
    sentences: Deck,
    script: Option<(Deck, &'static str)>,
    echo: Option<Echo>,
    body: Body,
    lines: u64,
    bullets: u64,
}

impl Writer<'_> {
    fn article(&mut self, hosts: &[&str], checklist: &Checklist) {
        let mut headings = Deck::new(HEADINGS, self.random);
        let mut pictures = Deck::new(PICTURES, self.random);
        let mut captions = Deck::new(CAPTIONS, self.random);
        let mut hosts = hosts.iter();
        let mut picture = |writer: &mut Self| {
            if let Some(host) = hosts.next() {
                writer.picture(pictures.draw(), captions.draw(), host);
            }
        };
        let opening = self.random.pick(OPENINGS);
        self.paragraph(Some(opening), 2);
        picture(self);
        for _ in 0..self.random.between(2, 3) {
            self.line(headings.draw());
            for _ in 0..self.random.between(1, 3) {
                let sentences = self.random.between(2, 3);
                self.paragraph(None, sentences);
            }
            picture(self);
        }
        let heading = self.random.pick(LIST_HEADINGS);
        self.line(heading);
        self.list(checklist);
        let heading = self.random.pick(LAST_HEADINGS);
        self.line(heading);
        let closing = self.random.pick(CLOSINGS);
        self.paragraph(Some(closing), 0);
    }

    fn gap(&mut self) {
        if self.lines > 0 {
            self.out.extend_from_slice(LINE_FEED);
            self.out.extend_from_slice(LINE_FEED);
        }
        self.lines += 1;
    }

    fn line(&mut self, text: &str) {
        self.gap();
        self.theme.write(self.out, text, self.random);
    }

    /// A paragraph of its first sentence, if it has a certain one, and some others. Every second one
    /// of a post in another language is in that language.
    fn paragraph(&mut self, first: Option<&str>, sentences: u32) {
        self.gap();
        let start = self.out.len();
        let number = self.body.paragraphs;
        let first = first.filter(|_| self.script.is_none());
        if let Some(first) = first {
            self.theme.write(self.out, first, self.random);
        }
        let foreign = number.is_multiple_of(2);
        let mut gap = if first.is_some() { " " } else { "" };
        for _ in 0..sentences.max(u32::from(first.is_none())) {
            let (sentence, next_gap) = match &mut self.script {
                Some((deck, gap)) if foreign => (deck.draw(), *gap),
                _ => (self.sentences.draw(), " "),
            };
            self.out.extend_from_slice(gap.as_bytes());
            self.theme.write(self.out, sentence, self.random);
            gap = next_gap;
        }
        if let Some(echo) = self.echo.filter(|echo| echo.paragraph == number) {
            self.out.push(b' ');
            self.out.extend_from_slice(echo.sentence.as_bytes());
        }
        if number == 0 {
            self.body.opening = start..self.out.len();
        }
        self.body.paragraphs += 1;
    }

    fn picture(&mut self, alt: &str, caption: &str, host: &str) {
        self.line(alt);
        self.out.extend_from_slice(LINE_FEED);
        self.lines += 1;
        let start = self.out.len();
        self.theme.write(self.out, caption, self.random);
        self.body.captions.push(start..self.out.len());
        self.out.extend_from_slice(b". image source: ");
        self.out.extend_from_slice(host.as_bytes());
    }

    fn list(&mut self, checklist: &Checklist) {
        self.gap();
        for (number, item) in checklist.items().enumerate() {
            if number > 0 {
                self.out.extend_from_slice(LINE_FEED);
                self.lines += 1;
            }
            self.out.extend_from_slice(BULLET);
            self.out.extend_from_slice(item.as_bytes());
            self.bullets += 1;
        }
    }
}
