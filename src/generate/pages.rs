//! Many posts as a folder of pages, one post a file, a thousand files a sub-folder.

use std::fs;
use std::path::Path;

use rayon::prelude::*;

use super::{GenerateError, Output, Plan, Request, post, truth};
use crate::corpus::format::{Context, FORMATS, parse, write_page};

/// How many pages a sub-folder gets: few enough for every program that lists folders.
const PAGES_PER_FOLDER: u64 = 1_000;

/// Writes the posts as pages into `folder`, which is there. The sub-folder of a page follows from
/// its index, so that another part of the same corpus goes where it belongs.
///
/// A page is made from the JSON of its post by the project's own reader and writer: so it is the
/// same post, whatever either of them thinks of a line.
pub(super) fn write(
    request: &Request,
    folder: &Path,
    mut truth: Option<&mut Output<'_>>,
    progress: &mut dyn FnMut(u64),
) -> Result<(), GenerateError> {
    let mut start = request.first;
    while start < request.end() {
        let group = (start - 1) / PAGES_PER_FOLDER;
        let end = request.end().min((group + 1) * PAGES_PER_FOLDER + 1);
        let folder = folder.join(format!("{group:04}"));
        let unwritten = |path: &Path, error| GenerateError::Unwritten {
            name: path.to_string_lossy().into_owned(),
            error,
        };
        fs::create_dir_all(&folder).map_err(|error| unwritten(&folder, error))?;
        (start..end).into_par_iter().try_for_each_init(Vec::new, |record, index| {
            let path = folder.join(format!("{}.txt", post::id(index)));
            fs::write(&path, page(record, request.seed, index)?).map_err(|error| unwritten(&path, error))
        })?;
        if let Some(truth) = truth.as_deref_mut() {
            let mut lines = Vec::new();
            (start..end).for_each(|index| truth::write(&mut lines, index, &Plan::of(request.seed, index)));
            truth.write(&lines)?;
        }
        start = end;
        progress(start - request.first);
    }
    Ok(())
}

fn page(record: &mut Vec<u8>, seed: u64, index: u64) -> Result<String, GenerateError> {
    record.clear();
    post::write(record, seed, index);
    let unreadable = |found| GenerateError::Unreadable { id: post::id(index), found };
    let json = FORMATS.iter().find(|format| format.name == "jsonl");
    let format = json.ok_or_else(|| unreadable("no reader of JSONL".to_owned()))?;
    let read = parse(record, &Context { format, stem: None, finished: true });
    let (post, _) = read.map_err(|fault| unreadable(fault.found))?;
    Ok(write_page(&post))
}
