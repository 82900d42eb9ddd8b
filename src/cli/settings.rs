//! The file of settings: where it is, reading it whatever it is, and `copydesk config`.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};

use super::args::Desk;
use super::kept::refuse_decisions;
use super::output::complain;
use super::{Ending, config, queries};
use crate::app::Config;
use crate::generate::NewFile;
use crate::model::safe;

/// A file of settings that is longer is none. Unit: bytes.
const MAX_BYTES: u64 = 1 << 20;
/// Its name in the folder of settings.
const FILE: &str = "config.toml";

/// See, write or check the file of settings
#[derive(Debug, clap::Args)]
pub(super) struct ConfigArgs {
    /// The file of settings to use instead of the one in the config folder
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: ConfigCommand,
}

/// What can be done with it.
#[derive(Clone, Copy, Debug, clap::Subcommand)]
enum ConfigCommand {
    /// Print where it is
    Path,
    /// Write one that says all that can be said
    Init {
        /// Replace the one that is there. Never a file that is none of settings
        #[arg(long)]
        force: bool,
    },
    /// Print every mistake in it and in the named queries beside it; exit 1 if any
    Check,
}

/// What the file says. Without one, what is built in; the name of the file is blank then.
pub(super) fn load(desk: &Desk) -> anyhow::Result<(String, Config)> {
    let Some(path) = path(desk.config.as_deref()) else { return Ok((String::new(), Config::default())) };
    let name = path.to_string_lossy().into_owned();
    match read(&path) {
        Some(config) => Ok((name, config)),
        None if desk.config.is_some() => {
            bail!("--config {}: there is no such file; copydesk config init writes one", safe(&name))
        }
        None => Ok((String::new(), Config::default())),
    }
}

/// What a command that decides wants to know before it does: the mistakes in the settings are told, and where they
/// leave open who decides, nothing is decided.
pub(super) fn before_deciding(desk: &Desk) -> anyhow::Result<()> {
    let (_, Config { mistakes, doubt, .. }) = load(desk)?;
    if let Some(doubt) = doubt.filter(|_| desk.reviewer.is_none()) {
        bail!(
            "nobody knows who decides, because of a mistake in the settings: {doubt}\n\
             Mend it, or say who with --reviewer NAME; nothing was decided"
        );
    }
    if let Some(first) = mistakes.first() {
        let count = match mistakes.len() {
            1 => "a mistake in the settings".to_owned(),
            count => format!("{count} mistakes in the settings, the first"),
        };
        complain(&format!("copydesk: {count}: {first}; copydesk config check tells all"));
    }
    Ok(())
}

pub(super) fn path(given: Option<&Path>) -> Option<PathBuf> {
    given.map(Path::to_owned).or_else(|| config::config_dir().map(|folder| folder.join(FILE)))
}

/// What a file says, `None` where there is none. Whatever else stands there costs one warning.
fn read(path: &Path) -> Option<Config> {
    let name = path.to_string_lossy();
    match read_text(path) {
        Ok(text) => text.map(|text| Config::parse(&name, &text)),
        Err(found) => Some(Config::unread(&name, &found, "the built-in settings hold")),
    }
}

/// The text of a file, `None` where there is none, or what stands there instead. Nothing that could block
/// is waited for.
pub(super) fn read_text(path: &Path) -> Result<Option<String>, String> {
    let refused = |error: std::io::Error| format!("a file that cannot be read ({error})");
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::CLOEXEC;
    let file = match OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        other => other.map_err(refused)?,
    };
    let metadata = file.metadata().map_err(refused)?;
    if !metadata.is_file() {
        return Err("something that is no file".to_owned());
    }
    let mut bytes = Vec::new();
    if metadata.len() <= MAX_BYTES {
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(refused)?;
    }
    if metadata.len().max(bytes.len() as u64) > MAX_BYTES {
        return Err("a file of more than a megabyte".to_owned());
    }
    let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
    text.map(Some).ok_or_else(|| "bytes that are no text".to_owned())
}

pub(super) fn run(args: &ConfigArgs) -> anyhow::Result<Ending> {
    let path = path(args.config.as_deref())
        .context("there is no home folder; say --config FILE or set COPYDESK_CONFIG_DIR")?;
    let name = safe(&path.to_string_lossy()).to_string();
    let mut out = std::io::stdout().lock();
    match args.command {
        ConfigCommand::Path => say!(out, "{name}")?,
        ConfigCommand::Init { force } => {
            init(&path, force)?;
            say!(out, "wrote {name}")?;
        }
        ConfigCommand::Check => {
            return check(&path);
        }
    }
    Ok(Ending::Fine)
}

/// Tells every mistake in a file of settings and in the named queries beside it.
fn check(path: &Path) -> anyhow::Result<Ending> {
    let queries = queries::beside(path);
    let settings = read(path).map(|config| (path, config.mistakes));
    let named = queries::read(&queries).map(|file| (queries.as_path(), file.mistakes));
    if settings.is_none() {
        let name = safe(&path.to_string_lossy()).to_string();
        ensure!(named.is_some(), "{name}: there is no such file; copydesk config init writes one");
        say!(std::io::stdout(), "{name}: there is no such file, so the built-in settings hold")?;
    }
    let mut ending = Ending::Fine;
    let mut out = std::io::stdout().lock();
    for (file, mistakes) in settings.into_iter().chain(named) {
        for mistake in &mistakes {
            say!(out, "⚠ {mistake}")?;
        }
        let (name, count) = (file.to_string_lossy(), mistakes.len());
        say!(out, "{}: {count} {}", safe(&name), if count == 1 { "mistake" } else { "mistakes" })?;
        if count > 0 {
            ending = Ending::Wanting;
        }
    }
    Ok(ending)
}

/// Writes the documented file. What stands there is not replaced unless that is asked for.
fn init(path: &Path, force: bool) -> anyhow::Result<()> {
    let name = safe(&path.to_string_lossy()).to_string();
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("the folder of {name} could not be made"))?;
    }
    refuse_decisions("--config", path)?;
    if let Ok(there) = path.symlink_metadata() {
        ensure!(force, "{name} is there already; --force replaces it");
        ensure!(there.is_file(), "{name} is no file, so it is not replaced");
        let is_ours = read_text(path).is_ok_and(|text| text.is_none_or(|text| Config::is_meant_by(&text)));
        ensure!(
            is_ours,
            "{name} is no file of settings, so it is not replaced; name another, or move it away"
        );
    }
    // Beside it first: where there is no room, the old one stays.
    let mut file = NewFile::create(path, force)?;
    file.file()
        .write_all(Config::documented().as_bytes())
        .with_context(|| format!("{name} could not be written"))?;
    Ok(file.finish_on_disk()?)
}
