//! Schemes of event data: a codebook says which incidents count, what they are called there and how each column is filled.

mod told;

use std::borrow::Cow;

use blotter_core::codebook::Codebook;
use serde_json::{Map, Value as Json};

use crate::cell::{MARK, cell};
use crate::error::Error;
use crate::options::{Options, Out};
use crate::selection::Selection;
use told::Told;

/// ACLED's columns as CSV.
pub(crate) fn acled(selection: &Selection<'_>, options: &Options, out: &mut Out<'_>) -> Result<(), Error> {
    comma(selection, options, out, "acled-export")
}

/// UCDP GED's columns as CSV.
pub(crate) fn ucdp(selection: &Selection<'_>, options: &Options, out: &mut Out<'_>) -> Result<(), Error> {
    comma(selection, options, out, "ucdp-export")
}

/// GTD's columns as CSV.
pub(crate) fn gtd(selection: &Selection<'_>, options: &Options, out: &mut Out<'_>) -> Result<(), Error> {
    comma(selection, options, out, "gtd-export")
}

/// CSV with HXL's row of hashtags below that of names.
pub(crate) fn hxl(selection: &Selection<'_>, options: &Options, out: &mut Out<'_>) -> Result<(), Error> {
    comma(selection, options, out, "hxl")
}

/// POLECAT's columns, tabs between them, a line an incident.
pub(crate) fn polecat(selection: &Selection<'_>, options: &Options, out: &mut Out<'_>) -> Result<(), Error> {
    let book = book(options, "polecat-export")?;
    table(selection, &book, b'\t', out)
}

/// PLOVER records, one JSON object a line; a dot in the name of a column makes an object of its parts, "[]" a list.
pub(crate) fn plover(selection: &Selection<'_>, options: &Options, out: &mut Out<'_>) -> Result<(), Error> {
    let book = book(options, "plover-export")?;
    let names: Vec<&str> = book.columns().collect();
    selection.each(&mut |item| {
        if let Some(cells) = book.row(&Told::of(item)?) {
            let mut record = Map::new();
            for (name, value) in names.iter().zip(cells) {
                put(&mut record, name, value);
            }
            writeln!(out, "{}", Json::Object(record))?;
        }
        Ok(())
    })
}

/// The mapping: the user's, else the built-in one.
fn book<'o>(options: &'o Options, name: &str) -> Result<Cow<'o, Codebook>, Error> {
    match &options.codebook {
        Some(book) => Ok(Cow::Borrowed(book)),
        None => Codebook::builtin(name).map(Cow::Owned).ok_or_else(|| Error::Refused(format!("no codebook {name}"))),
    }
}

fn comma(selection: &Selection<'_>, options: &Options, out: &mut Out<'_>, name: &str) -> Result<(), Error> {
    if options.mark {
        out.write_all(MARK)?;
    }
    let book = book(options, name)?;
    table(selection, &book, b',', out)
}

fn table(selection: &Selection<'_>, book: &Codebook, delimiter: u8, out: &mut Out<'_>) -> Result<(), Error> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
    let names: Vec<(&str, Option<&str>)> = book.columns().map(named).collect();
    writer.write_record(names.iter().map(|(name, _)| name))?;
    if names.iter().any(|(_, tag)| tag.is_some()) {
        writer.write_record(names.iter().map(|(_, tag)| tag.unwrap_or_default()))?;
    }
    selection.each(&mut |item| {
        if let Some(cells) = book.row(&Told::of(item)?) {
            writer.write_record(cells.iter().map(|value| match delimiter {
                // Readers of tabs often know no quotation marks: a line is a record.
                b'\t' => cell(value).replace(['\t', '\n', '\r'], " "),
                _ => cell(value),
            }))?;
        }
        Ok(())
    })?;
    Ok(writer.flush()?)
}

/// A column's name and, after a bar, its hashtag.
fn named(column: &str) -> (&str, Option<&str>) {
    column.split_once("|#").map_or((column, None), |(name, _)| (name, Some(&column[name.len() + 1..])))
}

/// Puts a value where its name leads: a dot leads into an object, "[]" into a list, which stays empty where nothing is known.
fn put(object: &mut Map<String, Json>, name: &str, value: Json) {
    let (head, rest) = name.split_once('.').map_or((name, None), |(head, rest)| (head, Some(rest)));
    let Some(head) = head.strip_suffix("[]") else {
        return match rest {
            Some(rest) => {
                let inner = object.entry(head).or_insert_with(|| Json::Object(Map::new()));
                inner.as_object_mut().into_iter().for_each(|inner| put(inner, rest, value.clone()));
            }
            None => {
                object.insert(head.to_owned(), value);
            }
        };
    };
    let list = object.entry(head).or_insert_with(|| Json::Array(Vec::new()));
    let Some(list) = list.as_array_mut().filter(|_| !value.is_null()) else { return };
    match (rest, value) {
        (Some(rest), value) => {
            if list.is_empty() {
                list.push(Json::Object(Map::new()));
            }
            list.iter_mut().filter_map(Json::as_object_mut).for_each(|inner| put(inner, rest, value.clone()));
        }
        (None, Json::Array(values)) => list.extend(values),
        (None, value) => list.push(value),
    }
}
