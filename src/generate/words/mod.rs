//! The vocabulary. Text without quotes, backslashes and control characters, so that it stands in
//! JSON as it is.
//!
//! A `%` and a letter is a slot: `%s` what the post is about (`testing slow queries`), `%o` its
//! object alone, `%k` the stack, `%l` its language, `%a` its area, `%t` one of its tools, `%w` the
//! setting, `%n` a small number.

mod meta;
mod prose;
mod scripts;
mod stacks;
mod titles;

pub(super) use meta::{
    ACTIONS, BRIEFS, CAPTIONS, CHECKS, HOSTS, NOTES, PICTURES, PLACEHOLDERS, REVISED, SUMMARIES, TOOLS,
};
pub(super) use prose::{
    AFTERTHOUGHTS, CLOSINGS, HEADINGS, LAST_HEADINGS, LIST_HEADINGS, OPENINGS, SENTENCES,
};
pub(super) use scripts::{SCRIPTS, Script};
pub(super) use stacks::{STACKS, Stack};
pub(super) use titles::{OBJECTS, SETTINGS, TITLES, VERBS};

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// Every list of the vocabulary that is used more than once a post or corpus.
    fn lists() -> Vec<(&'static str, Vec<&'static str>)> {
        let mut lists: Vec<(&str, Vec<&str>)> = vec![
            ("actions", ACTIONS.to_vec()),
            ("briefs", BRIEFS.to_vec()),
            ("captions", CAPTIONS.to_vec()),
            ("checks", CHECKS.to_vec()),
            ("hosts", HOSTS.to_vec()),
            ("notes", NOTES.to_vec()),
            ("pictures", PICTURES.to_vec()),
            ("placeholders", PLACEHOLDERS.to_vec()),
            ("revised", REVISED.to_vec()),
            ("summaries", SUMMARIES.to_vec()),
            ("tools", TOOLS.to_vec()),
            ("afterthoughts", AFTERTHOUGHTS.to_vec()),
            ("closings", CLOSINGS.to_vec()),
            ("headings", HEADINGS.to_vec()),
            ("list headings", LIST_HEADINGS.to_vec()),
            ("last headings", LAST_HEADINGS.to_vec()),
            ("openings", OPENINGS.to_vec()),
            ("sentences", SENTENCES.to_vec()),
            ("objects", OBJECTS.to_vec()),
            ("settings", SETTINGS.to_vec()),
            ("titles", TITLES.to_vec()),
            ("verbs", VERBS.to_vec()),
        ];
        for script in SCRIPTS {
            lists.push(("a script", script.titles.to_vec()));
            lists.push(("a script", script.sentences.to_vec()));
        }
        for stack in STACKS {
            lists.push((stack.name, stack.tools.to_vec()));
            lists.push((stack.name, vec![stack.name, stack.language, stack.area]));
        }
        lists
    }

    #[test]
    fn every_text_stands_in_json_as_it_is() {
        for (name, list) in lists() {
            assert!((1..=128).contains(&list.len()), "{name}");
            for text in list {
                let plain = |c: char| !c.is_control() && !matches!(c, '"' | '\\');
                assert!(text.chars().all(plain), "{name}: {text}");
                let tidy = text.split(' ').all(|word| !word.is_empty() && word.trim() == word);
                assert!(tidy, "{name}: {text}");
                assert!(text.split_whitespace().count() == text.split(' ').count(), "{name}: {text}");
                for behind in text.split('%').skip(1) {
                    assert!(behind.starts_with(['s', 'o', 'k', 'a', 'l', 'w', 't', 'n']), "{name}: {text}");
                }
            }
        }
    }

    #[test]
    fn nothing_stands_in_a_list_twice() {
        for (name, list) in lists().into_iter().filter(|(name, _)| STACKS.iter().all(|s| s.name != *name)) {
            let distinct: HashSet<&str> = list.iter().copied().collect();
            assert_eq!(distinct.len(), list.len(), "{name}");
        }
    }

    #[test]
    fn prose_ends_as_a_sentence_and_headings_do_not() {
        let ends = ['.', '。', '؟', '?', '!', '؛'];
        let scripts = SCRIPTS.iter().flat_map(|script| script.sentences);
        for text in [OPENINGS, SENTENCES, CLOSINGS, AFTERTHOUGHTS].into_iter().flatten().chain(scripts) {
            assert!(text.ends_with(ends), "{text}");
        }
        for text in [HEADINGS, LIST_HEADINGS, LAST_HEADINGS].into_iter().flatten() {
            assert!(!text.ends_with(ends) && !text.contains(':'), "{text}");
        }
    }
}
