//! The pictures and tables of the README, made by the program itself. They are compared with what
//! is kept; `COPYDESK_UPDATE=1 cargo test --test it pictures::` makes them anew.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Desk, svg};
use copydesk::app::popup::group_rows;
use copydesk::app::{Group, Keymap, SETTINGS, Settings};
use copydesk::corpus::Sources;
use copydesk::export::COLUMNS;
use copydesk::query::FIELDS;
use copydesk::ui::{Palette, Theme, ThemeChoice};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The sample that is built in, read from its files.
fn sample() -> Sources {
    let folder = root().join("assets/sample");
    let mut pages: Vec<PathBuf> =
        fs::read_dir(folder.join("pages")).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    pages.push(folder.join("posts.jsonl"));
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    Sources::in_memory(pages.iter().map(|path| (name(path), fs::read(path).unwrap())).collect())
}

fn keep(path: &str, made: &str) {
    let path = root().join(path);
    if std::env::var_os("COPYDESK_UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, made).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == made,
        "{} is not what the program shows now: COPYDESK_UPDATE=1 cargo test --test it pictures::",
        path.display()
    );
}

fn picture(name: &str, width: u16, height: u16, keys: &str) {
    let mut desk = Desk::of(sample(), &[]).size(width, height).keys(keys);
    keep(&format!("docs/pictures/{name}.svg"), &svg::draw(desk.draw(), svg::DARK));
}

/// The same on a light background.
fn light_picture(name: &str, width: u16, height: u16, keys: &str) {
    let mut desk = Desk::of(sample(), &[]).size(width, height).keys(keys);
    let theme = Theme::chosen(ThemeChoice::Light, Palette::Sixteen, false);
    keep(&format!("docs/pictures/{name}.svg"), &svg::draw(desk.draw_in(&theme), svg::LIGHT));
}

#[test]
fn pictures_are_what_the_program_shows() {
    picture("desk", 120, 40, "jrrf2sr12<esc>");
    picture("filter", 120, 40, "rjf1/score>=60 err");
    picture("flag", 100, 30, "jjf");
    picture("small", 80, 24, "rjr1<esc>");
    picture("facets", 120, 40, "rjf1F<tab>");
    light_picture("light", 120, 40, "jrrf2sr12<esc>");
}

/// Replaces what stands between two comments of the README.
fn keep_table(name: &str, table: &str) {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let (before, rest) = readme.split_once(&open).unwrap();
    let (_, after) = rest.split_once(&close).unwrap();
    keep("README.md", &format!("{before}{open}{table}{close}{after}"));
}

#[test]
fn the_tables_of_the_readme_are_those_of_the_program() {
    let keymap = Keymap::built_in();
    let mut keys = String::new();
    for group in Group::ALL {
        writeln!(keys, "| **{}** | |\n|---|---|", group.title()).unwrap();
        for (names, row) in group_rows(&keymap, group) {
            let names: Vec<String> = names.split(' ').map(|key| format!("`{key}`")).collect();
            writeln!(keys, "| {} | {} |", names.join(" "), row.help).unwrap();
        }
        keys.push('\n');
    }
    keep_table("keys", &keys);
    let mut settings = "| setting | built in | |\n|---|---|---|\n".to_owned();
    for row in SETTINGS {
        let built_in = row.written(&Settings::default());
        writeln!(settings, "| `{}` | `{built_in}` | {} |", row.name, row.help).unwrap();
    }
    keep_table("settings", &settings);
    let mut fields = "| example | finds |\n|---|---|\n".to_owned();
    for field in FIELDS {
        writeln!(fields, "| `{}` | {} |", field.example, field.help).unwrap();
    }
    keep_table("fields", &fields);
    let mut columns = "| column | holds |\n|---|---|\n".to_owned();
    for column in COLUMNS {
        writeln!(columns, "| `{}` | {} |", column.name, column.help).unwrap();
    }
    keep_table("columns", &columns);
}
