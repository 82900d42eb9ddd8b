//! `copydesk init`: makes git merge review logs line by line.

use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use super::Ending;
use crate::model::safe;

/// Review logs are merged by keeping the lines of both sides, and never converted.
const LINE: &str = "*.reviews*.jsonl -text merge=union";
/// A folder of posts keeps its log under this name.
const IN_FOLDERS: &str = "reviews*.jsonl -text merge=union";

/// Have git merge review logs line by line
#[derive(Debug, clap::Args)]
pub(super) struct InitArgs {
    /// A folder of the repository [default: the current one]
    folder: Option<PathBuf>,
}

pub(super) fn run(args: &InitArgs) -> anyhow::Result<Ending> {
    let folder = args.folder.clone().unwrap_or_else(|| PathBuf::from("."));
    let shown = |path: &Path| safe(&path.to_string_lossy()).to_string();
    ensure!(folder.is_dir(), "{} is no folder; name one of the repository", shown(&folder));
    let root = root_of(&folder).with_context(|| {
        format!(
            "{} is in no git repository; git init makes one, and then say copydesk init again",
            shown(&folder)
        )
    })?;
    let path = root.join(".gitattributes");
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let mut file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .custom_flags(flags.bits().cast_signed())
        .open(&path)
        .with_context(|| format!("{} could not be opened; it must be a file of its own", shown(&path)))?;
    let mut text = String::new();
    file.read_to_string(&mut text).with_context(|| format!("{} could not be read", shown(&path)))?;
    let missing: Vec<&str> = [LINE, IN_FOLDERS]
        .into_iter()
        .filter(|line| !text.lines().any(|other| other.trim() == *line))
        .collect();
    let mut out = std::io::stdout().lock();
    if missing.is_empty() {
        say!(out, "{} says so already", shown(&path))?;
        return Ok(Ending::Fine);
    }
    let seal = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    let lines = format!("{seal}{}\n", missing.join("\n"));
    file.write_all(lines.as_bytes()).with_context(|| format!("{} could not be written", shown(&path)))?;
    file.sync_all().with_context(|| format!("{} could not be brought to the disk", shown(&path)))?;
    for line in missing {
        say!(out, "added to {}: {line}", shown(&path))?;
    }
    say!(out, "commit it, so that it holds for everybody")?;
    Ok(Ending::Fine)
}

/// The folder of the repository: the one with `.git` in it, which is a file in a worktree.
fn root_of(folder: &Path) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    folder.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned)
}
