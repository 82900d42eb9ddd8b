//! The library between the writer and the C library, built where there is a compiler.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::bench::has;

/// The library, or why there is none.
pub(crate) fn build(folder: &Path) -> Result<PathBuf, String> {
    let Some(compiler) = ["gcc", "cc", "clang"].into_iter().find(|compiler| has(compiler)) else {
        return Err("there is no C compiler (gcc, cc or clang)".to_owned());
    };
    if !cfg!(target_os = "linux") {
        return Err("it is written for Linux".to_owned());
    }
    let library = folder.join("shim.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/crash/shim.c");
    let built = Command::new(compiler)
        .args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"])
        .arg(&library)
        .arg(&source)
        .arg("-ldl")
        .output();
    match built {
        Ok(output) if output.status.success() => Ok(library),
        Ok(output) => Err(format!("{compiler} failed: {}", String::from_utf8_lossy(&output.stderr))),
        Err(error) => Err(format!("{compiler} failed: {error}")),
    }
}

/// What the library is to do; see its source.
pub(crate) fn load(command: &mut Command, library: &Path, settings: &[(&str, &str)]) {
    command.env("LD_PRELOAD", library);
    command.envs(settings.iter().map(|(name, value)| (format!("SHIM_{name}"), *value)));
}
