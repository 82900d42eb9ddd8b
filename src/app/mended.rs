//! A file of TOML with mistakes in it: lines that keep the rest from being read are blanked out.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

/// So often is a text read at most. All lines that are no entry go in the first round; more are needed only for
/// lists and texts without an end, one each.
const MAX_ROUNDS: usize = 32;

/// What takes the place of the head of a table that cannot be read: entries below it belong to none of ours.
const NO_TABLE: &str = "[_]";

/// What is said of a list, or a table in braces, that goes on to the end of the file.
pub(super) const UNCLOSED: &str = "unclosed list";

/// A text as far as it can be read.
pub(super) struct Mended {
    /// With blanks for what cannot be read, so that every place in it is where it was.
    pub(super) text: String,
    /// What cannot be read, at most one a line, in their order.
    pub(super) unread: Vec<Unread>,
    /// Whether everything else can be.
    pub(super) is_whole: bool,
}

/// Something that cannot be read.
pub(super) struct Unread {
    /// Where. Unit: bytes.
    pub(super) at: Range<usize>,
    /// What the reader of TOML says.
    pub(super) why: String,
}

impl Mended {
    /// Finds what cannot be read.
    pub(super) fn of(text: &str) -> Self {
        let lines = Lines::of(text);
        let mut is_told = vec![false; lines.count()];
        let mut mended = Self { text: text.to_owned(), unread: Vec::new(), is_whole: false };
        for round in 1..=MAX_ROUNDS {
            let (lost, errors) = look(&mended.text, &lines);
            mended.is_whole = lost.is_empty();
            let is_last = mended.is_whole || round == MAX_ROUNDS;
            for (line, unread) in errors {
                let is_new = is_told.get(line) == Some(&false);
                if is_new && (is_last || lost.binary_search(&line).is_ok()) {
                    is_told.get_mut(line).into_iter().for_each(|told| *told = true);
                    mended.unread.push(unread);
                }
            }
            if is_last {
                break;
            }
            mended.text = without(&mended.text, &lines, &lost);
        }
        mended.unread.sort_by_key(|unread| unread.at.start);
        mended
    }
}

/// The lines that keep others from being read, in their order, and all that is wrong with each line.
fn look(text: &str, lines: &Lines) -> (Vec<usize>, Vec<(usize, Unread)>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let unread = |error: &toml::de::Error| {
        let at = error.span().unwrap_or_default();
        (lines.at(at.start), Unread { at, why: error.message().to_owned() })
    };
    let mut errors: Vec<(usize, Unread)> = errors.iter().map(unread).collect();
    errors.sort_by_key(|(_, unread)| unread.at.start);
    let mut entries = Vec::new();
    collect(table.get_ref(), &mut entries);
    if let Some((at, value)) = entries.iter().find(|(at, value)| is_unclosed(text.get(at.clone()), value)) {
        let line = lines.at(at.start);
        let why = if matches!(value, DeValue::String(_)) { "unclosed string" } else { UNCLOSED };
        return (vec![line], vec![(line, Unread { at: at.clone(), why: why.to_owned() })]);
    }
    // What has become an entry, and the lines behind the first one of an entry.
    let (mut is_taken, mut goes_on) = (vec![false; lines.count()], vec![false; lines.count()]);
    for (at, _) in &entries {
        let (first, last) = (lines.at(at.start), lines.at(at.end.saturating_sub(1).max(at.start)));
        is_taken.get_mut(first..=last).into_iter().flatten().for_each(|line| *line = true);
        goes_on.get_mut(first + 1..=last).into_iter().flatten().for_each(|line| *line = true);
    }
    let line_of = |line: usize| text.get(lines.range(line)).unwrap_or_default().trim();
    let is_head = |line: usize| line_of(line).starts_with('[') && !line_of(line).contains(']');
    let is_lost = |line: usize| match is_taken.get(line) {
        Some(false) => !line_of(line).is_empty(),
        _ => is_head(line) && goes_on.get(line) == Some(&false),
    };
    // Behind the first of them nothing was made an entry. Others may be fine, unless they are the same.
    let last_of_line = errors.chunk_by(|(a, _), (b, _)| a == b).filter_map(<[_]>::last);
    let mut lost: Vec<(usize, &str)> = last_of_line
        .map(|(line, unread)| (*line, unread.why.as_str()))
        .filter(|(line, _)| is_lost(*line))
        .collect();
    let first_why = lost.first().map(|(_, why)| *why);
    lost.retain(|(line, why)| is_head(*line) || Some(*why) == first_why);
    let lost = lost.into_iter().map(|(line, _)| line).collect();
    (lost, errors)
}

/// All entries, those of tables behind the tables: from where the value begins to where it ends.
fn collect<'a, 'i>(table: &'a DeTable<'i>, entries: &mut Vec<(Range<usize>, &'a DeValue<'i>)>) {
    for (name, value) in table {
        let (name, span) = (name.span(), value.span());
        entries.push((name.start.min(span.start)..span.end.max(name.end), value.get_ref()));
        if let DeValue::Table(table) = value.get_ref() {
            collect(table, entries);
        }
    }
}

/// Whether an entry has swallowed the lines below it, because its value has no end.
fn is_unclosed(entry: Option<&str>, value: &DeValue<'_>) -> bool {
    let Some((_, written)) = entry.and_then(|entry| entry.trim_end().split_once('=')) else { return false };
    let written = written.trim_start();
    let ends = |open: &str, close: &str| {
        written.strip_prefix(open).is_some_and(|rest| rest.contains('\n') && !rest.ends_with(close))
    };
    match value {
        DeValue::Array(_) => ends("[", "]"),
        DeValue::Table(_) => ends("{", "}"),
        DeValue::String(_) => ends("\"\"\"", "\"\"\"") || ends("'''", "'''"),
        _ => false,
    }
}

/// A text with blanks in place of some of its lines. Below the head of a table there is a table still.
fn without(text: &str, lines: &Lines, lost: &[usize]) -> String {
    let (mut rest, mut behind) = (String::with_capacity(text.len()), 0);
    for line in lost {
        let range = lines.range(*line);
        rest.push_str(text.get(behind..range.start).unwrap_or_default());
        behind = range.end;
        let is_head = text.get(range.clone()).is_some_and(|line| line.trim_start().starts_with('['));
        let head = if is_head && range.len() >= NO_TABLE.len() { NO_TABLE } else { "" };
        rest.push_str(head);
        rest.extend(std::iter::repeat_n(' ', range.len() - head.len()));
    }
    rest.push_str(text.get(behind..).unwrap_or_default());
    rest
}

/// Where the lines of a text begin. Unit: bytes.
pub(super) struct Lines {
    starts: Vec<usize>,
    end: usize,
}

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let behind = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self { starts: std::iter::once(0).chain(behind).collect(), end: text.len() }
    }

    fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line that a place is on, from 0.
    pub(super) fn at(&self, place: usize) -> usize {
        self.starts.partition_point(|start| *start <= place).saturating_sub(1)
    }

    /// Where a line is, without its line end.
    pub(super) fn range(&self, line: usize) -> Range<usize> {
        let start = self.starts.get(line).copied().unwrap_or(self.end);
        start..self.starts.get(line + 1).map_or(self.end, |next| next - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of a text, and on which lines something is not.
    fn read(text: &str) -> (Vec<String>, Vec<usize>) {
        let Mended { text: rest, unread, .. } = Mended::of(text);
        assert_eq!(rest.len(), text.len());
        let (table, _) = DeTable::parse_recoverable(&rest);
        let mut entries = Vec::new();
        collect(table.get_ref(), &mut entries);
        let names = table.get_ref().keys().map(|name| name.get_ref().to_string()).collect();
        let lines = Lines::of(text);
        (names, unread.iter().map(|unread| lines.at(unread.at.start) + 1).collect())
    }

    #[test]
    fn a_line_that_cannot_be_read_costs_itself_alone() {
        for (bad, told) in [
            ("py low = \"x\"", 1),
            ("nonsense", 1),
            ("é: 3", 1),
            ("reviewer: mara", 1),
            ("x\ny z\nv: w", 3),
            ("= 3", 1),
            ("mouse = ", 1),
            ("[keys", 1),
            ("[]", 1),
            ("[a.]", 1),
            ("[[x]", 1),
            ("<<<<<<< HEAD", 1),
            ("{\"id\":\"p1\",\"title\":\"t\"}", 1),
            ("l = [\"a\"", 1),
            ("l = [\"a\",\n  \"b\"", 2),
            ("l = {x = 1", 1),
            ("l = \"\"\"x", 1),
            ("l = '''x", 1),
            ("l = \"x", 1),
            ("l = [[1]\nm = [2\nn o", 3),
        ] {
            let text = format!("first = 1\n{bad}\n# a word\nlast = 'x'\n");
            let (names, lines) = read(&text);
            assert!(names.contains(&"first".to_owned()), "{bad}: {names:?}");
            let is_head = bad.starts_with('[');
            assert!(is_head || names.contains(&"last".to_owned()), "{bad}: {names:?}");
            assert_eq!(lines, (2..2 + told).collect::<Vec<_>>(), "{bad}");
            let (names, lines) = read(&format!("first = 1\r\n{bad}\r\n[t]\r\nlast = 2"));
            assert_eq!((names.contains(&"t".to_owned()), lines.len()), (true, told), "{bad}: {names:?}");
        }
    }

    #[test]
    fn any_number_of_them_is_read_in_few_rounds() {
        for bad in ["a b\n", "=\n", "x\n", "[x\n", "a = [\n", "a = \"\"\"\n", "a: b\nc = [1\n"] {
            let text = format!("first = 1\n{}last = 2\n", bad.repeat(20_000));
            let mended = Mended::of(&text);
            let (table, _) = DeTable::parse_recoverable(&mended.text);
            let has = |name: &str| table.get_ref().keys().any(|known| known.get_ref() == name);
            assert!(has("first") && mended.unread.len() > 10, "{bad}");
            // Below a list or a text without an end for the hundredth time nothing is looked for.
            assert!(!mended.is_whole || has("last") || bad.starts_with('['), "{bad}");
        }
    }
}
