//! Searching the article that is being read.

use super::{App, KeyCode, KeyPress, Line, Pane, Prompt};
use crate::corpus::search::Sought;

/// Words of an item that are shorter say little about where it is met. Unit: characters.
const TELLING: usize = 4;

/// What is sought in the article, and goes on being sought in the next ones.
#[derive(Clone, Debug)]
pub struct Search {
    /// As it was typed.
    pub text: String,
    pub(super) sought: Sought,
}

impl App {
    pub(super) fn open_search(&mut self) {
        let before = self.search.clone();
        let line = Line::new(before.as_ref().map_or("", |search| &search.text));
        self.prompt = Some(Prompt::Search { line, before });
    }

    pub(super) fn press_in_search(&mut self, mut line: Line, before: Option<Search>, key: KeyPress) {
        if key.code == KeyCode::Enter {
            return;
        }
        if line.press(key) {
            self.seek(line.text());
        }
        self.prompt = Some(Prompt::Search { line, before });
    }

    pub(super) fn paste_in_search(&mut self, text: &str) {
        if let Some(Prompt::Search { line, .. }) = &mut self.prompt
            && line.paste(text)
        {
            let text = line.text().to_owned();
            self.seek(&text);
        }
    }

    /// Seeks these words, as they stand; nothing where there are none.
    fn seek(&mut self, text: &str) {
        let sought = Sought::words(text).ok().filter(|_| !text.trim().is_empty());
        self.set_search(sought.map(|sought| Search { text: text.to_owned(), sought }));
        self.to_hit = self.search.is_some();
    }

    pub(super) fn set_search(&mut self, search: Option<Search>) {
        self.search = search;
        self.detail.unset();
        self.detail.forget_hit();
    }

    /// Seeks the words of the chosen item of the checklist in the article.
    pub(super) fn find_item(&mut self) {
        let post = self.detail.post.clone();
        let Some(item) = post.as_ref().and_then(|post| post.checklist().nth(self.detail.item)) else {
            self.say("This post has no checklist");
            return;
        };
        let words = || item.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let telling: Vec<&str> = words().filter(|word| word.chars().count() >= TELLING).collect();
        let words = if telling.is_empty() { words().collect() } else { telling };
        // Letters and digits mean themselves in a pattern.
        let sought = Sought::pattern(&format!("(?i)\\b(?:{})", words.join("|"))).ok();
        let Some(sought) = sought.filter(|_| !words.is_empty()) else {
            self.say("This item has no words to be found");
            return;
        };
        self.set_search(Some(Search { text: item.to_owned(), sought }));
        self.to_hit = true;
        self.focus = Pane::Article;
    }

    /// Goes to the first place of a new search, now that the article is set.
    pub(super) fn go_to_first_hit(&mut self) {
        if std::mem::take(&mut self.to_hit) {
            self.go_to_hit(true);
        }
    }
}
